import { describe, expect, it } from 'vitest';
import type { Pod } from '../../model/kinds.ts';
import { LEASES, NODES, PODS, PRIORITY_CLASSES } from '../api/built-in-types.ts';
import { KubeletScene } from './kubelet.suite.ts';

const MEBIBYTE = 1_048_576;
const using = (mebibytes: number) => ({ usage: () => ({ cpuMillis: 10, memoryBytes: mebibytes * MEBIBYTE }) });

describe('a node whose kubelet is stopped', () => {
  it('is not heard of any more, and its pods go on', () => {
    const scene = new KubeletScene();
    const { kubelets, clock, api } = scene.cluster;
    scene.run('web');
    scene.pass(25_000);
    expect(kubelets.heardAt('n1')).toBe(scene.startAt + 20_000);
    kubelets.stopNode('n1');
    scene.run('late');
    scene.pass(60_000);
    expect(kubelets.heardAt('n1')).toBe(scene.startAt + 20_000);
    expect(api.get(LEASES, 'kube-node-lease', 'n1')).toMatchObject({
      spec: { holderIdentity: 'n1', renewTime: '2025-01-01T00:00:20.000000Z' },
    });
    expect(scene.status('late').phase).not.toBe('Running');
    kubelets.startNode('n1');
    scene.pass(5000);
    expect(kubelets.heardAt('n1')).toBe(clock.now - (clock.now % 10_000));
    expect(scene.container('web')).toMatchObject({ restartCount: 0, ready: true });
    expect(scene.status('late').phase).toBe('Running');
  });

  it('starts its pods anew after the machine was off', () => {
    const scene = new KubeletScene({ images: { 'init:1': { exitsAfterMs: 100 } } });
    scene.run('web', { initContainers: [{ name: 'init', image: 'init:1' }] });
    scene.run('task', { restartPolicy: 'Never' });
    scene.pass(20_000);
    scene.cluster.kubelets.stopNode('n1', { machine: true });
    scene.pass(100_000);
    scene.cluster.kubelets.startNode('n1');
    scene.pass(10_000);
    expect(scene.container('web')).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown', finishedAt: '2025-01-01T00:00:20Z' } },
    });
    expect(scene.container('web', 'init')).toMatchObject({ restartCount: 1, ready: true });
    expect(scene.status('task').phase).toBe('Failed');
    expect(scene.events('web')).toContain('SandboxChanged: Pod sandbox changed, it will be killed and re-created.');
  });

  it('finds that pods were deleted meanwhile', () => {
    const scene = new KubeletScene();
    scene.run('web');
    scene.pass(5000);
    scene.cluster.kubelets.stopNode('n1');
    scene.cluster.api.delete(PODS, 'shop', 'web');
    scene.pass(60_000);
    expect(scene.pod('web')).toBeDefined();
    scene.cluster.kubelets.startNode('n1');
    scene.pass(1000);
    expect(scene.pod('web')).toBeUndefined();
  });
});

describe('a kubelet refuses pods', () => {
  const big = { requests: { cpu: '3' } };

  it('that do not fit', () => {
    const scene = new KubeletScene();
    for (const name of ['a', 'b']) scene.run(name, { containers: [{ name: 'app', image: 'app:1', resources: big }] });
    scene.pass(5000);
    const message = "Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000";
    expect(scene.status('b')).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: `Pod was rejected: ${message}`,
    });
    expect(scene.status('b').containerStatuses).toBeUndefined();
    expect(scene.events('b')).toEqual([`OutOfcpu: ${message}`]);
    expect(scene.status('a').phase).toBe('Running');
  });

  it('that do not belong there', () => {
    const scene = new KubeletScene();
    scene.run('web', { nodeSelector: { disk: 'ssd' } });
    scene.pass(100);
    expect(scene.status('web')).toMatchObject({
      phase: 'Failed',
      reason: 'NodeAffinity',
      message: "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    });
  });
});

