import { describe, expect, it } from 'vitest';
import type { Pod } from '../../model/kinds.ts';
import { PODS } from '../api/built-in-types.ts';
import { KubeletScene } from './kubelet.suite.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

function running(more: Partial<Container> = {}): KubeletScene {
  const scene = new KubeletScene();
  scene.run('other', { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '2' } } }] });
  scene.run('web', { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '1' } }, ...more }] });
  return scene.pass(5000);
}

function resize(scene: KubeletScene, cpu: string): KubeletScene {
  const changed = (pod: Pod): Pod => ({
    ...pod,
    spec: {
      ...pod.spec,
      containers: (pod.spec?.containers ?? []).map((one) => ({ ...one, resources: { requests: { cpu } } })),
    },
  });
  scene.cluster.api.change(PODS, 'shop', 'web', changed, { subresource: 'resize' });
  return scene.pass(3000);
}

const granted = (scene: KubeletScene) =>
  (scene.container('web') as { allocatedResources?: object } | undefined)?.allocatedResources;

describe('resizing in place', () => {
  it('is done where the node has room, without a restart', () => {
    const scene = resize(running(), '1500m');
    expect(granted(scene)).toEqual({ cpu: '1500m' });
    expect(scene.container('web')).toMatchObject({ restartCount: 0, ready: true });
    expect(scene.condition('web', 'PodResizePending')).toBeUndefined();
    expect(scene.condition('web', 'PodResizeInProgress')).toBeUndefined();
  });

  it('restarts a container that wants it', () => {
    const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }];
    const scene = resize(running({ resizePolicy }), '500m');
    expect(granted(scene)).toEqual({ cpu: '500m' });
    expect(scene.container('web')).toMatchObject({ restartCount: 1 });
  });

  it('waits while others hold what it needs', () => {
    const scene = resize(running(), '3');
    expect(granted(scene)).toEqual({ cpu: '1' });
    expect(scene.condition('web', 'PodResizePending')).toMatchObject({
      status: 'True',
      reason: 'Deferred',
      message: "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000",
    });
    scene.cluster.api.delete(PODS, 'shop', 'other');
    scene.pass(120_000);
    expect(granted(scene)).toEqual({ cpu: '3' });
  });

  it('is infeasible beyond what the node has', () => {
    const scene = resize(running(), '5');
    expect(scene.condition('web', 'PodResizePending')).toMatchObject({
      reason: 'Infeasible',
      message: "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000",
    });
  });
});

describe('ephemeral containers', () => {
  it('run beside the others, and are not started again', () => {
    const scene = new KubeletScene({ images: { 'debug:1': { exitsAfterMs: 2000, exitCode: 1 } } });
    scene.run('web');
    scene.pass(5000);
    const ephemeralContainers = [{ name: 'debugger', image: 'debug:1' }];
    scene.cluster.api.change(
      PODS,
      'shop',
      'web',
      (pod) => ({ ...pod, spec: { ...pod.spec, containers: pod.spec?.containers ?? [], ephemeralContainers } }) as Pod,
      { subresource: 'ephemeralcontainers' },
    );
    scene.pass(3000);
    expect(scene.container('web', 'debugger')).toMatchObject({ state: { running: {} } });
    scene.pass(60_000);
    expect(scene.container('web', 'debugger')).toMatchObject({
      state: { terminated: { exitCode: 1 } },
      restartCount: 0,
    });
    expect(scene.status('web').phase).toBe('Running');
    expect(scene.condition('web', 'Ready')?.status).toBe('True');
  });
});
