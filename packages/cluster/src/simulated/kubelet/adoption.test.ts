import { describe, expect, it } from 'vitest';
import type { Event, Pod } from '../../model/kinds.ts';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import { CONFIG_MAPS, EVENTS, PODS } from '../api/built-in-types.ts';
import { HEALTHY } from './behaviour.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

const OBSERVED_AT = Date.UTC(2025, 8, 27, 12);
const ago = (ms: number) => new Date(OBSERVED_AT - ms).toISOString().replace('.000Z', 'Z');
const HOUR = 3_600_000;

const node = {
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'n1' } },
  status: {
    allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
    addresses: [{ type: 'InternalIP', address: '172.16.0.9' }],
    conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: ago(10_000), lastTransitionTime: ago(HOUR) }],
  },
};

const ended = (exitCode: number, reason: string, ranMs = 5000, agoMs = 60_000) => ({
  terminated: {
    exitCode,
    reason,
    containerID: 'containerd://old',
    startedAt: ago(agoMs + ranMs),
    finishedAt: ago(agoMs),
  },
});

/** A pod whose only container is as told. */
function pod(name: string, container: object, more: { readonly spec?: object; readonly status?: object } = {}): object {
  const isReady = (container as { ready?: boolean }).ready === true;
  const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: ago(HOUR) });
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp: ago(HOUR) },
    spec: { nodeName: 'n1', restartPolicy: 'Always', containers: [{ name: 'app', image: 'app:1' }], ...more.spec },
    status: {
      phase: 'Running',
      podIP: '10.1.0.7',
      startTime: ago(HOUR),
      conditions: [
        condition('Initialized', 'True'),
        condition('Ready', isReady ? 'True' : 'False'),
        condition('ContainersReady', isReady ? 'True' : 'False'),
        condition('PodScheduled', 'True'),
      ],
      containerStatuses: [
        {
          name: 'app',
          image: 'app:1',
          imageID: 'app@sha256:1',
          ready: false,
          restartCount: 0,
          lastState: {},
          ...container,
        },
      ],
      ...more.status,
    },
  };
}

function load(...objects: readonly object[]): SimulatedCluster {
  const builder = new SnapshotBuilder();
  for (const object of [node, ...objects]) builder.add(structuredClone(object), 'test');
  const source = { kind: 'dump', name: 'test' } as const;
  const snapshot = builder.build({ source, observedAt: OBSERVED_AT, serverVersion: 'v1.33.4' });
  return new SimulatedCluster({ snapshot, behaviours: HEALTHY });
}

const statusOf = ({ api }: SimulatedCluster, name: string) =>
  api.get(PODS, 'shop', name).status?.containerStatuses?.[0];
const running = { state: { running: { startedAt: ago(HOUR) } }, ready: true, started: true, restartCount: 3 };

