import { assert, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createDirectWrites, snapshotOf, type KubeObject, type PodSpec, type ResourceQuota } from '@aia/cluster';
import { templateOf } from '../planning.ts';
import { clusterWith, deployment, planningOf, put } from '../trial.suite.ts';
import { quotasForRollouts } from './quota-needs.ts';
import { quotaText } from './room.ts';

const NAMES = ['api', 'web', 'worker'];
const QUOTA = { group: '', kind: 'ResourceQuota', namespace: 'shop', name: 'team' };

const quotaOf = (hard: object) => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota' },
  ...{ metadata: { name: 'team', namespace: 'shop' }, spec: { hard } },
});

/** Deployments under a quota that just takes them, the pod specs that all of them are to have, and what the quota has to become for that. */
function scene(drawn: readonly { replicas: number; from: number; to: number; surge: number }[]) {
  const used = drawn.reduce((sum, { replicas, from }) => sum + replicas * from, 0);
  const cluster = clusterWith(
    drawn.map(({ replicas, from, surge }, i) =>
      deployment(
        NAMES[i] ?? '',
        {},
        { resources: { requests: { cpu: `${from}m` } } },
        {
          replicas,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: surge === 0 ? 1 : 0 } },
        },
      ),
    ),
  );
  put(cluster, [quotaOf({ 'requests.cpu': `${used}m` })]);
  cluster.clock.advance(60_000);
  const planning = planningOf(cluster);
  const rollouts = drawn.map(({ to }, i) => {
    const workload = planning.object({ group: 'apps', kind: 'Deployment', namespace: 'shop', name: NAMES[i] ?? '' });
    assert(workload !== undefined);
    const spec = templateOf(workload)?.spec as unknown as PodSpec;
    const containers = spec.containers.map((one) => ({ ...one, resources: { requests: { cpu: `${to}m` } } }));
    return { workload, spec: { ...spec, containers } as PodSpec };
  });
  const [quota] = planning.snapshot.list('ResourceQuota') as readonly ResourceQuota[];
  assert(quota !== undefined);
  return { cluster, rollouts, hard: quotasForRollouts(rollouts, planning).get(quota) };
}

describe('quotas for rollouts', () => {
  it('have to hold all workloads of the namespace at once, with what surges', () => {
    const { hard } = scene([
      { replicas: 4, from: 100, to: 300, surge: 1 },
      { replicas: 2, from: 200, to: 100, surge: 1 },
    ]);
    // 4 × 300 + 1 × 300, and 2 × 200 + 1 × 100.
    expect(hard).toEqual({ 'requests.cpu': 2000 });
  });

  it('are enough for all rollouts to end, whatever is rolled out', () => {
    const drawn = fc.record({
      replicas: fc.integer({ min: 1, max: 4 }),
      from: fc.integer({ min: 1, max: 5 }).map((n) => n * 50),
      to: fc.integer({ min: 1, max: 5 }).map((n) => n * 50),
      surge: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 3 }), (all) => {
        const { cluster, rollouts, hard } = scene(all);
        const writes = createDirectWrites(cluster, 'test');
        for (const [resource, amount] of Object.entries(hard ?? {})) {
          const patch = { spec: { hard: { [resource]: quotaText(resource, amount) } } };
          expect(writes.patch(QUOTA, { type: 'merge', patch }).kind).toBe('done');
        }
        for (const { workload, spec } of rollouts) {
          const { name } = workload.metadata;
          const patch = { spec: { template: { spec: { containers: spec.containers } } } };
          writes.patch({ group: 'apps', kind: 'Deployment', namespace: 'shop', name }, { type: 'strategic', patch });
        }
        cluster.clock.advance(40 * 60_000);
        const after = snapshotOf(cluster, 'after').list('Deployment') as readonly (KubeObject & {
          readonly spec?: { readonly replicas?: number };
          readonly status?: { readonly updatedReplicas?: number; readonly replicas?: number };
        })[];
        cluster.stop();
        return after.every(
          ({ spec, status }) => status?.updatedReplicas === spec?.replicas && status?.replicas === spec?.replicas,
        );
      }),
      { numRuns: 25 },
    );
  });
});
