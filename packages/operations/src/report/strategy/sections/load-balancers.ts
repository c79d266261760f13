import { refKey, refText, type ResourceRef } from '@aia/cluster';
import type { Change, LoadBalancer } from '@aia/contract';
import { counted } from '../../counted.ts';
import { paragraph, type Block, type Cell, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { quotaEffectText, summed } from '../wording.ts';

type Row = readonly (string | Cell)[];

const HEAD = ['Service', 'Address, or why not', 'Behind it', 'What becomes of it', 'Quota'];

/** Every Service of type LoadBalancer accounted for: what it holds, what stands behind it, what becomes of it. */
export function loadBalancerPart(view: StrategyView): Section {
  const { loadBalancers } = view.inventory;
  const addressed = loadBalancers.filter(({ addresses }) => addresses.length > 0).length;
  const byTarget = actionsByTarget(view.actions);
  const after = new Map(
    (view.strategy.rehearsal?.inventory?.loadBalancers ?? []).map((one) => [refKey(one.service), one]),
  );
  const isRehearsed = view.strategy.rehearsal?.inventory !== undefined;
  return {
    id: 'load-balancers',
    title: 'Load balancers',
    blocks: [
      ...(loadBalancers.length === 0
        ? []
        : [
            paragraph(
              `${counted(loadBalancers.length, 'Service')} of type LoadBalancer: ${addressed} with an address, ${loadBalancers.length - addressed} waiting${isRehearsed ? `; ${after.size} after the plan` : ''}.`,
            ),
          ]),
      ...tables(loadBalancers, (one) =>
        row(one, byTarget.get(refKey(one.service)) ?? [], isRehearsed, after.get(refKey(one.service))),
      ),
      ...reserving(loadBalancers),
    ],
  };
}

/** Those with an address apart from those that wait for one. */
function tables(all: readonly LoadBalancer[], rowOf: (one: LoadBalancer) => Row): readonly Block[] {
  if (all.length === 0) return [paragraph('No Service of type LoadBalancer was read.')];
  const rows = (those: readonly LoadBalancer[]) => those.map(rowOf);
  const [addressed, waiting] = [true, false].map((has) => all.filter(({ addresses }) => addresses.length > 0 === has));
  return [rows(addressed ?? []), rows(waiting ?? [])]
    .filter((own) => own.length > 0)
    .map((own) => ({ kind: 'table', head: HEAD, rows: own }));
}

/** How addresses in use are kept for their Services; each takes one of quota STATIC_ADDRESSES. */
function reserving(loadBalancers: readonly LoadBalancer[]): readonly Block[] {
  const commands = loadBalancers.flatMap(({ toReserve }) => toReserve ?? []);
  if (commands.length === 0) return [];
  const title = `${commands.length === 1 ? 'The address that is' : `The ${commands.length} addresses that are`} not reserved can be made static while in use, without an interruption`;
  return [{ kind: 'code', title, language: 'sh', code: commands.join('\n') }];
}

/** Actions by the objects that their changes name. */
function actionsByTarget(actions: readonly PlacedAction[]): ReadonlyMap<string, readonly PlacedAction[]> {
  const found = new Map<string, PlacedAction[]>();
  for (const placed of actions)
    for (const target of new Set(placed.action.steps.flatMap(({ change }) => targetOf(change) ?? []).map(refKey)))
      found.set(target, [...(found.get(target) ?? []), placed]);
  return found;
}

function targetOf(change: Change): ResourceRef | undefined {
  return 'target' in change ? change.target : undefined;
}

function row(
  one: LoadBalancer,
  actions: readonly PlacedAction[],
  isRehearsed: boolean,
  then: LoadBalancer | undefined,
): Row {
  const quota = summed(actions.flatMap(({ action }) => action.quota));
  return [
    refText(one.service),
    addressCell(one),
    behindCell(one),
    [fateOf(one, actions), ...(isRehearsed ? [thenText(one, then)] : [])].join('; '),
    quota.length === 0 ? 'unchanged' : quota.map(quotaEffectText).join(', '),
  ];
}

function addressCell({ addresses, waitsBecause, isInternal, reservation }: LoadBalancer): Cell {
  if (addresses.length === 0) return { text: `waits: ${waitsBecause ?? 'nothing was said why'}`, tone: 'bad' };
  const kind = isInternal ? 'internal' : reservation === undefined ? 'not reserved' : `reserved as ${reservation}`;
  return { text: `${addresses.join(', ')} (${kind})`, tone: 'good' };
}

function behindCell({ workloads, readyEndpoints, ports }: LoadBalancer): Cell {
  const ready = readyEndpoints === undefined ? 'readiness not known' : `${readyEndpoints} ready`;
  const who = workloads.length === 0 ? 'nothing' : workloads.join(', ');
  return { text: `${who}; ${ready}; ${ports.join(', ')}`, ...(readyEndpoints === 0 && { tone: 'bad' as const }) };
}

function fateOf({ service }: LoadBalancer, actions: readonly PlacedAction[]): string {
  if (actions.length === 0) return 'stays as it is';
  return actions
    .map(({ action, number }) => {
      const own = action.steps.map(({ change }) => change).filter((change) => isFor(change, service));
      const verb = own.some(({ kind }) => kind === 'delete') ? 'deleted' : (typeOf(own) ?? 'changed');
      return `${verb} (${number})`;
    })
    .join(', ');
}

function isFor(change: Change, service: ResourceRef): boolean {
  const target = targetOf(change);
  return target !== undefined && refKey(target) === refKey(service);
}

/** The type that a patch gives the Service, where it gives one. */
function typeOf(changes: readonly Change[]): string | undefined {
  for (const change of changes) {
    if (change.kind !== 'patch') continue;
    const { patch } = change;
    const type =
      patch.type === 'json'
        ? patch.operations.findLast(({ op, path }) => op !== 'test' && path === '/spec/type')?.value
        : (patch.patch['spec'] as { readonly type?: unknown } | undefined)?.type;
    if (typeof type === 'string') return `becomes ${type}`;
  }
  return undefined;
}

function thenText(now: LoadBalancer, then: LoadBalancer | undefined): string {
  if (then === undefined) return 'no load balancer any more';
  if (then.addresses.length === 0) return 'still waits on the twin';
  return now.addresses.length === 0 ? 'gets its address on the twin' : 'keeps an address on the twin';
}
