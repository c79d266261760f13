/** Pods that have a place, and a node that cannot set them up. */
import { describe, expect, it } from 'vitest';
import { ago, HOUR, running, waiting, type PodState } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

describe('a disk that one node at a time can have', () => {
  const spec = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
  const conflict = (scene: Scene, waits: Made | undefined) => {
    const text = 'Multi-Attach error for volume "pvc-1f0a" Volume is already used by 1 pod(s) in different namespaces';
    if (waits !== undefined) scene.event(waits, 'Warning', 'FailedAttachVolume', text);
  };
  const ending = (node: string): PodState => ({
    ...running(node),
    metadata: { deletionTimestamp: ago(HOUR), deletionGracePeriodSeconds: 30 },
  });

  it('is held by the running pod of the same Deployment: the new pod waits for the old, which waits for the new', () => {
    const scene = new Scene();
    const [a, b] = [scene.node('a'), scene.node('b')];
    const [, waits] = scene.deployment('cms', {
      replicas: 1,
      spec,
      pods: [running(a), waiting(b, 'ContainerCreating', '')],
    });
    conflict(scene, waits);
    const assessment = scene.assess();
    expect(causesOf(assessment)[0]).toBe('volume-held PersistentVolumeClaim shop/data 1');
    expect(causeOf(assessment, 'volume-held').remediation.text).toContain('Recreate');
  });

  it('is held by a pod of another workload', () => {
    const scene = new Scene();
    const [a, b] = [scene.node('a'), scene.node('b')];
    scene.deployment('backup', { spec, pods: [running(a)] });
    const [waits] = scene.deployment('cms', { spec, pods: [waiting(b, 'ContainerCreating', '')] });
    conflict(scene, waits);
    const cause = causeOf(scene.assess(), 'volume-held');
    expect(cause.statement).toMatch(/pod shop\/backup-\S+ has it on node a/);
    expect(cause.remediation.text).toContain('ReadWriteMany');
  });

  it('is kept by a pod that does not end: one cause, not two', () => {
    const scene = new Scene();
    const [a, b] = [scene.node('a'), scene.node('b')];
    const [, waits] = scene.deployment('cms', {
      replicas: 1,
      spec,
      pods: [ending(a), waiting(b, 'ContainerCreating', '')],
    });
    conflict(scene, waits);
    expect(causesOf(scene.assess()).map((cause) => cause.split(' ')[0])).toEqual(['pod-stuck-terminating']);
  });

  it('is kept by a pod on a lost node: the node is the cause of all', () => {
    const scene = new Scene();
    const [lost, b] = [scene.node('lost', { ready: 'Unknown' }), scene.node('b')];
    const [, waits] = scene.deployment('cms', {
      replicas: 1,
      spec,
      pods: [ending(lost), waiting(b, 'ContainerCreating', '')],
    });
    conflict(scene, waits);
    expect(causesOf(scene.assess()).map((cause) => cause.split(' ')[0])).toEqual(['node-not-ready']);
  });
});

describe('Pod addresses', () => {
  it('that are used up on a node are one cause for all pods that wait there', () => {
    const scene = new Scene();
    const node = scene.node('n');
    const pods = ['api', 'web'].flatMap((name) =>
      scene.deployment(name, { pods: [waiting(node, 'ContainerCreating', '')] }),
    );
    for (const pod of pods)
      scene.event(
        pod,
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
      );
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['pod-addresses-exhausted Node n 2']);
    expect(causeOf(assessment, 'pod-addresses-exhausted').probability).toBeGreaterThan(0.9);
  });

  it('that are used up on every node are one cause, for the nodes share the range', () => {
    const scene = new Scene();
    const pods = ['a', 'b'].flatMap((name) =>
      scene.deployment(`web-${name}`, { pods: [waiting(scene.node(name), 'ContainerCreating', '')] }),
    );
    for (const pod of pods)
      scene.event(
        pod,
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
      );
    expect(causesOf(scene.assess())).toEqual(['pod-addresses-exhausted Node (all) 2']);
  });
});
