/** What a cluster and its twin must have in common however chance falls: names, ids and moments left out. */
import type { Pod } from '../../model/kinds.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { NODES, PERSISTENT_VOLUME_CLAIMS, PODS, SERVICES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { loopOf, statusesOf } from './restless-parts.ts';
import { addressesOf, isReadyNode } from './what-if/cluster-state.ts';
import { standingOf } from './what-if/pod-standing.ts';
import { workloadEntity } from './what-if/workload-of.ts';

/** Sorted lines, each a fact. */
export function viewOf(cluster: SimulatedCluster): readonly string[] {
  const { store } = cluster.api;
  return [
    ...[...store.list(PODS)].map(
      (pod) => `${workloadEntity(store, pod)}: a pod ${standingText(pod, cluster.clock.now)}`,
    ),
    ...[...store.list(NODES)].map((node) => {
      const taints = (node.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();
      return `Node ${node.metadata.name}: ${isReadyNode(node) ? 'ready' : 'not ready'} ${taints.join()}`;
    }),
    ...[...store.list(SERVICES)].map((service) => `${entityOf(service)}: ${addressesOf(service).length} addresses`),
    ...[...store.list(PERSISTENT_VOLUME_CLAIMS)].map((claim) => `${entityOf(claim)}: ${claim.status?.phase ?? ''}`),
    ...(cluster.cloud?.snapshot.quotas ?? []).map(
      ({ metric, region, limit, usage }) => `${region}/${metric}: ${usage}/${limit}`,
    ),
  ].sort();
}

/** Programs may run for long between two crashes. */
const HOUR_MS = 3_600_000;

/** A pod in a loop is in it whether it tries at the moment or waits. */
function standingText(pod: Pod, now: number): string {
  const loops = statusesOf(pod).flatMap((status) => loopOf(status, now, HOUR_MS) ?? []);
  if (loops.length > 0 && !isFinished(pod)) return `loops: ${loops.join()}`;
  const { standing, reason } = standingOf(pod);
  return `${standing} ${reason}`;
}
