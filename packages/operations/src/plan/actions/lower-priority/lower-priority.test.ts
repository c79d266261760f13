import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { lowerPriority } from './lower-priority.ts';

const FIXED = { nodePools: [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }] };
const priorityClass = (name: string, value: number) => ({
  ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value },
});
const half = { resources: { requests: { cpu: '2500m' } } };

/** Three serving pods fill a cluster of three nodes; then a batch of three comes that may push them away. */
function preempted(classes: readonly unknown[]) {
  const cluster = clusterWith([deployment('web', {}, half, { replicas: 3 })], FIXED);
  put(cluster, [
    ...[priorityClass('urgent', 5000), ...classes],
    deployment('batch', { priorityClassName: 'urgent' }, half, { replicas: 3 }),
  ]);
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

describe('lower-priority', () => {
  it('takes a class below what waits where there is one', () => {
    const planning = preempted([priorityClass('idle', -10)]);
    const [best] = proposalsOf(lowerPriority, planning);
    expect(best?.title).toContain('priority class idle');
    expect(tried([lowerPriority], best as never, planning).outcomes).toEqual(['held', 'held']);
  });

  it('makes one where there is none, and takes no replica away', () => {
    const planning = preempted([]);
    const [best] = proposalsOf(lowerPriority, planning);
    expect(best?.drafts[0]?.changes).toMatchObject([
      { kind: 'patch', target: { name: 'batch' } },
      { kind: 'create', object: { kind: 'PriorityClass', value: -1, preemptionPolicy: 'Never' } },
      { kind: 'patch', target: { name: 'batch' } },
    ]);
    expect(JSON.stringify(best?.drafts)).not.toContain('"replicas"');
    const { outcomes, causes } = tried([lowerPriority], best as never, planning);
    expect(outcomes).toEqual(['held', 'held']);
    expect(causes).not.toContain('preempted-by-priority');
  });
});
