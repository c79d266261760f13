/** Causes of which at most one is true of one container. */
import { describe, expect, it } from 'vitest';
import { crashing, waiting } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene } from './scene.suite.ts';

describe('causes that exclude each other', () => {
  it('are one where the events of some pods have expired: the liveness probe kills all of them', () => {
    const scene = new Scene();
    const node = scene.node('a');
    const killed = crashing(node, { reason: 'Error', exitCode: 137 });
    const container = { livenessProbe: { httpGet: { path: '/live', port: 8080 } } };
    const [told] = scene.deployment('web', { container, pods: [killed, killed, killed] });
    if (told !== undefined) {
      scene.event(told, 'Warning', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 404');
      scene.event(told, 'Normal', 'Killing', 'Container web failed liveness probe, will be restarted');
    }
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['liveness-probe-kills Deployment shop/web 3']);
    const { rivals, probability } = causeOf(assessment, 'liveness-probe-kills');
    expect(rivals.map(({ class: name }) => name)).toEqual(['program-fails']);
    expect(probability + (rivals[0]?.probability ?? 0)).toBeLessThan(1);
  });

  it('are two where they are about different images', () => {
    const scene = new Scene();
    const node = scene.node('a');
    const message = 'exec: "/app": stat /app: no such file or directory';
    const runtime = `failed to create containerd task: failed to create shim task: OCI runtime create failed: ${message}: unknown`;
    scene.deployment('web', { image: 'example.com/web:1', pods: [waiting(node, 'RunContainerError', runtime)] });
    const pull = 'rpc error: code = NotFound desc = failed to resolve reference "example.com/web:2": not found';
    const objects = scene.objects.length;
    scene.deployment('web2', { image: 'example.com/web:2', pods: [waiting(node, 'ErrImagePull', pull)] });
    expect(scene.objects.length).toBeGreaterThan(objects);
    expect(
      scene
        .assess()
        .rootCauses.map(({ class: name }) => name)
        .sort(),
    ).toEqual(['executable-missing', 'image-unavailable']);
  });
});
