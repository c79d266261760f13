import { describe, expect, it } from 'vitest';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { ACTION_KINDS } from '../../catalogue.ts';
import { clusterWith, deployment, proposalsOf, tried } from '../../trial.suite.ts';
import { drainNode } from '../drain-node/drain-node.ts';
import { setAutoscalingProfile } from './set-autoscaling-profile.ts';

/** Nodes between half and the band, which the balanced profile keeps for ever. */
function halfEmpty({ profile = 'BALANCED', minNodes = 1, cpu = '1050m' } = {}) {
  const cluster = clusterWith(
    [deployment('web', {}, { resources: { requests: { cpu, memory: '1Gi' } } }, { replicas: 8 })],
    {
      nodePools: [
        { name: 'general', initialNodes: 4, zones: ['europe-west1-b'], autoscaling: { minNodes, maxNodes: 9 } },
      ],
      autoscalingProfile: profile as 'BALANCED',
    },
  );
  return planningWith(cluster);
}

describe('set-autoscaling-profile', () => {
  it('has the autoscaler take nodes away that it keeps half empty, and says why it keeps them', () => {
    const planning = halfEmpty();
    const [remedy] = proposalsOf(setAutoscalingProfile, planning);
    expect(remedy?.drafts[0]).toMatchObject({
      reason: expect.stringContaining('less than 50 %'),
      changes: [{ call: { operation: 'set-autoscaling-profile', from: 'balanced', to: 'optimize-utilization' } }],
    });
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });

  it.each([{ profile: 'OPTIMIZE_UTILIZATION' }, { minNodes: 4 }])('has nothing to change with %j', (scene) => {
    expect(proposalsOf(setAutoscalingProfile, halfEmpty(scene))).toEqual([]);
  });
});

describe('drain-node', () => {
  it('empties named nodes of autoscaled pools, whose pods run elsewhere and which go then', () => {
    const planning = halfEmpty();
    const [remedy] = proposalsOf(drainNode, planning);
    const [draft] = remedy?.drafts ?? [];
    expect(draft?.changes[0]).toMatchObject({ kind: 'patch', patch: { patch: { spec: { unschedulable: true } } } });
    expect(draft?.commands?.[0]).toMatch(/^kubectl drain \S+ --ignore-daemonsets/);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(new Set(outcomes)).toEqual(new Set(['held']));
    expect(causes).toEqual([]);
  });
});
