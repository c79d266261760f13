/** Right-sizing over a whole cluster: which workloads, in which order, and what comes of it by the scheduling filters. */
import { compare, fitPods, refOf, waitingPods, type KubeObject, type Pod, type SchedulingWorld } from '@aia/cluster';
import type { Planning } from '../planning.ts';
import { draftId } from '../remedy.ts';
import { sharesOf, shrinkIntoBand, type Shares, type Shrinking } from './band.ts';
import type { SizedResource } from './container-size.ts';
import { sizingName, sizingOf, type Sizing } from './sizing.ts';
import { podsByOwner } from './workload-pods.ts';

/** All that could be sized, what frees most first, and what is left alone. */
export interface RightSizing {
  readonly sizings: readonly Sizing[];
  readonly refused: readonly Refused[];
}

/** A workload that keeps its requests, and why. */
export interface Refused {
  readonly workload: KubeObject;
  readonly name: string;
  readonly reason: string;
  /** Whether that is all that is missing. */
  readonly lacksHistory: boolean;
}

/** A cluster after some workloads were sized and the waiting pods were placed. */
export interface Outcome {
  readonly sizings: readonly Sizing[];
  readonly world: SchedulingWorld;
  readonly waiting: readonly Pod[];
  readonly placed: number;
  readonly shares: Shares;
}

export const RIGHT_SIZE = 'right-size-requests';

/** Causes that are about room on the nodes. */
export const ROOM_CAUSES = [
  'requests-exceed-quota',
  'requests-exceed-capacity',
  'quota-exhausted',
  'capacity-exhausted',
  'node-pool-at-maximum',
  'autoscaling-off',
  'stock-out',
  'ip-space-exhausted',
  'scale-up-refused-*',
  'cluster-overcommitted',
  'requests-above-usage',
] as const;

/** What pods lack that wait because of any of {@link ROOM_CAUSES}, and what more is asked of than the band allows. */
export function scarceResources(planning: Planning): ReadonlySet<SizedResource> {
  const { max } = planning.policy.targets.utilisation;
  const shares = sharesOf(planning.examination.world.nodes);
  const lacking = planning
    .causesOf(...ROOM_CAUSES)
    .flatMap((cause) => planning.findingsOf(cause))
    .filter(({ code }) => code === 'pod-unschedulable')
    .flatMap(({ facts }) => (Array.isArray(facts['resources']) ? (facts['resources'] as readonly string[]) : []));
  return new Set(
    (['cpu', 'memory'] as const).filter((resource) => lacking.includes(resource) || shares[resource] > max),
  );
}

/** The nodes that can be given back once everything that may be sized is; `undefined` where none can. */
export function expectedShrinking(planning: Planning): Shrinking | undefined {
  const resources = scarceResources(planning);
  const sizings = resources.size === 0 ? [] : rightSizingOf(planning, resources).sizings;
  const outcome = outcomeOf(sizings, planning);
  return outcome.placed < outcome.waiting.length ? undefined : shrinkIntoBand(outcome.world, planning);
}

const known = new WeakMap<Planning, Map<string, RightSizing>>();

/** Every workload with pods, sized in some resources; those whose action failed on the twin are left out. */
export function rightSizingOf(planning: Planning, resources: ReadonlySet<SizedResource>): RightSizing {
  const key = [...resources].sort().join();
  const cache = known.get(planning) ?? new Map<string, RightSizing>();
  known.set(planning, cache);
  const found = cache.get(key) ?? sizedAll(planning, resources);
  cache.set(key, found);
  return found;
}

function sizedAll(planning: Planning, resources: ReadonlySet<SizedResource>): RightSizing {
  const sizings: Sizing[] = [];
  const refused: Refused[] = [];
  for (const workload of podsByOwner(planning.snapshot).keys()) {
    const outcome = sizingOf(workload, resources, planning);
    const id = draftId({ kind: RIGHT_SIZE, target: refOf(workload) });
    if (outcome.kind === 'sized' && !planning.refuted.has(id)) sizings.push(outcome.sizing);
    if (outcome.kind === 'refused') {
      const { reason, lacksHistory = false } = outcome;
      refused.push({ workload, name: sizingName({ workload }), reason, lacksHistory });
    }
  }
  return {
    sizings: sizings.toSorted(
      (a, b) => weightOf(b, planning) - weightOf(a, planning) || compare(sizingName(a), sizingName(b)),
    ),
    refused: refused.toSorted((a, b) => compare(a.name, b.name)),
  };
}

/** What a sizing frees, as a share of what the nodes offer, over all pods. */
function weightOf({ freed, pods }: Sizing, { examination }: Planning): number {
  const { nodes } = examination.world;
  const offered = (field: 'cpuMillis' | 'memoryBytes') =>
    Math.max(
      1,
      nodes.reduce((sum, { allocatable }) => sum + allocatable[field], 0),
    );
  return pods.length * Math.max(freed.cpuMillis / offered('cpuMillis'), freed.memoryBytes / offered('memoryBytes'));
}

/** What comes of sizing some workloads: waiting pods are placed on what they free. */
export function outcomeOf(sizings: readonly Sizing[], planning: Planning): Outcome {
  const changes = new Map(sizings.flatMap(({ requests }) => [...requests]));
  const waiting = waitingPods(planning.snapshot);
  const fit = fitPods(waiting, planning.examination.world.withRequests(changes));
  return { sizings, waiting, world: fit.world, placed: fit.placed, shares: sharesOf(fit.world.nodes) };
}

/** The fewest sizings, largest first, with which as many pods are placed and the shares are as far within the band as with all. */
export function smallestOutcome(all: Outcome, planning: Planning): Outcome {
  const { max } = planning.policy.targets.utilisation;
  const bound = (shares: Shares) => Math.max(shares.cpu, shares.memory);
  const most = Math.max(max, bound(all.shares));
  let [low, high] = [0, all.sizings.length];
  let best = all;
  while (low < high) {
    const middle = (low + high) >> 1;
    const outcome = outcomeOf(all.sizings.slice(0, middle), planning);
    const isEnough = outcome.placed >= all.placed && bound(outcome.shares) <= most;
    if (isEnough) [high, best] = [middle, outcome];
    else low = middle + 1;
  }
  return best;
}
