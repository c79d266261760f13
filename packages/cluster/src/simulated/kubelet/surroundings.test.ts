import { describe, expect, it } from 'vitest';
import { LEASES, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS } from '../api/built-in-types.ts';
import type { ContainerBehaviour } from './behaviour.ts';
import { KubeletScene } from './kubelet.suite.ts';

const claimed = {
  containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
};

/** A claim bound to a volume of a CSI driver. */
function withVolume(scene: KubeletScene): KubeletScene {
  const { store } = scene.cluster.api;
  const spec = {
    accessModes: ['ReadWriteOnce'],
    csi: { driver: 'd.example.com', volumeHandle: 'h' },
    claimRef: { namespace: 'shop', name: 'data', uid: 'claim' },
  };
  const claim = { spec: { volumeName: 'pv-1' }, status: { phase: 'Bound' } };
  store.put(PERSISTENT_VOLUMES, {
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv-1', uid: 'volume' } },
    ...{ spec, status: { phase: 'Bound' } },
  });
  store.put(PERSISTENT_VOLUME_CLAIMS, {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'shop', uid: 'claim' } },
    ...claim,
  });
  return scene;
}

describe('volumes of claims', () => {
  it('are waited for until they are attached', () => {
    const scene = withVolume(new KubeletScene());
    scene.run('db', claimed);
    scene.pass(500);
    expect(scene.status('db').phase).toBe('Pending');
    expect(scene.condition('db', 'PodReadyToStartContainers')?.status).toBe('False');
    scene.pass(10_000);
    expect(scene.status('db').phase).toBe('Running');
    expect(scene.events('db').filter((event) => event.startsWith('FailedMount'))).toEqual([]);
  });

  it('are not there while another node has them', () => {
    const scene = withVolume(new KubeletScene());
    scene.cluster.kubelets.addNode({ name: 'n2' });
    scene.run('first', { ...claimed, nodeName: 'n2' });
    scene.pass(10_000);
    scene.run('db', claimed);
    scene.pass(130_000);
    expect(scene.status('db').phase).toBe('Pending');
    expect(scene.events('db')).toEqual([
      'FailedMount: Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data], failed to process volumes=[]: context deadline exceeded',
    ]);
    scene.cluster.api.delete(PODS, 'shop', 'first');
    scene.pass(60_000);
    expect(scene.status('db').phase).toBe('Running');
  });

  it('must have their claim', () => {
    const scene = new KubeletScene();
    scene.run('db', claimed);
    scene.pass(130_000);
    expect(scene.events('db')).toEqual([
      'FailedMount: Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: ' +
        'error processing PVC shop/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
    ]);
  });

  it('show what their driver says', () => {
    const nodes = { n1: { mountErrors: { 'd.example.com': 'rpc error: code = Internal desc = disk is gone' } } };
    const scene = withVolume(new KubeletScene({ nodes }));
    scene.run('db', claimed);
    scene.pass(1800);
    expect(scene.events('db')).toEqual([
      'FailedMount: MountVolume.MountDevice failed for volume "pv-1" : rpc error: code = Internal desc = disk is gone',
    ]);
  });
});

describe('the network', () => {
  it('can fail, and is tried again', () => {
    const scene = new KubeletScene({ nodes: { n1: { sandboxError: 'plugin type="calico" failed (add): timeout' } } });
    scene.run('web');
    scene.pass(15_000);
    expect(scene.events('web')[0]).toMatch(
      /^FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin type="calico" failed \(add\): timeout$/,
    );
    expect(scene.container('web')?.state?.waiting?.reason).toBe('ContainerCreating');
  });

  it('is waited for while the node has none', () => {
    const scene = new KubeletScene();
    const message =
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
    scene.cluster.api.changeStatus(NODES, '', 'n1', (node) => ({
      ...node,
      status: { ...node.status, conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message }] },
    }));
    scene.run('web');
    scene.run('agent', { hostNetwork: true });
    scene.pass(5000);
    expect(scene.events('web')[0]).toContain(`NetworkNotReady: network is not ready: ${message}`);
    expect(scene.container('web')?.state?.waiting?.reason).toBe('ContainerCreating');
    expect(scene.status('agent').phase).toBe('Running');
  });

  it('runs out of addresses, and has them again when pods go', () => {
    const scene = new KubeletScene();
    scene.cluster.kubelets.addNode({ name: 'n2', podCIDR: '10.9.0.0/30' });
    scene.run('a', { nodeName: 'n2' });
    scene.run('b', { nodeName: 'n2' });
    scene.pass(10_000);
    expect(scene.status('a').podIP).toBe('10.9.0.2');
    expect(scene.events('b')[0]).toMatch(
      /failed to allocate for range 0: no IP addresses available in range set: 10\.9\.0\.1-10\.9\.0\.2$/,
    );
    scene.cluster.api.delete(PODS, 'shop', 'a');
    scene.pass(30_000);
    expect(scene.status('b').podIP).toBe('10.9.0.2');
  });
});