describe('a recorded pod', () => {
  it.each([
    ['that runs', pod('web', running)],
    [
      'that is over',
      pod(
        'web',
        { state: ended(0, 'Completed') },
        { spec: { restartPolicy: 'Never' }, status: { phase: 'Succeeded' } },
      ),
    ],
    [
      'that is not ready for its probe',
      pod(
        'web',
        { ...running, ready: false },
        { spec: { containers: [{ name: 'app', image: 'app:1', readinessProbe: { tcpSocket: { port: 1 } } }] } },
      ),
    ],
  ])('%s stays as it is', (_, object) => {
    const cluster = load(object);
    const { status } = cluster.api.get(PODS, 'shop', 'web');
    cluster.clock.advance(10 * HOUR);
    expect(cluster.api.get(PODS, 'shop', 'web').status).toEqual(status);
  });

  it('in a crash loop goes on crashing, in its own time', () => {
    const message = 'back-off 2m40s restarting failed container=app pod=web_shop(web)';
    const waiting = {
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: ended(1, 'Error'),
      restartCount: 6,
    };
    const cluster = load(pod('web', waiting));
    cluster.clock.advance(90_000);
    expect(statusOf(cluster, 'web')).toMatchObject(waiting);
    cluster.clock.advance(12_000);
    expect(statusOf(cluster, 'web')).toMatchObject({ restartCount: 7, state: { running: {} } });
    cluster.clock.advance(8000);
    expect(statusOf(cluster, 'web')).toMatchObject({
      restartCount: 7,
      state: { waiting: { reason: 'CrashLoopBackOff', message: message.replace('2m40s', '5m0s') } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
  });

  it('that ran out of memory does so again, unless it may use more', () => {
    const spec = { containers: [{ name: 'app', image: 'app:1', resources: { limits: { memory: '64Mi' } } }] };
    const waiting = {
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container=app pod=x' } },
      lastState: ended(137, 'OOMKilled'),
      restartCount: 1,
    };
    const cluster = load(pod('web', waiting, { spec }));
    cluster.clock.advance(60_000);
    expect(statusOf(cluster, 'web')?.lastState?.terminated?.reason).toBe('OOMKilled');
    expect(statusOf(cluster, 'web')?.restartCount).toBeGreaterThan(1);
    const bigger = {
      containers: [{ name: 'app', image: 'app:1', resources: { limits: { memory: '128Mi' } } }],
      nodeName: 'n1',
    };
    cluster.api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'new', namespace: 'shop' },
      spec: bigger,
    } as Pod);
    cluster.clock.advance(HOUR);
    expect(statusOf(cluster, 'new')).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('whose image cannot be pulled retries with the same words', () => {
    const message = 'Back-off pulling image "app:1": ErrImagePull: not found';
    const waiting = { state: { waiting: { reason: 'ImagePullBackOff', message } }, imageID: '' };
    const cluster = load(pod('web', waiting, { status: { phase: 'Pending' } }));
    cluster.clock.advance(60_000);
    expect(statusOf(cluster, 'web')).toMatchObject(waiting);
    const seen = new Set<string>();
    for (let minute = 0; minute < 3000; minute++) {
      cluster.clock.advance(1000);
      const { reason = '', message: text = '' } = statusOf(cluster, 'web')?.state?.waiting ?? {};
      seen.add(`${reason} ${text}`);
    }
    expect([...seen].sort()).toEqual(['ErrImagePull not found', `ImagePullBackOff ${message}`]);
    const pulls = [...cluster.api.store.list(EVENTS, 'shop')].filter(({ reason }: Event) => reason === 'Pulling');
    expect(pulls[0]?.count).toBeGreaterThan(2);
  });

  it.each([
    ['is not reached', ['dial tcp: lookup r.example on 169.254.169.254:53: no such host'], true],
    ['limits how often it is asked', ['429 Too Many Requests - Server message: toomanyrequests'], true],
    ['lacks one image', ['not found'], false],
    ['refuses one image', ['403 Forbidden'], false],
    ['refuses several images', ['403 Forbidden', '403 Forbidden'], true],
  ])('whose registry %s leaves others what their node has, and what that registry gives', (_, errors, isAll) => {
    const waiting = errors.map((error, i) => {
      const image = `r.example/p${i}:2`;
      const message = `failed to resolve reference "${image}": ${error}`;
      const status = { state: { waiting: { reason: 'ErrImagePull', message } }, imageID: '' };
      const spec = { containers: [{ name: 'app', image }] };
      return pod(`p${i}`, status, { spec, status: { phase: 'Pending', podIP: `10.1.0.2${i}` } });
    });
    const images = [{ names: ['r.example/kept:1'], sizeBytes: 1000 }];
    const cluster = load(...waiting, {
      ...node,
      metadata: { name: 'n2', uid: 'n2' },
      status: { ...node.status, images },
    });
    for (const name of ['kept', 'other'])
      cluster.api.create(PODS, {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } },
        spec: { nodeName: 'n2', containers: [{ name: 'app', image: `r.example/${name}:1` }] },
      } as Pod);
    cluster.clock.advance(12_000);
    expect(statusOf(cluster, 'kept')?.ready).toBe(true);
    const { message } = statusOf(cluster, 'other')?.state?.waiting ?? {};
    expect(message?.includes('reference "r.example/other:1": ') === true).toBe(isAll);
  });

  it('that waits for a ConfigMap starts with it', () => {
    const waiting = {
      state: { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "c" not found' } },
    };
    const spec = { containers: [{ name: 'app', image: 'app:1', envFrom: [{ configMapRef: { name: 'c' } }] }] };
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'shop' } };
    const cluster = load(other, pod('web', waiting, { spec, status: { phase: 'Pending' } }));
    cluster.clock.advance(60_000);
    expect(statusOf(cluster, 'web')).toMatchObject(waiting);
    cluster.api.create(CONFIG_MAPS, { ...other, metadata: { name: 'c', namespace: 'shop' } } as never);
    cluster.clock.advance(60_000);
    expect(statusOf(cluster, 'web')).toMatchObject({ ready: true });
  });

  it('that hangs at its start for reasons outside of its objects goes on hanging', () => {
    const event = {
      ...{
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'e', namespace: 'shop' },
        reason: 'FailedCreatePodSandBox',
      },
      ...{ message: 'Failed to create pod sandbox: no addresses', type: 'Warning', lastTimestamp: ago(1000), count: 9 },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'web' },
    };
    const waiting = { state: { waiting: { reason: 'ContainerCreating' } } };
    const status = { phase: 'Pending', podIP: undefined };
    const cluster = load(event, pod('web', waiting, { status }));
    cluster.clock.advance(HOUR / 2);
    expect(statusOf(cluster, 'web')).toMatchObject(waiting);
    const told = [...cluster.api.store.list(EVENTS, 'shop')].filter(({ message }: Event) => message === event.message);
    expect(told.length).toBeGreaterThan(1);
  });

  it('whose volume is damaged does not start, nor does what replaces it; pods with other volumes do', () => {
    const why = 'mount failed: exit status 32: mount: wrong fs type, bad option, bad superblock on /dev/sdb';
    const event = {
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'shop' }, reason: 'FailedMount' },
      message: `MountVolume.MountDevice failed for volume "pv-of-store" : ${why}`,
      ...{ type: 'Warning', lastTimestamp: ago(1000), count: 9 },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'db', uid: 'db' },
    };
    const driver = {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'files.example.com' } },
      spec: { attachRequired: false },
    };
    const claimed = (name: string) => [
      {
        ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `pv-of-${name}` } },
        spec: { csi: { driver: driver.metadata.name, volumeHandle: name } },
      },
      {
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'shop' } },
        ...{ spec: { volumeName: `pv-of-${name}`, storageClassName: '' }, status: { phase: 'Bound' } },
      },
    ];
    const specWith = (claimName: string) => ({
      nodeName: 'n1',
      volumes: [{ name: 'files', persistentVolumeClaim: { claimName } }],
      containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'files', mountPath: '/files' }] }],
    });
    const waiting = { state: { waiting: { reason: 'ContainerCreating' } } };
    const status = { phase: 'Pending', podIP: undefined };
    const objects = [event, driver, ...claimed('store'), ...claimed('cache')];
    const cluster = load(...objects, pod('db', waiting, { spec: specWith('store'), status }));
    cluster.clock.advance(60_000);
    cluster.api.delete(PODS, 'shop', 'db', { gracePeriodSeconds: 0 });
    for (const [name, claim] of [
      ['db', 'store'],
      ['other', 'cache'],
    ] as const)
      cluster.api.create(PODS, {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } },
        spec: specWith(claim),
      } as never);
    cluster.clock.advance(HOUR / 2);
    expect(statusOf(cluster, 'db')).toMatchObject(waiting);
    expect(statusOf(cluster, 'other')).toMatchObject({ ready: true });
    const told = [...cluster.api.store.list(EVENTS, 'shop')].filter(({ message }: Event) => message === event.message);
    expect(told.length).toBeGreaterThan(1);
  });

  it('uses what it was seen to use, and so does what replaces it', () => {
    const series = (value: number) => ({ times: [OBSERVED_AT - 60_000, OBSERVED_AT], values: [1, value] });
    const usage = { namespace: 'shop', pod: 'web', container: 'app', cpu: series(70), memory: series(100 * 1_048_576) };
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'gone', controller: true };
    const owned = (one: object) => {
      const { metadata } = one as Pod;
      return { ...one, metadata: { ...metadata, ownerReferences: [owner] } };
    };
    const builder = new SnapshotBuilder();
    for (const object of [node, owned(pod('web', running))]) builder.add(structuredClone(object), 'test');
    const source = { kind: 'dump', name: 'test' } as const;
    const parts = { source, observedAt: OBSERVED_AT, serverVersion: 'v1.36.0' };
    const snapshot = builder.build({ ...parts, usage: { sources: ['test'], containers: [usage] } });
    const cluster = new SimulatedCluster({ snapshot });
    cluster.clock.advance(60_000);
    const used = { cpu: '70000000n', memory: '102400Ki' };
    expect(cluster.kubelets.podMetrics('shop', 'web')?.containers).toEqual([{ name: 'app', usage: used }]);
    const limited = (name: string, memory: string) =>
      cluster.api.create(PODS, {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ownerReferences: [owner] } },
        spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'app:1', resources: { limits: { memory } } }] },
      } as Pod);
    limited('enough', '128Mi');
    limited('scarce', '64Mi');
    cluster.clock.advance(60_000);
    expect(cluster.kubelets.podMetrics('shop', 'enough')?.containers).toEqual([{ name: 'app', usage: used }]);
    expect(statusOf(cluster, 'enough')?.restartCount).toBe(0);
    expect(statusOf(cluster, 'scarce')?.lastState?.terminated?.reason).toBe('OOMKilled');
  });

  it('that should have gone long ago lingers on', () => {
    const lingering = pod('web', running) as Pod;
    const metadata = { ...lingering.metadata, deletionTimestamp: ago(HOUR), deletionGracePeriodSeconds: 30 };
    const cluster = load({ ...lingering, metadata });
    cluster.clock.advance(HOUR);
    expect(statusOf(cluster, 'web')).toMatchObject(running);
    cluster.api.delete(PODS, 'shop', 'web', { gracePeriodSeconds: 0 });
    expect(cluster.api.store.get(PODS, 'shop', 'web')).toBeUndefined();
  });

  it('keeps its address for itself', () => {
    const cluster = load(pod('web', running));
    const spec = { nodeName: 'n1', containers: [{ name: 'app', image: 'app:1' }] };
    cluster.api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'new', namespace: 'shop' },
      spec,
    } as Pod);
    cluster.clock.advance(10_000);
    expect(cluster.api.get(PODS, 'shop', 'new').status?.podIP).not.toBe('10.1.0.7');
    expect(statusOf(cluster, 'new')?.ready).toBe(true);
  });

  it('that ran where no root may shows that its image has another user, whatever the tag', () => {
    const cluster = load(node, pod('web', { ...running }, { spec: { securityContext: { runAsNonRoot: true } } }));
    const image = (name: string) => ({
      containers: [{ name: 'app', image: name }],
      securityContext: { runAsNonRoot: true },
    });
    const create = (name: string, spec: object) =>
      cluster.api.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec } as never);
    create('later', image('app:99'));
    create('other', image('registry.example.com/other:1'));
    cluster.clock.advance(60_000);
    expect(statusOf(cluster, 'later')?.state?.running).toBeDefined();
    expect(statusOf(cluster, 'other')?.state?.waiting?.reason).toBe('CreateContainerConfigError');
  });
});
