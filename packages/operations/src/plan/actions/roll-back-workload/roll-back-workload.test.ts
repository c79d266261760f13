import { describe, expect, it } from 'vitest';
import {
  behaving,
  configMap,
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  unknownImage,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { rollBackWorkload } from './roll-back-workload.ts';

const WEB = ref('Deployment', 'web');
const IMAGE = 'registry.example.com/web';

function imageRolledBackTo(scene: WorkloadScene): unknown {
  const [change] = remediesOf(scene, rollBackWorkload)[0]?.drafts[0]?.changes ?? [];
  if (change?.kind !== 'patch' || change.patch.type !== 'json') return undefined;
  const { spec } = change.patch.operations[0]?.value as { spec: { containers: readonly { image: string }[] } };
  return spec.containers[0]?.image;
}

describe('roll-back-workload', () => {
  it.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)(
    'takes a %s back from an image that is not there',
    (kind) => {
      const scene = workloadScene(workload(kind, 'web'));
      unknownImage(scene, `${IMAGE}:2.0.0`);
      rollOut(scene, ref(kind, 'web'), { container: { image: `${IMAGE}:2.0.0` } });
      scene.wait(20);
      expect(imageRolledBackTo(scene)).toBe(`${IMAGE}:1.0.0`);
    },
  );

  it.each([
    ['ends after ten minutes', { exitsAfterMs: 10 * 60_000, exitCode: 3 }, {}],
    [
      'stops answering after five',
      { hangsAfterMs: 5 * 60_000 },
      { ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { path: '/', port: 8080 } } },
    ],
  ])('takes a version back that serves, and %s, over and over', (_what, behaviour, container) => {
    const scene = workloadScene(workload('Deployment', 'web', { container }));
    behaving(scene, ({ image }) => image.endsWith(':2.0.0'), behaviour);
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(36);
    const { held, strategy } = rehearsedOn(scene);
    expect(held).toContain('roll-back-workload');
    expect(strategy.plan.goals.filter(({ kind, state }) => kind === 'cause' && state === 'open')).toEqual([]);
  });

  it('takes back a liveness probe that asks where nobody listens, although no pod of the earlier one is left', () => {
    const asking = (port: number) => ({
      ports: [{ containerPort: 8080 }],
      livenessProbe: { httpGet: { path: '/', port }, periodSeconds: 10, failureThreshold: 3 },
    });
    const scene = workloadScene(workload('Deployment', 'web', { container: asking(8080), spec: { replicas: 1 } }));
    behaving(scene, () => true, { listens: [8080] });
    rollOut(scene, WEB, { container: asking(8081) });
    scene.wait(20);
    const { before, remaining, held } = rehearsedOn(scene);
    expect(before).toContain('liveness-probe-kills');
    expect(held).toEqual([expect.stringMatching(/^(roll-back-workload|fix-probe)$/)]);
    expect(remaining).toEqual([]);
  });

  it('takes back a container that its namespace admits no pod with, for what it does not state', () => {
    const scene = workloadScene(workload('Deployment', 'web'), {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' } },
      spec: { hard: { 'requests.cpu': '10' } },
    });
    rollOut(scene, WEB, { pod: { initContainers: [{ name: 'prepare', image: `${IMAGE}:1.0.0` }] } });
    scene.wait(20);
    const [change] = remediesOf(scene, rollBackWorkload)[0]?.drafts[0]?.changes ?? [];
    expect(JSON.stringify(change)).not.toContain('prepare');
    expect(change).toMatchObject({ kind: 'patch', target: WEB });
  });

  it('says what kubectl would', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    unknownImage(scene, `${IMAGE}:2.0.0`);
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(20);
    const [draft] = remediesOf(scene, rollBackWorkload)[0]?.drafts ?? [];
    expect(draft?.commands).toEqual(['kubectl rollout undo deployment/web -n shop --to-revision=1']);
  });

  it('passes over revisions with the same image, and prefers one with ready pods', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    unknownImage(scene, `${IMAGE}:2.0.0`);
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(15);
    rollOut(scene, WEB, { container: { env: [{ name: 'TRIED', value: 'again' }] } });
    scene.wait(20);
    expect(imageRolledBackTo(scene)).toBe(`${IMAGE}:1.0.0`);
  });

  it('passes over a revision that failed in the same way before', () => {
    const scene = workloadScene(workload('Deployment', 'web', { spec: { strategy: { type: 'Recreate' } } }));
    behaving(scene, ({ image }) => !image.endsWith(':1.0.0'), { exitsAfterMs: 500, exitCode: 1 });
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(4);
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.1` } });
    scene.wait(20);
    expect(imageRolledBackTo(scene)).toBe(`${IMAGE}:1.0.0`);
  });

  it.each(['OrderedReady', 'Parallel'])('deletes the pod that holds a StatefulSet up that is %s', (policy) => {
    const readinessProbe = { httpGet: { path: '/ready', port: 8080 } };
    const spec = { podManagementPolicy: policy };
    const scene = workloadScene(workload('StatefulSet', 'web', { container: { readinessProbe }, spec }));
    behaving(scene, ({ image }) => image.endsWith(':2.0.0'), { startMs: 5000, exitsAfterMs: 500, exitCode: 1 });
    rollOut(scene, ref('StatefulSet', 'web'), { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(20);
    const [draft] = remediesOf(scene, rollBackWorkload)[0]?.drafts ?? [];
    expect(draft?.changes[1]).toMatchObject({ kind: 'delete', target: { kind: 'Pod', name: 'web-1' } });
    const { before, remaining, held } = rehearsedOn(scene);
    expect(before).toContain('program-fails');
    expect(held).toContain('roll-back-workload');
    expect(remaining).not.toContain('program-fails');
  });

  it('takes a CronJob back to what its last good Job ran', () => {
    const nightly = ref('CronJob', 'nightly');
    const scene = workloadScene(workload('CronJob', 'nightly'));
    behaving(scene, ({ image }) => image.endsWith(':2.0.0'), { exitsAfterMs: 500, exitCode: 1 });
    scene.patch(nightly, { spec: { jobTemplate: { spec: { backoffLimit: 1 } } } });
    rollOut(scene, nightly, { container: { image: 'registry.example.com/nightly:2.0.0' } });
    scene.wait(30);
    expect(imageRolledBackTo(scene)).toBe('registry.example.com/nightly:1.0.0');
  });

  it('proposes nothing where no revision without the fault is left', () => {
    const scene = workloadScene(
      workload('Deployment', 'web', {
        container: { env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'modes', key: 'mode' } } }] },
      }),
      configMap('modes', { mode: 'fast' }),
    );
    scene.remove(ref('ConfigMap', 'modes'));
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(20);
    expect(remediesOf(scene, rollBackWorkload)).toEqual([]);
  });

  it('proposes nothing where the cause began days after the newest revision', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    rollOut(scene, WEB, { container: { image: `${IMAGE}:2.0.0` } });
    scene.wait(3 * 24 * 60);
    behaving(scene, () => true, { exitsAfterMs: 500, exitCode: 1 });
    scene.cluster.clock.advance(1);
    for (const name of podsOf(scene)) scene.remove(ref('Pod', name));
    scene.wait(20);
    expect(remediesOf(scene, rollBackWorkload)).toEqual([]);
  });

  it('does not depend on the order of the input', () => {
    const scene = workloadScene(workload('Deployment', 'web'), workload('Deployment', 'cart'));
    for (const name of ['web', 'cart']) {
      unknownImage(scene, `registry.example.com/${name}:2.0.0`);
      rollOut(scene, ref('Deployment', name), { container: { image: `registry.example.com/${name}:2.0.0` } });
    }
    scene.wait(20);
    const titles = remediesOf(scene, rollBackWorkload).map(({ title }) => title);
    expect(titles.toSorted()).toEqual([
      'Roll Deployment shop/cart back to revision 1',
      'Roll Deployment shop/web back to revision 1',
    ]);
  });
});

function podsOf(scene: WorkloadScene): readonly string[] {
  return scene
    .observe()
    .listIn('Pod', 'shop')
    .map(({ metadata }) => metadata.name);
}