describe('machines', () => {
  it('shut down in order', () => {
    const scene = new KubeletScene({ images: { 'app:1': { stopMs: 5000 } } });
    scene.run('web');
    scene.pass(5000);
    scene.cluster.kubelets.shutDownNode('n1');
    scene.run('late');
    scene.pass(2000);
    expect(scene.status('late')).toMatchObject({
      reason: 'NodeShutdown',
      message: 'Pod was rejected: Pod was rejected as the node is shutting down.',
    });
    const ready = scene.cluster.api.get(NODES, '', 'n1').status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down' });
    scene.pass(10_000);
    expect(scene.status('web')).toMatchObject({
      phase: 'Failed',
      reason: 'Terminated',
      message: 'Pod was terminated in response to imminent node shutdown.',
    });
    const heardAt = scene.cluster.kubelets.heardAt('n1');
    scene.pass(100_000);
    expect(scene.cluster.kubelets.heardAt('n1')).toBeLessThan((heardAt ?? 0) + 40_000);
  });

  it('refuse pods as their devices say', () => {
    const admissionError = { reason: 'UnexpectedAdmissionError', message: 'Allocate failed due to no healthy devices' };
    const scene = new KubeletScene({ nodes: { n1: { admissionError } } });
    scene.run('web');
    scene.pass(100);
    expect(scene.status('web')).toMatchObject({
      phase: 'Failed',
      reason: 'UnexpectedAdmissionError',
      message: 'Pod was rejected: Allocate failed due to no healthy devices',
    });
  });

  it('write their signs of life when asked to', () => {
    const scene = new KubeletScene();
    scene.pass(95_000);
    scene.cluster.kubelets.writeHeartbeats();
    expect(scene.cluster.api.get(LEASES, 'kube-node-lease', 'n1')).toMatchObject({
      spec: { renewTime: '2025-01-01T00:01:30.000000Z' },
    });
    const { conditions = [] } = scene.cluster.api.get(NODES, '', 'n1').status ?? {};
    expect(new Set(conditions.map(({ lastHeartbeatTime }) => lastHeartbeatTime))).toEqual(
      new Set(['2025-01-01T00:01:30Z']),
    );
  });

  it('evict pods that fill a volume beyond its limit', () => {
    const usage = (sinceMs: number) => ({ cpuMillis: 1, memoryBytes: 1, volumeBytes: { cache: sinceMs * 1000 } });
    const scene = new KubeletScene({ images: { 'app:1': { usage } } });
    scene.run('web', {
      containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'cache', mountPath: '/c' }] }],
      volumes: [{ name: 'cache', emptyDir: { sizeLimit: '10M' } }],
    });
    scene.pass(30_000);
    expect(scene.status('web').message).toBe('Usage of EmptyDir volume "cache" exceeds the limit "10M". ');
  });
});

describe('behaviours that change', () => {
  it('reach programs that run already', () => {
    let behaviour: ContainerBehaviour = {};
    const behaviours = { container: () => behaviour, image: () => ({}) };
    const scene = new KubeletScene({ options: { behaviours } });
    const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 5 };
    scene.run('web', { containers: [{ name: 'app', image: 'app:1', readinessProbe }] });
    scene.pass(10_000);
    expect(scene.container('web')?.ready).toBe(true);
    behaviour = { failsProbes: ['readiness'] };
    scene.cluster.kubelets.reconsider();
    scene.pass(20_000);
    expect(scene.container('web')).toMatchObject({ ready: false, restartCount: 0 });
    behaviour = {};
    scene.cluster.kubelets.reconsider();
    scene.pass(10_000);
    expect(scene.container('web')?.ready).toBe(true);
    behaviour = { exitsAfterMs: 1000, exitCode: 9 };
    scene.cluster.kubelets.reconsider();
    scene.pass(1000);
    expect(scene.container('web')).toMatchObject({ lastState: { terminated: { exitCode: 9 } } });
  });

  it('decide what a program does without what it needs', () => {
    const scene = new KubeletScene({ images: { 'app:1': { needs: ['db:5432'] } } });
    scene.run('web');
    scene.pass(30_000);
    expect(scene.container('web')?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  });

  it('see the environment of the container', () => {
    const seen: (string | undefined)[] = [];
    const behaviours = {
      container: ({ env, workload }: { env(name: string): string | undefined; workload: string }) => {
        seen.push(env('MODE'), env('NAME'), env('NONE'), workload);
        return {};
      },
      image: () => ({}),
    };
    const scene = new KubeletScene({ options: { behaviours } });
    const env = [
      { name: 'MODE', value: 'fast' },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ];
    scene.run('web', { containers: [{ name: 'app', image: 'app:1', env }] });
    scene.pass(5000);
    expect(seen.slice(0, 4)).toEqual(['fast', 'web', undefined, 'Pod/web']);
  });
});

describe('a second deletion', () => {
  it('can shorten the time that is left', () => {
    const scene = new KubeletScene({ images: { 'app:1': { stopMs: Infinity } } });
    scene.run('web', { terminationGracePeriodSeconds: 600 });
    scene.pass(5000);
    scene.cluster.api.delete(PODS, 'shop', 'web');
    scene.pass(20_000);
    scene.cluster.api.delete(PODS, 'shop', 'web', { gracePeriodSeconds: 5 });
    scene.pass(6000);
    expect(scene.pod('web')).toBeUndefined();
  });
});
