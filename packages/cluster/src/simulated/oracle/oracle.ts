/**
 * Whether a cluster does what it is wanted to do, as the cluster itself shows it: what was wanted before anything went wrong is there, at its size,
 * and succeeds. It knows nothing of findings, so that hiding one resolves nothing, and deleting or shrinking what was wanted counts as a failure.
 */
import type { Deployment, StatefulSet, DaemonSet } from '../../model/kinds.ts';
import { DAEMON_SETS, DEPLOYMENTS, STATEFUL_SETS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';

/** What somebody wants to be there: an entity, and how many of its pods; 0 for what is wanted at any size. */
export interface Wanted {
  /** `Deployment shop/web`. */
  readonly entity: string;
  readonly replicas: number;
}

/** One thing that is wanted and is not as wanted. */
export interface Shortfall {
  readonly entity: string;
  readonly reason: 'deleted' | 'scaled-down' | 'not-succeeding';
  /** In words: `2 of 3 pods are ready`. */
  readonly message: string;
}

/** A judgement. */
export interface WorkloadHealth {
  /** Share of what is wanted that is as wanted, 0..1; 1 where nothing is wanted. */
  readonly share: number;
  readonly shortfalls: readonly Shortfall[];
}

/** What is wanted of a cluster, read while it is as it should be. */
export function wantedOf({ api: { store } }: SimulatedCluster): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const one of [...store.list(DEPLOYMENTS), ...store.list(STATEFUL_SETS)])
    wanted.push({ entity: entityOf(one), replicas: one.spec?.replicas ?? 1 });
  for (const one of store.list(DAEMON_SETS)) wanted.push({ entity: entityOf(one), replicas: 0 });
  return wanted;
}

/** Judges a cluster as it is now. */
export function healthOf({ api: { store } }: SimulatedCluster, wanted: readonly Wanted[]): WorkloadHealth {
  const all = [...store.list(DEPLOYMENTS), ...store.list(STATEFUL_SETS), ...store.list(DAEMON_SETS)];
  const found = new Map(all.map((one) => [entityOf(one), one]));
  const shortfalls = wanted.flatMap((one) => shortfallOf(one, found.get(one.entity)) ?? []);
  return { share: wanted.length === 0 ? 1 : 1 - shortfalls.length / wanted.length, shortfalls };
}

function shortfallOf(
  { entity, replicas }: Wanted,
  now: Deployment | StatefulSet | DaemonSet | undefined,
): Shortfall | undefined {
  if (now === undefined || now.metadata.deletionTimestamp !== undefined)
    return { entity, reason: 'deleted', message: 'it is no longer there' };
  if (now.kind === 'DaemonSet') {
    const { desiredNumberScheduled: desired = 0, numberReady: ready = 0 } = (now as DaemonSet).status ?? {};
    return ready < desired ? failing(entity, ready, desired) : undefined;
  }
  const { spec, status } = now as Deployment;
  const size = spec?.replicas ?? 1;
  if (replicas > 0 && size === 0)
    return { entity, reason: 'scaled-down', message: `${replicas} pods were wanted, none is` };
  const { readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
  const ready = Math.min(readyReplicas, updatedReplicas);
  return ready < size ? failing(entity, ready, size) : undefined;
}

function failing(entity: string, ready: number, desired: number): Shortfall {
  return {
    entity,
    reason: 'not-succeeding',
    message: `${ready} of ${desired} pods are ready and of the latest version`,
  };
}
