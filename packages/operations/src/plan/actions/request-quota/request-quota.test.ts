import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { clusterWith, deployment, proposalsOf, put } from '../../trial.suite.ts';
import { roundedLimit } from './quota-request.ts';
import { requestQuota } from './request-quota.ts';

const POOL = {
  name: 'general',
  initialNodes: 3,
  zones: ['europe-west1-b'],
  autoscaling: { minNodes: 1, maxNodes: 20 },
};

/** Three nodes full of pods, and pods that wait for a fourth, which the limits refuse. */
function full(limits: Readonly<Record<string, number>>) {
  const large = { resources: { requests: { cpu: '3', memory: '1Gi' } } };
  const cluster = clusterWith([deployment('web', {}, large, { replicas: 3 })], { nodePools: [POOL], limits });
  put(cluster, [deployment('late', {}, large, { replicas: 2 })]);
  cluster.clock.advance(20 * 60_000);
  return cluster;
}

describe('a quota that keeps nodes away', () => {
  it('is asked for with what is used, needed, growth and a fifth in reserve', () => {
    const planning = planningWith(full({ CPUS: 12 }));
    const [remedy] = proposalsOf(requestQuota, planning);
    // 12 used, two nodes of 4 needed, one more for growth: 24 ÷ 0.8 = 30, by eights.
    expect(remedy?.drafts.map(({ changes }) => changes)).toEqual([
      [
        {
          kind: 'cloud',
          call: { operation: 'request-quota', metric: 'CPUS', region: 'europe-west1', from: 12, to: 32 },
        },
      ],
    ]);
    expect(remedy?.drafts[0]?.reason).toContain(
      'We ask for a limit of 32: 12 of 12 CPUS in europe-west1 are used, 8 more are needed by what waits now, 4 are for growth, 20 % are kept in reserve.',
    );
  });

  it('is asked for together with every other one that would bind next', () => {
    const [remedy] = proposalsOf(
      requestQuota,
      planningWith(full({ CPUS: 12, 'global/CPUS_ALL_REGIONS': 16, SSD_TOTAL_GB: 400 })),
    );
    expect(remedy?.drafts.map(({ target }) => target.name).sort()).toEqual([
      'europe-west1/CPUS',
      'europe-west1/SSD_TOTAL_GB',
      'global/CPUS_ALL_REGIONS',
    ]);
  });

  it('lets the pods run once it is granted', () => {
    const { rehearsal, plan } = strategise(planningWith(full({ CPUS: 12 })).snapshot, { version: 'test' });
    expect(plan.phases.flatMap(({ actions }) => actions).map(({ kind }) => kind)).toContain('request-quota');
    expect(rehearsal?.after.pods.succeeding).toBe(rehearsal?.after.pods.total);
  });

  it('is left alone while it has room', () => {
    expect(proposalsOf(requestQuota, planningWith(full({})))).toEqual([]);
  });
});

describe('roundedLimit', () => {
  it.each([
    ['CPUS', 30, 32],
    ['N2_CPUS', 32, 32],
    ['SSD_TOTAL_GB', 801, 900],
    ['IN_USE_ADDRESSES', 11, 12],
    ['INSTANCES', 43, 45],
    ['INSTANCES', 101, 110],
  ])('%s: %d as %d', (metric, wanted, limit) => {
    expect(roundedLimit(metric, wanted)).toBe(limit);
  });
});
