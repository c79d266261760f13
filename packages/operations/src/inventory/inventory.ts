/** What there is in a cluster beside its findings, for the strategy document. Pure; in a stable order whatever that of the input. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Assessment, Inventory } from '@aia/contract';
import { Examination } from '../diagnose/examination.ts';
import { podMakers } from '../diagnose/pods/pod-makers.ts';
import { exposedEndpointsOf } from './exposed-endpoints.ts';
import { loadBalancerFacts } from './load-balancer-facts.ts';
import { monitoringParts } from './monitoring-parts.ts';
import { poolFacts } from './pool-facts.ts';
import { postureOf } from './posture.ts';

/** The inventory of a snapshot; `assessment` is of this very snapshot. */
export function inventoryOf(snapshot: ClusterSnapshot, assessment: Assessment): Inventory {
  const { namespaces } = assessment.cluster;
  const examination = new Examination(snapshot, { namespaces: namespaces && new Set(namespaces) });
  const makers = podMakers(examination).filter(
    ({ namespace, workload }) => examination.judges(namespace) && snapshot.ownerOf(workload) === undefined,
  );
  return {
    loadBalancers: loadBalancerFacts(examination),
    endpoints: exposedEndpointsOf(examination, assessment.certificates ?? []),
    monitoring: monitoringParts(examination),
    pools: poolFacts(examination),
    posture: postureOf(examination),
    namespaces: [...new Set(makers.map(({ namespace }) => namespace))].sort(),
    workloads: makers.length,
  };
}
