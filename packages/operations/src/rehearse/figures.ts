/** What a twin is like at a moment, in numbers. */
import { compare, stateOf, type ClusterState, type Quota, type Twin } from '@aia/cluster';
import type { Assessment, TwinFigures } from '@aia/contract';
import { severityRank } from '../diagnose/finding.ts';

/** Figures of a twin at the moment of an assessment; without one, what the cluster itself tells. */
export function figuresOf({ cluster }: Twin, assessment?: Assessment): TwinFigures {
  const state = stateOf(cluster);
  const fullest = fullestOf(state.quotas ?? []);
  const [cpu, memory] = [shareOf(state.cpuMillis), shareOf(state.memoryBytes)];
  return {
    pods: assessment === undefined ? podsOf(state) : podsIn(assessment),
    nodes: state.nodes.total,
    ...(assessment !== undefined && { causes: causesIn(assessment) }),
    ...(cpu !== undefined && { requestedCpu: cpu }),
    ...(memory !== undefined && { requestedMemory: memory }),
    loadBalancers: state.loadBalancers.withAddress + state.loadBalancers.pending,
    ...(fullest !== undefined && { fullestQuota: fullest }),
    ...(state.cost !== undefined && { monthlyCost: state.cost.monthly }),
    ...(assessment !== undefined && { score: assessment.verdict.score }),
  };
}

function podsIn({ cluster: { pods } }: Assessment): TwinFigures['pods'] {
  return { total: pods.total, succeeding: pods.succeeding };
}

function podsOf({ pods }: ClusterState): TwinFigures['pods'] {
  const total = Object.values(pods).reduce((sum, count) => sum + count, 0) - pods.ending;
  return { total, succeeding: pods.ready + pods.completed };
}

function causesIn({ rootCauses }: Assessment): NonNullable<TwinFigures['causes']> {
  const count = (isCounted: (rank: number) => boolean) =>
    rootCauses.filter(({ severity }) => isCounted(severityRank(severity))).length;
  const high = severityRank('high');
  return {
    critical: count((rank) => rank < high),
    high: count((rank) => rank === high),
    others: count((rank) => rank > high),
  };
}

function fullestOf(quotas: readonly Quota[]): TwinFigures['fullestQuota'] {
  const shares = quotas
    .filter(({ limit }) => limit > 0)
    .map(({ metric, region, limit, usage }) => ({ metric, region, share: usage / limit }));
  return shares.toSorted(
    (a, b) => b.share - a.share || compare(`${a.region}/${a.metric}`, `${b.region}/${b.metric}`),
  )[0];
}

function shareOf({ requested, allocatable }: { readonly requested: number; readonly allocatable: number }) {
  return allocatable === 0 ? undefined : Math.min(1, requested / allocatable);
}
