import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type AutoscalerStatus, type CloudSnapshot, type VisibilityRecord } from '../../cloud/cloud.ts';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { differencesOf } from './differences.ts';

const THEN = Date.UTC(2026, 5, 1);
const NOW = THEN + 30 * 60_000;
const time = (at: number) => new Date(at).toISOString().replace('.000', '');
const HOUR_AGO = time(THEN - 3_600_000);

type Fields = Readonly<Record<string, unknown>>;

function snapshotAt(observedAt: number, objects: readonly object[], cloud: Partial<CloudSnapshot> = {}) {
  const builder = new SnapshotBuilder();
  for (const object of objects) builder.add(structuredClone(object), 'test');
  return builder.build({
    ...{ source: { kind: 'dump', name: 'test' }, observedAt, cloud: { ...NO_CLOUD, ...cloud } },
  });
}

/** Paths that nothing explains, as `key path`, from some objects to others. */
function unexplained(before: readonly object[], after: readonly object[]): readonly string[] {
  return told(snapshotAt(THEN, before), snapshotAt(NOW, after));
}

function told(before: ClusterSnapshot, after: ClusterSnapshot): readonly string[] {
  return differencesOf(before, after).unexplained.map(({ key, path, kind }) => `${kind} ${key} ${path}`.trim());
}

const object = (apiVersion: string, kind: string, name: string, more: Fields = {}, owner?: string): object => ({
  ...{ apiVersion, kind },
  metadata: {
    ...{ name, namespace: 'shop', uid: `${kind}-${name}`, creationTimestamp: HOUR_AGO },
    ...(owner !== undefined && { ownerReferences: [ownerOf(owner)] }),
  },
  ...more,
});
const ownerOf = (owner: string) => {
  const [kind = '', name = ''] = owner.split('/');
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1';
  return { apiVersion, kind, name, uid: `${kind}-${name}`, controller: true };
};

const condition = (type: string, status: string, reason = '') => ({
  type,
  status,
  reason,
  lastTransitionTime: HOUR_AGO,
});
const running = { running: { startedAt: HOUR_AGO } };
const crashed = { exitCode: 1, reason: 'Error', startedAt: HOUR_AGO, finishedAt: time(THEN - 60_000) };
const backingOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } };

function pod(name: string, status: Fields = {}, spec: Fields = {}): object {
  return object(
    ...(['v1', 'Pod', name] as const),
    {
      spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'app:1' }], ...spec },
      status: {
        ...{ phase: 'Running', startTime: HOUR_AGO, podIP: '10.0.0.1' },
        conditions: [condition('Ready', 'True'), condition('PodScheduled', 'True')],
        containerStatuses: [container({ state: running, ready: true })],
        ...status,
      },
    },
    'ReplicaSet/web',
  );
}
const container = (more: Fields) => ({
  ...{ name: 'app', image: 'app:1', imageID: 'x', restartCount: 0, ready: false, lastState: {} },
  ...more,
});
const looping = (more: Fields = {}, status: Fields = {}) =>
  pod('bad', {
    conditions: [condition('Ready', 'False'), condition('PodScheduled', 'True')],
    containerStatuses: [container({ state: backingOff, lastState: { terminated: crashed }, restartCount: 3, ...more })],
    ...status,
  });
const trying = {
  state: { running: { startedAt: time(NOW - 1000) } },
  lastState: { terminated: { ...crashed, finishedAt: time(NOW - 300_000) } },
  restartCount: 8,
};
const set = (status: Fields, spec: Fields = { replicas: 2 }) =>
  object('apps/v1', 'ReplicaSet', 'web', { spec, status }, 'Deployment/web');
const deployment = (status: Fields, spec: Fields = { replicas: 2 }) =>
  object('apps/v1', 'Deployment', 'web', { spec, status });
const event = (name: string, reason: string, about: object, more: Fields = {}) => {
  const { kind, metadata } = about as { kind: string; metadata: { name: string; uid: string } };
  return object('v1', 'Event', name, {
    ...{ involvedObject: { kind, namespace: 'shop', name: metadata.name, uid: metadata.uid }, reason },
    ...{ type: 'Warning', lastTimestamp: time(THEN), count: 1, ...more },
  });
};
const other = event('other', 'Pulled', pod('elsewhere'));

