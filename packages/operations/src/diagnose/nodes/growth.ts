/** Whether a cluster gets more nodes by itself when pods need them. */
import type { ClusterSnapshot } from '@aia/cluster';
import { nodePoolOf } from '@aia/cluster';

/** Labels of nodes that were made for the pods on them. */
const MADE_ON_DEMAND = ['karpenter.sh/nodepool', 'karpenter.sh/provisioner-name'];
/** Who makes nodes, by the name of what runs it. */
const AUTOSCALER = /(?:^|-)(?:cluster-autoscaler|karpenter)(?:-|$)/;

/** GKE Autopilot: nodes come and go with the pods, are not the owner's to remove, and are not what is paid for. */
export function isAutopilot(snapshot: ClusterSnapshot): boolean {
  return snapshot.cloud.cluster?.autopilot ?? snapshot.list('Node').some(({ metadata }) => /^gk3-/.test(metadata.name));
}

/**
 * Whether some group of nodes may still grow by itself. An autoscaler whose bounds were not read counts as able to; nothing that
 * speaks of one, as none.
 */
export function mayGrow(snapshot: ClusterSnapshot): boolean {
  const { autoscaler, cluster } = snapshot.cloud;
  if (isAutopilot(snapshot)) return true;
  if (autoscaler !== undefined && autoscaler.nodeGroups.length > 0)
    return autoscaler.nodeGroups.some(({ target, maxSize }) => target < maxSize);
  if (cluster !== undefined && cluster.nodePools.length > 0)
    return cluster.nodePools.some((pool) => hasRoom(snapshot, pool));
  return autoscaler !== undefined || runsAutoscaler(snapshot);
}

function hasRoom(
  snapshot: ClusterSnapshot,
  { name, autoscaling }: NonNullable<ClusterSnapshot['cloud']['cluster']>['nodePools'][number],
): boolean {
  if (autoscaling === undefined) return false;
  return snapshot.list('Node').filter((node) => nodePoolOf(node) === name).length < autoscaling.maxNodes;
}

function runsAutoscaler(snapshot: ClusterSnapshot): boolean {
  return (
    snapshot.list('Deployment').some(({ metadata }) => AUTOSCALER.test(metadata.name)) ||
    snapshot.list('Node').some(({ metadata }) => MADE_ON_DEMAND.some((label) => metadata.labels?.[label] !== undefined))
  );
}
