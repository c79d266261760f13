/** Which quotas one more node of the cluster would draw on, and whether they carry it. */
import { bindingQuota, quotaNeedOfNode, type ClusterSnapshot, type NodePool, type Quota } from '@aia/cluster';
import { regionOf } from '../../capacity.ts';

/** A quota that does not carry `need` more. */
export interface NodeQuota {
  readonly quota: Quota;
  readonly need: number;
}

/** Quotas without room for one more node of any pool that scales by itself, or of any pool if none does; tightest first. */
export function fullQuotas(snapshot: ClusterSnapshot): readonly NodeQuota[] {
  return bindingQuotas(snapshot, 1);
}

/** Quotas without room for so many nodes. */
export function bindingQuotas(snapshot: ClusterSnapshot, nodes: number): readonly NodeQuota[] {
  const quotas = snapshot.cloud.quotas ?? [];
  const region = regionOf(snapshot);
  const short = poolsOf(snapshot).flatMap((pool) => {
    const needs = quotaNeedOfNode(pool).map((need) => ({ ...need, amount: need.amount * nodes }));
    return bindingQuota(needs, quotas, region)
      .known.filter(({ fits }) => fits < 1)
      .map(({ need, headroom }) => ({ quota: headroom.quota, need: need.amount }));
  });
  return [...new Map(short.map((one) => [`${one.quota.region}/${one.quota.metric}`, one])).values()];
}

function poolsOf(snapshot: ClusterSnapshot): readonly NodePool[] {
  const pools = snapshot.cloud.cluster?.nodePools ?? [];
  const growing = pools.filter(({ autoscaling }) => autoscaling !== undefined);
  return growing.length > 0 ? growing : pools.length > 0 ? pools : poolsByNodes(snapshot);
}

/** Without a description of the cluster its nodes tell the machine type; disks stay unknown. */
function poolsByNodes(snapshot: ClusterSnapshot): readonly NodePool[] {
  const types = new Map<string, NodePool>();
  for (const node of snapshot.list('Node')) {
    const machineType = node.metadata.labels?.['node.kubernetes.io/instance-type'];
    if (machineType === undefined) continue;
    const privateNodes = !(node.status?.addresses ?? []).some(({ type }) => type === 'ExternalIP');
    const spot = node.metadata.labels?.['cloud.google.com/gke-spot'] === 'true';
    types.set(machineType, {
      name: '',
      machineType,
      spot,
      privateNodes,
      diskType: '',
      diskSizeGb: 0,
      zones: [],
      autoscaling: undefined,
      initialNodes: 0,
    });
  }
  return [...types.values()];
}
