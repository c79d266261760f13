import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, rollOut, tried } from '../../trial.suite.ts';
import { restoreRequests } from './restore-requests.ts';

const asking = (resources: unknown, more = {}) => ({ containers: [{ name: 'app', resources, ...more }] });

describe('restore-requests', () => {
  it.each([
    ['more CPU than any machine has', asking({ requests: { cpu: '80' } })],
    [
      'a GPU in a cluster without any',
      asking({ requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } }),
    ],
  ])('takes back %s, and nothing else of the rollout', (_, spec) => {
    const cluster = clusterWith([deployment('web')]);
    rollOut(cluster, 'web', { ...spec, terminationGracePeriodSeconds: 7 });
    const planning = planningOf(cluster);
    const [best] = proposalsOf(restoreRequests, planning);
    const text = JSON.stringify(best?.drafts[0]?.changes);
    expect(text).toContain('/containers/0/resources');
    expect(text).not.toContain('terminationGracePeriodSeconds');
    expect(tried([restoreRequests], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('takes back what the nodes have no room for while their pools may not grow', () => {
    const cluster = clusterWith([deployment('web', {}, {}, { replicas: 6 })], {
      nodePools: [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }],
    });
    rollOut(cluster, 'web', asking({ requests: { cpu: '2500m' } }));
    const planning = planningOf(cluster);
    expect(planning.causes.map((cause) => cause.class)).toContain('node-pool-at-maximum');
    const [best] = proposalsOf(restoreRequests, planning);
    expect(tried([restoreRequests], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('knows nothing better where it was so from the beginning', () => {
    const cluster = clusterWith([deployment('web', {}, { resources: { requests: { cpu: '80' } } })]);
    cluster.clock.advance(1_200_000);
    expect(proposalsOf(restoreRequests, planningOf(cluster))).toEqual([]);
  });
});
