import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaNeedOfNode } from '../../cloud/quota-need.ts';
import { NODES, PODS } from '../api/built-in-types.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { autoscaledCluster, deploy, nodesOf, podsOf, quotaOf, scale } from './autoscaler-cluster.suite.ts';

const MINUTE = 60_000;
const STEP_MS = 90_000;

type Action =
  | { readonly type: 'scale'; readonly name: string; readonly replicas: number }
  | { readonly type: 'limit'; readonly cpus: number }
  | { readonly type: 'stock-out'; readonly isOut: boolean }
  | { readonly type: 'wait' };

const actions = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('scale' as const),
      name: fc.constantFrom('small', 'large'),
      replicas: fc.integer({ min: 0, max: 12 }),
    }),
    fc.record({ type: fc.constant('limit' as const), cpus: fc.integer({ min: 8, max: 40 }) }),
    fc.record({ type: fc.constant('stock-out' as const), isOut: fc.boolean() }),
    fc.constant({ type: 'wait' as const }),
  ),
  { minLength: 1, maxLength: 8 },
);

function newTestCluster(): SimulatedCluster {
  const autoscaling = { minNodes: 1, maxNodes: 5 };
  const cluster = autoscaledCluster({
    zones: ['a', 'b'],
    nodePools: [
      { name: 'web', initialNodes: 2, autoscaling },
      { name: 'big', machineType: 'n2-standard-8', initialNodes: 0, autoscaling: { minNodes: 0, maxNodes: 2 } },
    ],
  });
  deploy(cluster, 'small', 2, '900m');
  deploy(cluster, 'large', 0, '3');
  return cluster;
}

function act(cluster: SimulatedCluster, action: Action): void {
  const { cloud } = cluster;
  if (action.type === 'scale') scale(cluster, action.name, action.replicas);
  if (action.type === 'limit') cloud?.setLimit('CPUS', action.cpus);
  if (action.type === 'stock-out' && cloud !== undefined)
    cloud.conditions.stockOuts = action.isOut ? [{ zone: 'europe-west1-a' }] : [];
}

/** Goes through the actions with time between and after them; `watch` looks in between. */
function live(cluster: SimulatedCluster, list: readonly Action[], watch: () => void): void {
  for (const action of list) {
    act(cluster, action);
    for (let i = 0; i < 6; i++) {
      cluster.clock.advance(STEP_MS);
      watch();
    }
  }
}

describe('the cluster autoscaler', () => {
  it('keeps pools within their bounds, and quotas at the sum of the machines', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const cluster = newTestCluster();
        const { cloud, instanceGroups } = cluster;
        live(cluster, list, () => {
          const sums = new Map<string, number>();
          for (const { key, pool } of instanceGroups?.groups ?? [])
            for (const { refusal } of instanceGroups?.machinesOf(key) ?? [])
              for (const { metric, region, amount } of refusal === undefined ? quotaNeedOfNode(pool) : [])
                if (region === 'region') sums.set(metric, (sums.get(metric) ?? 0) + amount);
          for (const metric of ['CPUS', 'N2_CPUS', 'INSTANCES', 'SSD_TOTAL_GB'])
            expect(quotaOf(cluster, metric), metric).toBe(sums.get(metric) ?? 0);
          for (const { name, autoscaling } of cloud?.pools ?? []) {
            const size = instanceGroups?.sizeOf(name) ?? 0;
            expect(size).toBeGreaterThanOrEqual(autoscaling?.minNodes ?? 0);
            expect(size).toBeLessThanOrEqual(autoscaling?.maxNodes ?? 0);
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  it('removes no node whose pods have no other place: what is wanted of a workload goes on to have nodes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 3 }), (small, large) => {
        const cluster = newTestCluster();
        scale(cluster, 'small', small);
        scale(cluster, 'large', large);
        cluster.clock.advance(10 * MINUTE);
        const waiting = () => podsOf(cluster).filter(({ spec }) => (spec?.nodeName ?? '') === '').length;
        const before = waiting();
        cluster.clock.advance(90 * MINUTE);
        expect(waiting()).toBeLessThanOrEqual(before);
        // Nothing is left to do, so that nothing goes on for ever.
        const nodes = nodesOf(cluster).map(({ metadata }) => metadata.name);
        cluster.clock.advance(90 * MINUTE);
        expect(nodesOf(cluster).map(({ metadata }) => metadata.name)).toEqual(nodes);
      }),
      { numRuns: 12 },
    );
  });

  it('does the same for the same seed, event for event', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const text = () => {
          const cluster = newTestCluster();
          live(cluster, list, () => undefined);
          const { store, types } = cluster.api;
          return JSON.stringify([[...types.all].map((type) => [...store.list(type)]), cluster.cloud?.snapshot]);
        };
        expect(text()).toBe(text());
      }),
      { numRuns: 5 },
    );
  });

  it('says on its status what nodes and pools say', () => {
    const cluster = newTestCluster();
    scale(cluster, 'small', 8);
    cluster.clock.advance(5 * MINUTE);
    const groups = cluster.cloud?.snapshot.autoscaler?.nodeGroups ?? [];
    expect(groups).toHaveLength(4);
    expect(groups.reduce((sum, { ready }) => sum + ready, 0)).toBe(cluster.api.list(NODES).items.length);
    expect(cluster.api.list(PODS).items.every(({ spec }) => spec?.nodeName !== undefined)).toBe(true);
  });
});
