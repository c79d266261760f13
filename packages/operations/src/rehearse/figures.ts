/** What a twin is like at a moment, in numbers. */
import { stateOf, type Twin } from '@aia/cluster';
import type { Assessment, TwinFigures } from '@aia/contract';
import { severityRank } from '../diagnose/finding.ts';

/** Figures of a twin at the moment of an assessment. */
export function figuresOf({ cluster }: Twin, assessment: Assessment): TwinFigures {
  const state = stateOf(cluster);
  const { pods } = assessment.cluster;
  const count = (severity: string) => assessment.rootCauses.filter((cause) => cause.severity === severity).length;
  const fullest = (assessment.quotas ?? []).toSorted((a, b) => b.share - a.share)[0];
  const [cpu, memory] = [shareOf(state.cpuMillis), shareOf(state.memoryBytes)];
  return {
    pods: { total: pods.total, succeeding: pods.succeeding },
    nodes: state.nodes.total,
    causes: {
      critical: count('critical'),
      high: count('high'),
      others: assessment.rootCauses.filter(({ severity }) => severityRank(severity) > severityRank('high')).length,
    },
    ...(cpu !== undefined && { requestedCpu: cpu }),
    ...(memory !== undefined && { requestedMemory: memory }),
    loadBalancers: state.loadBalancers.withAddress + state.loadBalancers.pending,
    ...(fullest !== undefined && {
      fullestQuota: { metric: fullest.metric, region: fullest.region, share: fullest.share },
    }),
    ...(state.cost !== undefined && { monthlyCost: state.cost.monthly }),
  };
}

function shareOf({ requested, allocatable }: { readonly requested: number; readonly allocatable: number }) {
  return allocatable === 0 ? undefined : Math.min(1, requested / allocatable);
}
