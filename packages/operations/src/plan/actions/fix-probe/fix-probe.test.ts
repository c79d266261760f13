import { describe, expect, it } from 'vitest';
import {
  behaving,
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { fixProbe } from './fix-probe.ts';

const WEB = ref('Deployment', 'web');
const get = (path: string, port = 8080) => ({ httpGet: { path, port } });
const ports = [{ containerPort: 8080 }];

function patched(scene: WorkloadScene): Readonly<Record<string, unknown>> | undefined {
  const [change] = remediesOf(scene, fixProbe)[0]?.drafts[0]?.changes ?? [];
  if (change?.kind !== 'patch' || change.patch.type !== 'strategic') return undefined;
  const { spec } = change.patch.patch as { spec: { template: { spec: { containers: Record<string, unknown>[] } } } };
  return spec.template.spec.containers[0];
}

/** Of the first proposal, on a twin. */
function effectOn(scene: WorkloadScene) {
  const planning = planningOf(scene.observe());
  const [remedy] = proposalsOf(fixProbe, planning);
  return remedy && tried([fixProbe], remedy, planning);
}

describe('fix-probe', () => {
  it('takes the probe of the revision that has ready pods', () => {
    const scene = workloadScene(workload('Deployment', 'web', { container: { ports, readinessProbe: get('/ready') } }));
    behaving(scene, ({ spec }) => spec.readinessProbe?.httpGet?.path === '/status', {
      failsProbes: ['readiness'],
      probeAnswer: { status: 404 },
    });
    rollOut(scene, WEB, { container: { readinessProbe: get('/status') } });
    scene.wait(20);
    expect(patched(scene)?.['readinessProbe']).toMatchObject({ httpGet: { path: '/ready' } });
    expect(effectOn(scene)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('asks at the one port of the container', () => {
    const scene = workloadScene(
      workload('Deployment', 'web', { container: { ports, readinessProbe: get('/ready', 9999) } }),
    );
    behaving(scene, () => true, { listens: [8080] });
    for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
    scene.wait(20);
    expect(patched(scene)?.['readinessProbe']).toMatchObject({ httpGet: { port: 8080 } });
    expect(effectOn(scene)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('gives a program that starts slowly a startup probe', () => {
    const livenessProbe = { ...get('/live'), periodSeconds: 10, failureThreshold: 3 };
    const scene = workloadScene(workload('Deployment', 'web', { container: { ports, livenessProbe } }));
    behaving(scene, () => true, { startMs: 90_000 });
    for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
    scene.wait(20);
    expect(patched(scene)?.['startupProbe']).toMatchObject({
      httpGet: { path: '/live', port: 8080 },
      failureThreshold: 60,
    });
  });

  it.each([0, 1, 2, 3])('gives it one that helps, whether it runs at the moment or not (%d min on)', (more) => {
    const livenessProbe = { ...get('/live'), periodSeconds: 10, failureThreshold: 3 };
    const scene = workloadScene(workload('Deployment', 'web', { container: { ports, livenessProbe } }));
    behaving(scene, () => true, { startMs: 90_000 });
    for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
    scene.wait(20 + more);
    expect(effectOn(scene)).toEqual({ outcomes: ['held'], causes: [] });
    const { held, remaining } = rehearsedOn(scene);
    expect({ held, remaining }).toEqual({ held: ['fix-probe'], remaining: [] });
  });

  it('leaves alone what hung after it had answered', () => {
    const livenessProbe = { ...get('/live'), periodSeconds: 10, failureThreshold: 3 };
    const scene = workloadScene(workload('Deployment', 'web', { container: { ports, livenessProbe } }));
    behaving(scene, () => true, { hangsAfterMs: 240_000 });
    for (const { metadata } of scene.observe().listIn('Pod', 'shop')) scene.remove(ref('Pod', metadata.name));
    scene.wait(40);
    expect(remediesOf(scene, fixProbe)).toEqual([]);
  });
});
