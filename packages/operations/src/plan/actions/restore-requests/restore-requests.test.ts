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

  describe('of several rollouts that take the room together', () => {
    const LARGE = asking({ requests: { cpu: '2500m', memory: '128Mi' } });
    const crowded = () => {
      const cluster = clusterWith(
        ['a', 'b', 'c'].map((name) => deployment(name, {}, {}, { replicas: 3 })),
        { nodePools: [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }] },
      );
      for (const name of ['a', 'b', 'c']) rollOut(cluster, name, LARGE, 'Deployment', 1);
      cluster.clock.advance(20 * 60_000);
      return cluster;
    };
    const togetherIn = (cluster: ReturnType<typeof crowded>) => {
      const planning = planningOf(cluster);
      const remedy = proposalsOf(restoreRequests, planning).find(({ drafts }) => drafts[0]?.part === 'raised');
      return { planning, remedy };
    };

    it('takes back all of which pods are missing', () => {
      const { planning, remedy } = togetherIn(crowded());
      expect(remedy?.drafts.length).toBeGreaterThan(1);
      const { outcomes, causes } = tried([restoreRequests], remedy as never, planning);
      expect(new Set(outcomes)).toEqual(new Set(['held']));
      expect(causes).toEqual([]);
    });

    it('leaves alone what asks for a little more, and what has all its pods while nobody measured it', () => {
      const cluster = crowded();
      rollOut(cluster, 'b', asking({ requests: { cpu: '101m', memory: '128Mi' } }));
      const names = togetherIn(cluster).remedy?.drafts.map(({ target }) => target.name) ?? [];
      expect(names).not.toContain('b');
    });

    it('takes back what fills a ResourceQuota of its namespace', () => {
      const cluster = clusterWith([
        deployment('a', {}, {}, { replicas: 2 }),
        deployment('b', {}, {}, { replicas: 2 }),
        {
          ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' } },
          spec: { hard: { 'requests.cpu': '2' } },
        },
      ]);
      for (const name of ['a', 'b'])
        rollOut(cluster, name, asking({ requests: { cpu: '800m', memory: '128Mi' } }), 'Deployment', 1);
      cluster.clock.advance(20 * 60_000);
      const { planning, remedy } = togetherIn(cluster);
      expect(planning.causes.map((cause) => cause.class)).toContain('namespace-quota-exhausted');
      const { outcomes, causes } = tried([restoreRequests], remedy as never, planning);
      expect(new Set(outcomes)).toEqual(new Set(['held']));
      expect(causes).toEqual([]);
    });
  });

  it('knows nothing better where it was so from the beginning', () => {
    const cluster = clusterWith([deployment('web', {}, { resources: { requests: { cpu: '80' } } })]);
    cluster.clock.advance(1_200_000);
    expect(proposalsOf(restoreRequests, planningOf(cluster))).toEqual([]);
  });
});
