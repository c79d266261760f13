/** `kubectl drain --ignore-daemonsets --delete-emptydir-data`. Source: https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/ */
import { isDaemonPod, isFinished, isMirrorPod } from '../../../scheduling/pod-owner.ts';
import { ApiError } from '../../api/api-error.ts';
import { NODES, PODS } from '../../api/built-in-types.ts';
import { evictPod } from '../../api/eviction.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';

/** Between two attempts to evict a pod that its budget protects. */
const RETRY_MS = 5000;

/** Cordons a node and evicts its pods, those that budgets protect again and again. */
export function drainNode(cluster: SimulatedCluster, name: string): void {
  const { api, clock } = cluster;
  api.change(NODES, '', name, (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
  const waiting = [...api.store.list(PODS)]
    .filter(({ spec }) => spec?.nodeName === name)
    .filter((pod) => !isDaemonPod(pod) && !isMirrorPod(pod))
    .map(({ metadata }) => metadata);
  const attempt = () => {
    const left = waiting.splice(0).filter(({ namespace = '', name: pod, uid }) => {
      const now = api.store.get(PODS, namespace, pod);
      if (now === undefined || now.metadata.uid !== uid || now.metadata.deletionTimestamp !== undefined) return false;
      return !wasEvicted(cluster, namespace, pod, isFinished(now));
    });
    waiting.push(...left);
    if (left.length > 0) clock.after(RETRY_MS, attempt);
  };
  attempt();
}

function wasEvicted({ api }: SimulatedCluster, namespace: string, name: string, isOver: boolean): boolean {
  try {
    if (isOver) api.delete(PODS, namespace, name);
    else evictPod(api, namespace, name);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return false;
  }
}
