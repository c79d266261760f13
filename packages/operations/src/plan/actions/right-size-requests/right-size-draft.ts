/** The action that gives one workload other requests. */
import { refOf } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { quantitiesOf, sizingName, type Sizing } from '../../capacity/sizing.ts';
import { quantityOf, type ContainerSize, type SizedResource } from '../../capacity/container-size.ts';
import { RIGHT_SIZE } from '../../capacity/right-sizing.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionDraft } from '../../remedy.ts';

const HOUR = 3_600_000;

/** One action per workload, whatever number of its containers change. */
export function rightSizeDraft(sizing: Sizing, planning: Planning): ActionDraft {
  const { workload, containers, evidence, spanMs, notes } = sizing;
  const name = sizingName(sizing);
  return {
    kind: RIGHT_SIZE,
    title: `Right-size requests of ${name}`,
    target: refOf(workload),
    reason: [...containers.flatMap((one) => sentences(one, planning)), ...notes].join(' '),
    evidence,
    confidence: confidenceOf(spanMs),
    changes: [resourcesPatch(sizing)],
    risks: risksOf(sizing),
  };
}

/** A strategic merge patch that names nothing but the amounts that change. */
export function resourcesPatch({ workload, containers }: Pick<Sizing, 'workload' | 'containers'>): Change {
  const inits = new Set(templateOf(workload)?.initContainers.map(({ name }) => name));
  const entries = (isInit: boolean) =>
    containers
      .filter(({ name }) => inits.has(name) === isInit)
      .map(({ name, requests, limits }) => ({
        name,
        resources: {
          ...(Object.keys(requests).length > 0 && { requests: quantitiesOf(requests) }),
          ...(Object.keys(limits).length > 0 && { limits: quantitiesOf(limits) }),
        },
      }));
  const [main, init] = [entries(false), entries(true)];
  const spec = { ...(main.length > 0 && { containers: main }), ...(init.length > 0 && { initContainers: init }) };
  return {
    kind: 'patch',
    target: refOf(workload),
    patch: {
      type: 'strategic',
      patch: {
        spec: workload.kind === 'CronJob' ? { jobTemplate: { spec: { template: { spec } } } } : { template: { spec } },
      },
    },
  };
}

/** A week has seen every day of the week; a day has seen one. */
function confidenceOf(spanMs: number): number {
  return spanMs >= 7 * 24 * HOUR ? 0.95 : spanMs >= 72 * HOUR ? 0.9 : 0.8;
}

function sentences({ name, requests, limits, before, use }: ContainerSize, { policy }: Planning): readonly string[] {
  const { cpuPercentile, cpuMargin, memoryMargin } = policy.rightSizing;
  const days = `${Number((use.spanMs / (24 * HOUR)).toFixed(1))} days`;
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
  const told = (resource: SizedResource, figure: string, used: number, margin: number) =>
    `Container ${name} requests ${quantityOf(resource, before.requests[resource] ?? before.limits[resource] ?? 0)} of ${resource} and used ${readable(resource, used)} ${figure} over ${days} (${use.samples} samples); ${quantityOf(resource, requests[resource] ?? 0)} leaves a margin of at least ${percent(margin)}.`;
  return [
    ...(requests.cpu === undefined
      ? []
      : [
          told('cpu', `at the ${percent(cpuPercentile).replace(' %', 'th')} percentile`, use.cpuMillis ?? 0, cpuMargin),
        ]),
    ...(requests.memory === undefined ? [] : [told('memory', 'at its peak', use.memoryPeakBytes ?? 0, memoryMargin)]),
    ...(Object.keys(limits).length === 0
      ? []
      : ['Its limits come down with its requests, so that it stays Guaranteed.']),
  ];
}

function readable(resource: SizedResource, amount: number): string {
  return resource === 'cpu' ? `${Math.ceil(amount)}m` : `${Math.ceil(amount / 2 ** 20)}Mi`;
}

function risksOf({ containers }: Sizing): NonNullable<ActionDraft['risks']> {
  const isMemory = containers.some(({ requests }) => requests.memory !== undefined);
  return [
    { reason: 'a peak higher than any that was measured finds less CPU reserved for it', adds: 0.02 },
    ...(isMemory
      ? [{ reason: 'memory above the request is the first to go where a node runs short', adds: 0.06 }]
      : []),
  ];
}
