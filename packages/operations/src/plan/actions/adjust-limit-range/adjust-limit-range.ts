/** Bounds of a namespace that its own workloads lie outside of. */
import { amountOf, type Container, type KindMap, type PodSpec, type Quantities } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { violationsOf, withDefaults } from '../../../diagnose/namespaces/limit-ranges.ts';
import { plainRef, quotaText } from '../../capacity/room.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

type LimitRange = KindMap['LimitRange'];
type Item = NonNullable<NonNullable<LimitRange['spec']>['limits']>[number];

const MINUTE = 60_000;

/** Proposes bounds that let in what the refused workloads state, and no more. */
export const adjustLimitRange: ActionKind = {
  kind: 'adjust-limit-range',
  title: 'Adjust a LimitRange',
  explanation:
    'Moves the minimum, maximum, default limit or ratio of a LimitRange just so far that the pods of the workloads that it refuses pass. The bounds are somebody’s decision, who has to agree. It refuses for bounds on whole pods.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the bound that refuses is calculated' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('limit-range-violated', 'limit-range-conflict')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const range = rangeOf(cause, planning);
  if (range === undefined) return undefined;
  const workloads = planning.findingsOf(cause).flatMap(({ resource }) => planning.workloadOf(resource) ?? []);
  const specs = workloads.flatMap((one) => templateOf(one)?.spec ?? []) as unknown as readonly PodSpec[];
  const containers = specs.flatMap((spec) => containersOf(withDefaults(spec, [])));
  const limits = (range.spec?.limits ?? []).map((item) => widened(item, containers));
  const after = { ...range, spec: { limits } } as LimitRange;
  const before = specs.flatMap((spec) => violationsOf(spec, [range])).length;
  if (before === 0 || specs.some((spec) => violationsOf(spec, [after]).length > 0)) return undefined;
  const { name, namespace = '' } = range.metadata;
  const holds = [...new Map(workloads.map((one) => [one.metadata.name, one])).values()].map((one): Condition =>
    one.kind === 'Deployment'
      ? { kind: 'not-refused', target: plainRef(one), by: REFUSAL }
      : { kind: 'available', target: plainRef(one) },
  );
  const title = `Widen LimitRange ${namespace}/${name} for ${workloads
    .map((one) => one.metadata.name)
    .slice(0, 3)
    .join(', ')}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.9,
    drafts: [
      {
        kind: 'adjust-limit-range',
        title,
        target: plainRef(range),
        reason: `${cause.title}. The bounds go just so far that what these workloads state passes; whoever set them has to agree, or the workloads have to state less.`,
        evidence: [
          fieldEvidence(range, 'spec.limits', JSON.stringify(range.spec?.limits ?? [])),
          ...cause.evidence.slice(0, 2),
        ],
        confidence: 0.8,
        changes: [{ kind: 'patch', target: plainRef(range), patch: { type: 'merge', patch: { spec: { limits } } } }],
        ...(holds.length > 0 && { probe: { conditions: holds, withinMs: 20 * MINUTE } }),
        risks: [{ reason: 'the bounds may have been meant as they are', adds: 0.08 }],
      },
    ],
  };
}

/** In each refusal of a bound on containers. Source: plugin/pkg/admission/limitranger (messages "… usage per Container is …") */
const REFUSAL = 'per Container is';

function rangeOf({ resource, explains }: AssessedRootCause, planning: Planning): LimitRange | undefined {
  if (resource.kind === 'LimitRange') {
    const named = planning.object(resource) as LimitRange | undefined;
    const all = planning.snapshot.listIn('LimitRange', resource.namespace);
    return named ?? (all.length === 1 ? all[0] : undefined);
  }
  const name = planning
    .findingsOf({ explains })
    .map(({ facts }) => facts['limitRange'])
    .find((one) => typeof one === 'string');
  return planning.snapshot.get('LimitRange', resource.namespace, String(name ?? ''));
}

function containersOf({ containers, initContainers = [] }: PodSpec): readonly Container[] {
  return [...containers, ...initContainers];
}

/** A bound on containers that takes these in; bounds on anything else stay. */
function widened(item: Item, containers: readonly Container[]): Item {
  if (item.type !== 'Container') return item;
  const stated = (of: 'requests' | 'limits', resource: string) =>
    containers.flatMap(({ resources }) => amountOf(resource, resources?.[of]?.[resource] ?? '') ?? []);
  const both = (resource: string) => [...stated('requests', resource), ...stated('limits', resource)];
  return {
    ...item,
    ...moved('max', item.max, (resource, bound) => Math.max(bound, ...both(resource))),
    ...moved('min', item.min, (resource, bound) => Math.min(bound, ...both(resource))),
    ...moved('default', item.default, (resource, bound) => Math.max(bound, ...stated('requests', resource))),
  };
}

function moved(
  field: 'max' | 'min' | 'default',
  bounds: Quantities | undefined,
  to: (resource: string, bound: number) => number,
) {
  if (bounds === undefined) return {};
  const entries = Object.entries(bounds).map(([resource, written]) => {
    const bound = amountOf(resource, written) ?? 0;
    const next = to(resource, bound);
    return [resource, next === bound ? written : exactText(resource, next)];
  });
  return { [field]: Object.fromEntries(entries) as Record<string, string> };
}

/** Bytes to the byte where they are no whole mebibytes: a bound must not be rounded past what it is to let in. */
function exactText(resource: string, amount: number): string {
  return /memory|storage/.test(resource) && amount % 2 ** 20 !== 0 ? String(amount) : quotaText(resource, amount);
}
