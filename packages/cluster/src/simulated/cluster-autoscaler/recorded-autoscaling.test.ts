import { describe, expect, it } from 'vitest';
import type { CloudSnapshot } from '../../cloud/cloud.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { createSnapshot } from '../../snapshot/snapshot.ts';
import { PODS } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { snapshotOf } from '../simulated-reader.ts';
import { autoscaledCluster, deploy, nodesOf, placedOf, scale } from './autoscaler-cluster.suite.ts';
import { autoscalerAssumptions, recordedAutoscaling } from './recorded-autoscaling.ts';

const MINUTE = 60_000;

/** A cluster whose pods wait since its cloud refuses, as a record. */
function refused(limits: Readonly<Record<string, number>>, stockOut = false): ClusterSnapshot {
  const cluster = autoscaledCluster({ limits });
  if (cluster.cloud !== undefined && stockOut) cluster.cloud.conditions.stockOuts = [{ zone: 'europe-west1-b' }];
  deploy(cluster, 'web', 2, '3');
  cluster.clock.advance(20 * MINUTE);
  return snapshotOf(cluster, 'record');
}
const withCloud = (snapshot: ClusterSnapshot, change: Partial<CloudSnapshot>): ClusterSnapshot =>
  createSnapshot({ ...snapshot, cloud: { ...snapshot.cloud, ...change } });
const causesOf = (snapshot: ClusterSnapshot) => autoscalerAssumptions(snapshot).map(({ cause }) => cause);
/** What has to stay as it is while nobody acts. */
const shape = (cluster: SimulatedCluster) => [
  nodesOf(cluster).map(({ metadata, spec }) => [metadata.name, spec?.taints]),
  placedOf(cluster),
  cluster.cloud?.snapshot.autoscaler,
  cluster.cloud?.snapshot.quotas,
];

/** As if its pools scaled by themselves, which they did not while it was made. */
function thatMayScale(recorded: ClusterSnapshot): ClusterSnapshot {
  const { cluster } = recorded.cloud;
  const nodePools = (cluster?.nodePools ?? []).map((pool) => ({ ...pool, autoscaling: { minNodes: 0, maxNodes: 4 } }));
  return withCloud(recorded, { cluster: cluster && { ...cluster, nodePools } });
}

describe('a twin', () => {
  it.each([
    ['quotas', refused({ CPUS: 4 }), []],
    ['a stock-out', refused({}, true), ['stock-out-goes-on']],
    ['quotas that were not read', withCloud(refused({ CPUS: 4 }), { quotas: undefined }), ['quotas-unread']],
    [
      'quotas that would fit now',
      withCloud(refused({ CPUS: 4 }), {
        quotas: [{ metric: 'CPUS', region: 'europe-west1', limit: 100, usage: 4 }],
      }),
      ['refusal-fits'],
    ],
  ])('goes on being refused by %s', (_what, snapshot, causes) => {
    expect(causesOf(snapshot)).toEqual(causes);
    const twin = new SimulatedCluster({ snapshot });
    const before = shape(twin);
    twin.clock.advance(45 * MINUTE);
    expect(shape(twin)).toEqual(before);
  });

  it('gets its nodes at the next try after a limit was raised', () => {
    const twin = new SimulatedCluster({ snapshot: refused({ CPUS: 4 }) });
    twin.cloud?.setLimit('CPUS', 8);
    twin.clock.advance(31 * MINUTE);
    expect(placedOf(twin)).toBe(2);
  });

  it('knows when a group that failed is tried again, from when and how often pods were told', () => {
    const [failure] = recordedAutoscaling(refused({ CPUS: 4 })).failures;
    // It failed after 10 s, 5 min and 10 min of waiting each: the next wait is of 20 min.
    expect(failure).toMatchObject({ group: 'web/europe-west1-b', durationMs: 20 * MINUTE, isTimed: true });
    expect(failure?.error).toMatchObject({ errorClass: 'OutOfResource', errorCode: 'QUOTA_EXCEEDED' });
  });

  it('keeps nodes that should have gone long ago, until what runs on them changes', () => {
    const record = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 2, autoscaling: undefined }] });
    deploy(record, 'web', 2, '1');
    record.clock.advance(60 * MINUTE);
    const snapshot = thatMayScale(snapshotOf(record, 'record'));
    expect(causesOf(snapshot)).toEqual(['unneeded-node-stays']);
    const twin = new SimulatedCluster({ snapshot });
    twin.clock.advance(60 * MINUTE);
    expect(nodesOf(twin)).toHaveLength(2);
    scale(twin, 'web', 0);
    twin.clock.advance(60 * MINUTE);
    expect(nodesOf(twin)).toHaveLength(0);
  });

  it('goes on doing nothing for pods that were passed over without a reason on record', () => {
    const record = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 1, autoscaling: undefined }] });
    deploy(record, 'web', 2, '3');
    record.clock.advance(60 * MINUTE);
    const snapshot = thatMayScale(snapshotOf(record, 'record'));
    expect(causesOf(snapshot)).toEqual(['waiting-pod-is-passed-over']);
    const twin = new SimulatedCluster({ snapshot });
    twin.clock.advance(30 * MINUTE);
    expect(placedOf(twin)).toBe(1);
    // A new pod is not on record.
    const waiting = twin.api.list(PODS).items.find(({ spec }) => (spec?.nodeName ?? '') === '');
    twin.api.delete(PODS, 'shop', waiting?.metadata.name ?? '');
    twin.clock.advance(5 * MINUTE);
    expect(placedOf(twin)).toBe(2);
  });

  it('assumes nothing of clusters that wait for nothing, or outside of the cloud', () => {
    const cluster = autoscaledCluster();
    deploy(cluster, 'web', 1, '3');
    cluster.clock.advance(20 * MINUTE);
    expect(causesOf(snapshotOf(cluster, 'record'))).toEqual([]);
    expect(causesOf(snapshotOf(new SimulatedCluster(), 'record'))).toEqual([]);
  });
});
