import { describe, expect, it } from 'vitest';
import { NODES } from '../api/built-in-types.ts';
import { KubeletScene } from './kubelet.suite.ts';

describe('a pod on a node', () => {
  it('runs and becomes ready', () => {
    const scene = new KubeletScene();
    scene.run('web', {
      containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '100m' }, limits: { cpu: '1' } } }],
    });
    scene.pass(5000);
    const status = scene.status('web');
    expect(status).toMatchObject({
      phase: 'Running',
      qosClass: 'Burstable',
      hostIP: expect.stringMatching(/^172\./),
      podIP: '10.64.0.2',
      podIPs: [{ ip: '10.64.0.2' }],
      startTime: '2025-01-01T00:00:00Z',
    });
    expect(status.conditions?.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(status.containerStatuses).toEqual([
      {
        name: 'app',
        state: { running: { startedAt: '2025-01-01T00:00:02Z' } },
        lastState: {},
        ready: true,
        started: true,
        restartCount: 0,
        image: 'docker.io/library/app:1',
        imageID: expect.stringMatching(/^docker\.io\/library\/app@sha256:[0-9a-f]{64}$/),
        containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
        allocatedResources: { cpu: '100m' },
        resources: { requests: { cpu: '100m' }, limits: { cpu: '1' } },
      },
    ]);
  });

  it('is told of in events, with the image pulled once', () => {
    const scene = new KubeletScene();
    scene.run('web');
    scene.pass(5000);
    scene.run('other');
    scene.pass(5000);
    expect(scene.events('web')).toEqual([
      'Pulling: Pulling image "app:1"',
      'Pulled: Successfully pulled image "app:1" in 2s (2s including waiting). Image size: 52428800 bytes.',
      'Created: Container created',
      'Started: Container started',
    ]);
    expect(scene.events('other')).toEqual([
      'Pulled: Container image "app:1" already present on machine and can be accessed by the pod',
      'Created: Container created',
      'Started: Container started',
    ]);
  });

  it('waits with ContainerCreating while its image is pulled', () => {
    const scene = new KubeletScene();
    scene.run('web');
    scene.pass(1000);
    expect(scene.status('web')).toMatchObject({ phase: 'Pending' });
    expect(scene.container('web')).toMatchObject({
      state: { waiting: { reason: 'ContainerCreating' } },
      ready: false,
      started: false,
      image: 'app:1',
      imageID: '',
    });
    expect(scene.condition('web', 'PodReadyToStartContainers')).toMatchObject({ status: 'True' });
    expect(scene.condition('web', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [app]',
    });
  });

  it('costs nothing once it runs', () => {
    const scene = new KubeletScene();
    const waiting = scene.cluster.clock.waiting;
    scene.run('web');
    scene.pass(60_000);
    const { revision } = scene.cluster.api.store;
    scene.pass(600_000);
    expect(scene.cluster.api.store.revision).toBe(revision);
    expect(scene.cluster.clock.waiting).toBeLessThanOrEqual(waiting + 1);
  });

  it('goes after the grace period, and leaves its address', () => {
    const scene = new KubeletScene({ images: { 'app:1': { stopMs: 3000 } } });
    scene.run('web');
    scene.pass(5000);
    scene.cluster.api.delete(scene.cluster.api.types.byKind('', 'Pod') as never, 'shop', 'web');
    scene.pass(2500);
    expect(scene.container('web')).toMatchObject({ state: { running: {} } });
    scene.pass(1000);
    expect(scene.pod('web')).toBeUndefined();
    expect(scene.events('web').at(-1)).toBe('Killing: Stopping container app');
  });
});

describe('a node', () => {
  it('registers as a kubelet does', () => {
    const { cluster } = new KubeletScene();
    cluster.kubelets.addNode({
      name: 'n2',
      zone: 'europe-west1-b',
      instanceType: 'e2-standard-4',
      capacity: { cpu: '2' },
      reserved: { cpu: '60m', memory: '1Gi' },
    });
    const node = cluster.api.get(NODES, '', 'n2');
    expect(node.status?.capacity).toMatchObject({ cpu: '2', memory: '16Gi', pods: '110' });
    expect(node.status?.allocatable).toMatchObject({ cpu: '1940m', memory: '15Gi', pods: '110' });
    expect(node.metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'n2',
      'topology.kubernetes.io/zone': 'europe-west1-b',
    });
    expect(node.status?.conditions?.map(({ type, reason }) => `${type} ${reason ?? ''}`)).toEqual([
      'MemoryPressure KubeletHasSufficientMemory',
      'DiskPressure KubeletHasNoDiskPressure',
      'PIDPressure KubeletHasSufficientPID',
      'Ready KubeletReady',
    ]);
  });
});