describe('time explains', () => {
  it.each<[string, readonly object[], readonly object[]]>([
    ['a container that fails in the same way again', [looping()], [looping(trying)]],
    [
      'owners that count it as ready now and then',
      [looping(), set({ replicas: 2, readyReplicas: 1 }), deployment({ replicas: 2, readyReplicas: 1 })],
      [looping(trying), set({ replicas: 2, readyReplicas: 2 }), deployment({ replicas: 2, readyReplicas: 2 })],
    ],
    [
      'conditions that change their order as one of them changes',
      [
        looping(),
        set({}),
        deployment({ conditions: [condition('Available', 'False'), condition('Progressing', 'True')] }),
      ],
      [
        looping(),
        set({}),
        deployment({ conditions: [condition('Progressing', 'True'), condition('Available', 'True')] }),
      ],
    ],
    [
      'events that are told again',
      [event('e', 'BackOff', looping())],
      [event('e', 'BackOff', looping(), { count: 9, lastTimestamp: time(NOW) })],
    ],
    ['events that are an hour old', [event('e', 'Started', pod('a'), { lastTimestamp: HOUR_AGO })], []],
    ['the certificate that every namespace has', [other], [other, object('v1', 'ConfigMap', 'kube-root-ca.crt')]],
    ['absent parts of a status', [pod('a', { hostIPs: [] })], [pod('a')]],
  ])('%s', (_, before, after) => {
    expect(unexplained(before, after)).toEqual([]);
  });

  it('an autoscaler that goes on reporting the same', () => {
    const status = (updatedAt: number, message: string): AutoscalerStatus => ({
      ...{ format: 'yaml', updatedAt, status: 'Running', health: 'Healthy', scaleUp: '', scaleDown: '' },
      nodeGroups: [groupWith(message)],
    });
    const [before, after] = [status(THEN, "Instance 'a-1' failed"), status(NOW, "Instance 'a-2' failed")];
    expect(cloudsDiffer({ autoscaler: before }, { autoscaler: after })).toEqual([]);
    const gone = { ...after, nodeGroups: [] };
    expect(cloudsDiffer({ autoscaler: before }, { autoscaler: gone })).toEqual(['changed cloud autoscaler']);
  });

  it('decisions that are taken again, and no others', () => {
    const record = (at: number, type: VisibilityRecord['type'], group: string): VisibilityRecord => ({
      ...{ at, type, eventId: '', messageId: '', parameters: [], pods: [], groups: [group] },
    });
    const [first, again] = [record(THEN, 'no-scale-up', 'a'), record(NOW, 'no-scale-up', 'a')];
    expect(cloudsDiffer({ visibility: [first] }, { visibility: [first, again] })).toEqual([]);
    const wrong = [[first, record(NOW, 'scale-up', 'a')], [first, record(NOW, 'no-scale-up', 'b')], [again], []];
    for (const visibility of wrong)
      expect(cloudsDiffer({ visibility: [first] }, { visibility })).toEqual(['changed cloud visibility']);
  });
});

const groupWith = (errorMessage: string) => ({
  ...{ name: 'a', health: 'Healthy', ready: 1, target: 1, minSize: 0, maxSize: 3, scaleUp: 'Backoff', scaleDown: '' },
  backoff: { errorCode: 'QUOTA_EXCEEDED', errorMessage },
});

function cloudsDiffer(before: Partial<CloudSnapshot>, after: Partial<CloudSnapshot>): readonly string[] {
  return told(snapshotAt(THEN, [pod('a')], before), snapshotAt(NOW, [pod('a')], after));
}

