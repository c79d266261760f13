/** Time: what was changed shortly before, and what cannot have come first. */
import { describe, expect, it } from 'vitest';
import { ago, crashing, DAY, HOUR, MINUTE, NOW, unready } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

const ERROR = { reason: 'Error', exitCode: 1 } as const;

/** A Deployment whose pods crash since `failingMs` ago and whose second revision was rolled out `rolledMs` ago. */
function rolledOut(rolledMs: number, failingMs: number, container: Record<string, unknown> = {}): Scene {
  const scene = new Scene();
  const node = scene.node('a');
  scene.deployment('web', {
    container,
    pods: [{ ...crashing(node, ERROR), ageMs: failingMs }],
  });
  const current = scene.objects.find(({ kind }) => kind === 'ReplicaSet');
  if (current === undefined) throw new Error('no ReplicaSet');
  const { metadata, spec } = current as Made & { spec: { template: { spec: { containers: object[] } } } };
  Object.assign(metadata, {
    creationTimestamp: ago(rolledMs),
    annotations: { 'deployment.kubernetes.io/revision': '2' },
  });
  const [own] = spec.template.spec.containers;
  const before = { ...own, env: [{ name: 'MODE', value: 'plain' }], image: 'registry.example.com/web:1.0' };
  scene.add('apps/v1', 'ReplicaSet', 'web-5c77d', 'shop', {
    metadata: {
      labels: metadata.labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: (metadata as unknown as { ownerReferences: unknown }).ownerReferences,
    },
    spec: {
      ...spec,
      replicas: 0,
      template: { ...spec.template, spec: { ...spec.template.spec, containers: [before] } },
    },
    status: { replicas: 0, observedGeneration: 1 },
  });
  return scene;
}

describe('a rollout shortly before', () => {
  const container = { image: 'registry.example.com/web:1.1', env: [{ name: 'DB_URL', value: 'postgres://db' }] };

  it('is named with what it changed, dated, and speaks for the cause', () => {
    const cause = causeOf(rolledOut(31 * MINUTE, 30 * MINUTE, container).assess(), 'program-fails');
    expect(cause.since).toBe(NOW - 30 * MINUTE);
    expect(cause.statement).toContain(
      '60 s after revision 2 was rolled out, which changed the image (registry.example.com/web:1.0 → registry.example.com/web:1.1) and env DB_URL and MODE.',
    );
    expect(cause.evidence).toContainEqual(
      expect.objectContaining({ kind: 'field', path: 'metadata.creationTimestamp', value: ago(31 * MINUTE) }),
    );
    const unrelated = causeOf(rolledOut(5 * DAY, 30 * MINUTE, container).assess(), 'program-fails');
    expect(cause.probability).toBeGreaterThan(unrelated.probability);
  });

  it.each([
    ['long before', 5 * DAY],
    ['after', 10 * MINUTE],
  ])('is not named where it came %s', (_, rolledMs) => {
    const cause = causeOf(rolledOut(rolledMs, 30 * MINUTE, container).assess(), 'program-fails');
    expect(cause.statement).not.toContain('rolled out');
    expect(cause.since).toBe(NOW - 30 * MINUTE);
  });

  it('says amounts that were changed', () => {
    const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '64Mi' } };
    const scene = rolledOut(31 * MINUTE, 30 * MINUTE, { ...container, resources });
    const [before] = scene.objects.filter(({ metadata }) => metadata.name === 'web-5c77d') as (Made & {
      spec: { template: { spec: { containers: { resources: object }[] } } };
    })[];
    const [old] = before?.spec.template.spec.containers ?? [];
    Object.assign(old ?? {}, { resources: { ...resources, limits: { memory: '512Mi' } } });
    expect(causeOf(scene.assess(), 'program-fails').statement).toContain('the memory limit (512Mi → 64Mi)');
  });
});

describe('configuration that was changed shortly before', () => {
  it('is named', () => {
    const scene = new Scene();
    const node = scene.node('a');
    scene.add('v1', 'ConfigMap', 'settings', 'shop', {
      data: { mode: 'x' },
      metadata: { managedFields: [{ manager: 'kubectl', operation: 'Update', time: ago(32 * MINUTE) }] },
    });
    scene.deployment('web', {
      container: { envFrom: [{ configMapRef: { name: 'settings' } }] },
      pods: [{ ...crashing(node, ERROR), ageMs: 30 * MINUTE }],
    });
    expect(causeOf(scene.assess(), 'program-fails').statement).toContain(
      '2 min after ConfigMap shop/settings was changed',
    );
  });
});

describe('a pod that ran for days and crash-loops now', () => {
  it('keeps its workload short since it was first held back, and not since it was made', () => {
    const scene = new Scene();
    const [pod] = scene.deployment('web', { pods: [{ ...crashing(scene.node('a'), ERROR), ageMs: 9 * DAY }] });
    const { status } = pod as Made & { readonly status: { conditions?: unknown } };
    delete status.conditions;
    scene.event(pod as Made, 'Warning', 'BackOff', 'Back-off restarting failed container web in pod web', {
      firstTimestamp: ago(40 * MINUTE),
    });
    const short = scene.assess().findings.find(({ code }) => code === 'deployment-unavailable');
    expect(short?.since).toBe(NOW - 40 * MINUTE);
  });
});

describe('a call that failed', () => {
  /** A caller that crashes, and the database that it says it could not reach. */
  function calls(callerMs: number, databaseMs: number): Scene {
    const scene = new Scene();
    const node = scene.node('a');
    scene.service('db');
    scene.deployment('db', { pods: [{ ...unready(node), ageMs: databaseMs }] });
    const [pod] = scene.deployment('web', { pods: [{ ...crashing(node, ERROR), ageMs: callerMs }] });
    const lines = ['dial tcp db.shop.svc:5432: connect: connection refused'];
    scene.logs.push({ namespace: 'shop', pod: pod?.metadata.name ?? '', container: 'web', previous: true, lines });
    return scene;
  }

  it('follows from what was called', () => {
    expect(causesOf(calls(HOUR, 2 * HOUR).assess())).toHaveLength(1);
  });

  it('does not follow from what began to fail only later', () => {
    expect(causesOf(calls(10 * HOUR, HOUR).assess())).toHaveLength(2);
  });
});
