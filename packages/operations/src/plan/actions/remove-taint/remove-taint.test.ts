import { createDirectWrites, refOf } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { tolerateTaint } from '../tolerate-taint/tolerate-taint.ts';
import { removeTaint } from './remove-taint.ts';

const FIXED = { nodePools: [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }] };
const TAINT = { key: 'team', value: 'blue', effect: 'NoSchedule' };
const toleration = { key: 'team', operator: 'Exists' };

/** All nodes are tainted, then `web` is made. */
function tainted(before: readonly unknown[] = [], pod = {}, taint: object = TAINT) {
  const cluster = clusterWith(before, FIXED);
  const writes = createDirectWrites(cluster, 'test');
  for (const node of planningOf(cluster).snapshot.list('Node'))
    writes.patch(refOf(node), { type: 'merge', patch: { spec: { taints: [taint] } } });
  put(cluster, [deployment('web', pod)]);
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

describe('remove-taint', () => {
  it('takes a taint that nothing needs off all nodes', () => {
    const planning = tainted();
    const [best] = proposalsOf(removeTaint, planning);
    expect(best?.title).toBe('Take taint team=blue:NoSchedule off 3 nodes');
    expect(tried([removeTaint], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('fits worse than a toleration where workloads are what the nodes were set aside for', () => {
    const planning = tainted([deployment('blue', { tolerations: [toleration] })]);
    const [removal] = proposalsOf(removeTaint, planning);
    const [toleranceOf] = proposalsOf(tolerateTaint, planning);
    expect(removal?.fit).toBeLessThan(toleranceOf?.fit ?? 0);
    expect(tried([tolerateTaint], toleranceOf as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('leaves on a node what says what the node is: such pods are to tolerate it', () => {
    const planning = tainted([], {}, { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' });
    expect(proposalsOf(removeTaint, planning)).toEqual([]);
    const [toleranceOf] = proposalsOf(tolerateTaint, planning);
    expect(tried([tolerateTaint], toleranceOf as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('has nothing to say where pods tolerate it', () => {
    const planning = tainted([], { tolerations: [toleration] });
    expect([...proposalsOf(removeTaint, planning), ...proposalsOf(tolerateTaint, planning)]).toEqual([]);
  });
});