describe('a node short of memory', () => {
  it('evicts who uses more than it asked for, and says so', () => {
    const images = { 'small:1': using(100), 'big:1': using(3000) };
    const scene = new KubeletScene({ images, nodes: { n1: { systemMemoryBytes: 13_300 * MEBIBYTE } } });
    const resources = { requests: { memory: '256Mi' } };
    scene.run('small', { containers: [{ name: 'app', image: 'small:1', resources }] });
    scene.run('big', { containers: [{ name: 'app', image: 'big:1', resources }] });
    scene.pass(30_000);
    const message =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 0Ki. ' +
      'Container app was using 3072000Ki, request is 256Mi, has larger consumption of memory. ';
    expect(scene.status('big')).toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
    expect(scene.condition('big', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'TerminationByKubelet',
      message,
    });
    expect(scene.events('big')).toContain(`Evicted: ${message}`);
    expect(scene.status('small').phase).toBe('Running');
    const pressure = () =>
      scene.cluster.api.get(NODES, '', 'n1').status?.conditions?.find(({ type }) => type === 'MemoryPressure');
    expect(pressure()).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' });
    scene.pass(320_000);
    expect(pressure()).toMatchObject({ status: 'False', reason: 'KubeletHasSufficientMemory' });
  });

  it('spares who matters most, and refuses pods without requests', () => {
    const scene = new KubeletScene();
    const metadata = { name: 'high' };
    const priorityClass = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 1000 };
    scene.cluster.api.create(PRIORITY_CLASSES, priorityClass);
    scene.run('important', { priorityClassName: 'high' });
    scene.run('plain');
    scene.pass(5000);
    scene.cluster.kubelets.press('n1', 'memory', 50 * MEBIBYTE);
    scene.pass(3000);
    expect(scene.status('plain').reason).toBe('Evicted');
    expect(scene.status('important').phase).toBe('Running');
    scene.run('late');
    scene.pass(1000);
    expect(scene.status('late')).toMatchObject({
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
    scene.cluster.kubelets.press('n1', 'memory', undefined);
    scene.pass(400_000);
    expect(scene.status('important').phase).toBe('Running');
  });

  it('ends pods that write more than they may', () => {
    const usage = (sinceMs: number) => ({ cpuMillis: 1, memoryBytes: 1, ephemeralBytes: sinceMs * 1000 });
    const scene = new KubeletScene({ images: { 'app:1': { usage } } });
    const resources = { limits: { 'ephemeral-storage': '20M' } };
    scene.run('web', { containers: [{ name: 'app', image: 'app:1', resources }] });
    scene.pass(40_000);
    expect(scene.status('web')).toMatchObject({
      reason: 'Evicted',
      message: 'Container app exceeded its local ephemeral storage limit "20M". ',
    });
  });
});

describe('usage and logs', () => {
  it('are read on demand', () => {
    const log = ['one', 'two', 'three'];
    const scene = new KubeletScene({ images: { 'app:1': { ...using(64), log } } });
    const { kubelets } = scene.cluster;
    scene.run('web');
    scene.pass(20_000);
    expect(kubelets.podMetrics('shop', 'web')).toMatchObject({
      kind: 'PodMetrics',
      timestamp: '2025-01-01T00:00:15Z',
      window: '15s',
      containers: [{ name: 'app', usage: { cpu: '10000000n', memory: '65536Ki' } }],
    });
    expect(kubelets.nodeMetrics('n1')?.usage).toEqual({ cpu: '110000000n', memory: '904397Ki' });
    expect(kubelets.logOf('shop', 'web', 'app')).toBe('one\ntwo\nthree\n');
    expect(kubelets.logOf('shop', 'web', 'app', { tailLines: 1, timestamps: true })).toBe(
      '2025-01-01T00:00:02.412000000Z three\n',
    );
    expect(kubelets.logOf('shop', 'web', 'app', { limitBytes: 5 })).toBe('one\nt');
    expect(kubelets.logOf('shop', 'web', 'app', { sinceSeconds: 3 })).toBe('');
    expect(() => kubelets.logOf('shop', 'web', 'app', { previous: true })).toThrow(
      'previous terminated container "app" in pod "web" not found',
    );
  });

  it('are there of the process before', () => {
    const images = { 'app:1': { exitsAfterMs: 1000, exitCode: 1, log: ['up'], lastWords: ['down'] } };
    const scene = new KubeletScene({ images });
    scene.run('web');
    scene.pass(7000);
    expect(scene.cluster.kubelets.logOf('shop', 'web', 'app', { previous: true })).toBe('up\ndown\n');
  });

  it.each([
    [{ pullMs: 60_000 }, 'container "app" in pod "web" is waiting to start: ContainerCreating'],
    [{ pullError: 'gone' }, 'container "app" in pod "web" is waiting to start: trying and failing to pull image'],
  ])('are not there before a start: %j', (image, message) => {
    const scene = new KubeletScene({ images: { 'app:1': image } });
    scene.run('web');
    scene.pass(5000);
    expect(() => scene.cluster.kubelets.logOf('shop', 'web', 'app')).toThrow(message);
  });
});

describe('a mirror pod', () => {
  it('is made again by its kubelet, and what it mirrors goes on', () => {
    const scene = new KubeletScene();
    const { uid } = scene.run('kube-proxy-n1', {}, { annotations: { 'kubernetes.io/config.mirror': 'abc' } } as Partial<
      Pod['metadata']
    >).metadata;
    scene.pass(5000);
    const { containerID } = scene.container('kube-proxy-n1') ?? {};
    scene.cluster.api.delete(PODS, 'shop', 'kube-proxy-n1');
    scene.pass(5000);
    expect(scene.pod('kube-proxy-n1')?.metadata.uid).not.toBe(uid);
    expect(scene.container('kube-proxy-n1')).toMatchObject({ containerID, ready: true, restartCount: 0 });
  });
});
