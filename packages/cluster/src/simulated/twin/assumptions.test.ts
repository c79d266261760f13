import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type CloudSnapshot } from '../../cloud/cloud.ts';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import { createSnapshot } from '../../snapshot/snapshot.ts';
import { autoscaledCluster, deploy } from '../cluster-autoscaler/autoscaler-cluster.suite.ts';
import { snapshotOf } from '../simulated-reader.ts';
import { simulate } from './simulate.ts';

const OBSERVED_AT = Date.UTC(2026, 5, 1);
const HOUR_AGO = '2026-05-31T23:00:00Z';

function twinOf(...objects: readonly object[]) {
  return twinIn(NO_CLOUD, ...objects);
}

function twinIn(cloud: CloudSnapshot, ...objects: readonly object[]) {
  const builder = new SnapshotBuilder();
  const node = {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'n1' } },
    status: {
      allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: HOUR_AGO }],
    },
  };
  for (const object of [node, ...objects]) builder.add(structuredClone(object), 'test');
  return simulate(builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: OBSERVED_AT, cloud }));
}

const pod = (spec: object, status: object): object => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'web', namespace: 'shop', uid: 'web', creationTimestamp: HOUR_AGO },
  spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  status: { phase: 'Pending', startTime: HOUR_AGO, ...status },
});

const container = (status: object) => ({
  phase: 'Running',
  containerStatuses: [
    { name: 'app', image: 'app:1', imageID: 'x', ready: false, restartCount: 3, lastState: {}, ...status },
  ],
});

const ended = (reason: string, exitCode: number) => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=app' } },
  lastState: { terminated: { reason, exitCode, startedAt: HOUR_AGO, finishedAt: '2026-05-31T23:58:00Z' } },
});

describe('what a twin assumes', () => {
  it.each([
    ['a pod that would fit', pod({}, {}), /would let them on one now/],
    [
      'a restart without a reason',
      pod({ nodeName: 'n1' }, container({ state: { running: { startedAt: HOUR_AGO } }, ready: true })),
      /restarted for a reason that is not on record/,
    ],
    [
      'a crash without a log',
      pod({ nodeName: 'n1' }, container(ended('Error', 1))),
      /nothing was read of what they log/,
    ],
    ['a lack of memory', pod({ nodeName: 'n1' }, container(ended('OOMKilled', 137))), /half as much again/],
    ['a start that hangs', pod({ nodeName: 'n1' }, {}), /no event says why/],
  ])('names %s, and is less sure of it', (_, object, message) => {
    const { assumptions, confidence } = twinOf(object);
    const found = assumptions.find((one) => message.test(one.message));
    expect(found?.about).toBe('Pod shop/web');
    expect(confidence).toBeLessThan(twinOf().confidence);
    expect(confidence).toBeCloseTo(
      assumptions.reduce((left, { confidenceLoss }) => left * (1 - confidenceLoss), 1),
      10,
    );
  });

  it('names each kind that was not read once, with what stays off', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'set', controller: true };
    const { metadata, ...rest } = pod({ nodeName: 'n1' }, {}) as { metadata: object };
    const { assumptions } = twinOf({ ...rest, metadata: { ...metadata, ownerReferences: [owner] } });
    const kinds = assumptions.map(({ about }) => about).filter((about) => about.startsWith('kind '));
    expect(kinds).toContain('kind ReplicaSet');
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it.each([
    ['grant one', [{ metric: 'IN_USE_ADDRESSES', region: 'us-central1', limit: 8, usage: 1 }], /would grant one/],
    ['were not read', undefined, /that may keep them were not read/],
  ])('names Services that wait for an address although the quotas %s', (_, quotas, message) => {
    const service = {
      ...{ apiVersion: 'v1', kind: 'Service' },
      metadata: { name: 'web', namespace: 'shop', uid: 'web', creationTimestamp: HOUR_AGO },
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'web' },
        ports: [{ port: 80, protocol: 'TCP', nodePort: 31_000 }],
      },
      status: { loadBalancer: {} },
    };
    const { assumptions } = twinIn({ ...NO_CLOUD, provider: 'gcp', quotas }, service);
    const about = assumptions.filter((one) => message.test(one.message)).map((one) => one.about);
    expect(about).toEqual(['Service shop/web']);
  });

  it('names what keeps the autoscaler from doing what it could, and is less sure of it', () => {
    const cluster = autoscaledCluster();
    if (cluster.cloud !== undefined) cluster.cloud.conditions.stockOuts = [{ zone: 'europe-west1-b' }];
    deploy(cluster, 'web', 2, '3');
    cluster.clock.advance(20 * 60_000);
    const snapshot = snapshotOf(cluster, 'test');
    const found = simulate(snapshot).assumptions.find(({ message }) => message.includes('had no machines of its type'));
    expect(found).toMatchObject({ about: 'node pool web in europe-west1-b' });
    expect(found?.confidenceLoss).toBeGreaterThan(0);
    const away = createSnapshot({ ...snapshot, cloud: NO_CLOUD });
    expect(
      simulate(away)
        .assumptions.map(({ about }) => about)
        .join(),
    ).not.toContain('node pool');
  });
});