describe('time does not explain', () => {
  const policy = (spec: Fields) => object('networking.k8s.io/v1', 'NetworkPolicy', 'web', { spec });
  const endpoints = (...names: readonly string[]) =>
    object('v1', 'Endpoints', 'web', {
      subsets: [
        { addresses: names.map((name) => ({ ip: `10.0.0.${name.length}`, targetRef: { kind: 'Pod', name } })) },
      ],
    });
  const service = (ingress: readonly object[]) =>
    object('v1', 'Service', 'web', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress } } });
  const job = object('batch/v1', 'Job', 'sum', { spec: {}, status: { active: 1 } });
  const budget = object('policy/v1', 'PodDisruptionBudget', 'web', { spec: { selector: { matchLabels: {} } } });

  it.each<[string, readonly object[], readonly object[], string]>([
    ['a pod that moved', [pod('a')], [pod('a', {}, { nodeName: 'n2' })], 'changed /Pod/shop/a spec.nodeName'],
    ['a phase that changed', [pod('a')], [pod('a', { phase: 'Failed' })], 'changed /Pod/shop/a status.phase'],
    ['the end of a loop', [looping()], [looping({}, { phase: 'Failed' })], 'changed /Pod/shop/bad status.phase'],
    [
      'a loop of another failure',
      [looping()],
      [looping({ lastState: { terminated: { ...crashed, exitCode: 137 } } })],
      'changed /Pod/shop/bad status.containerStatuses[0].lastState.terminated.exitCode',
    ],
    [
      'fewer restarts than before',
      [looping()],
      [looping({ restartCount: 1 })],
      'changed /Pod/shop/bad status.containerStatuses[0].restartCount',
    ],
    [
      'a new pod that waits',
      [pod('a')],
      [pod('a'), pod('b', { phase: 'Pending' }, { nodeName: '' })],
      'added /Pod/shop/b',
    ],
    ['a pod of a loop that is gone', [looping(), set({})], [set({})], 'removed /Pod/shop/bad'],
    [
      'a Deployment that is scaled',
      [looping(), set({}), deployment({})],
      [looping(), set({}), deployment({}, { replicas: 5 })],
      'changed apps/Deployment/shop/web spec.replicas',
    ],
    [
      'more pods of an owner of a loop',
      [looping(), set({ replicas: 2 })],
      [looping(), set({ replicas: 3 })],
      'changed apps/ReplicaSet/shop/web status.replicas',
    ],
    [
      'events about an owner of a loop that were not told before',
      [looping(), set({}), other],
      [looping(), set({}), other, event('e', 'SuccessfulDelete', set({}))],
      'added /Event/shop/e',
    ],
    [
      'an address that appeared',
      [service([])],
      [service([{ ip: '34.1.2.3' }])],
      'changed /Service/shop/web status.loadBalancer.ingress[0]',
    ],
    [
      'a sound pod that is no longer behind a Service of a loop',
      [looping(), pod('good'), endpoints('bad', 'good')],
      [looping(), pod('good'), endpoints('bad')],
      'changed /Endpoints/shop/web subsets[0].addresses[1]',
    ],
    [
      'an empty rule that is gone: it allowed everything',
      [policy({ ingress: [{}] })],
      [policy({ ingress: [] })],
      'changed networking.k8s.io/NetworkPolicy/shop/web spec.ingress[0]',
    ],
    ['a new ConfigMap', [other], [other, object('v1', 'ConfigMap', 'settings')], 'added /ConfigMap/shop/settings'],
    ['a running Job that is gone', [job], [], 'removed batch/Job/shop/sum'],
    [
      'a budget that lost its pods',
      [pod('a'), budget, other],
      [pod('a'), budget, other, event('e', 'NoPods', budget)],
      'added /Event/shop/e',
    ],
    [
      'a new failure where no events were read',
      [pod('a')],
      [pod('a'), event('e', 'FailedScheduling', pod('a'))],
      'added /Event/shop/e',
    ],
    [
      'a start that fails',
      [pod('a', { ...starting(), phase: 'Pending' })],
      [pod('a', { ...starting(), containerStatuses: [container({ state: backingOff })] })],
      'changed /Pod/shop/a status.phase',
    ],
  ])('%s', (_, before, after, wanted) => {
    expect(unexplained(before, after)).toContain(wanted);
  });
});

/** Of a pod that was made a minute ago. */
function starting(): Fields {
  return {
    startTime: time(THEN - 60_000),
    conditions: [condition('Ready', 'False')],
    containerStatuses: [container({ state: { waiting: { reason: 'ContainerCreating' } } })],
  };
}
