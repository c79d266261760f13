import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, rollOut, tried } from '../../trial.suite.ts';
import { fixNodeSelector } from './fix-node-selector.ts';

const POOL = 'cloud.google.com/gke-nodepool';

describe('fix-node-selector', () => {
  it('takes back only the choice of nodes of the rollout that broke it', () => {
    const cluster = clusterWith([deployment('web')]);
    rollOut(cluster, 'web', {
      nodeSelector: { disktype: 'nvme' },
      containers: [{ name: 'app', env: [{ name: 'A', value: '1' }] }],
    });
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixNodeSelector, planning);
    expect(best?.drafts[0]?.changes).toEqual([
      {
        kind: 'patch',
        target: expect.objectContaining({ kind: 'Deployment', name: 'web' }) as unknown,
        patch: { type: 'json', operations: [{ op: 'remove', path: '/spec/template/spec/nodeSelector' }] },
      },
    ]);
    expect(tried([fixNodeSelector], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('corrects a name to the nearest that nodes have where there is no earlier revision', () => {
    const cluster = clusterWith([deployment('api', { nodeSelector: { [POOL]: 'higmem' } })]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixNodeSelector, planning);
    expect(best?.title).toContain(`${POOL}=highmem`);
    expect(tried([fixNodeSelector], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('corrects a required affinity, and leaves its other terms', () => {
    const term = (value: string) => ({
      matchExpressions: [
        { key: POOL, operator: 'In', values: [value] },
        { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
      ],
    });
    const required = (value: string) => ({
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term(value)] } },
    });
    const cluster = clusterWith([deployment('api', { affinity: required('general-v2') })]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixNodeSelector, planning);
    const [change] = best?.drafts[0]?.changes ?? [];
    expect(JSON.stringify(change)).toContain('"value":"general"');
    expect(tried([fixNodeSelector], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('proposes nothing where pods would find no node either way', () => {
    const huge = { resources: { requests: { cpu: '64' } } };
    const cluster = clusterWith([deployment('api', { nodeSelector: { disktype: 'nvme' } }, huge)]);
    cluster.clock.advance(1_200_000);
    expect(proposalsOf(fixNodeSelector, planningOf(cluster))).toEqual([]);
  });

  it('proposes nothing where nothing is wrong', () => {
    expect(proposalsOf(fixNodeSelector, planningOf(clusterWith([deployment('web')])))).toEqual([]);
  });
});
