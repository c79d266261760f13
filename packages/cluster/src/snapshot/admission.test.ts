import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type AdmissionProblem } from './admission.ts';
import { noRedactions } from './redact.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { KIND_GROUPS } from '../model/kinds.ts';

function admitted(raw: unknown): { object: KubeObject | undefined; problems: readonly AdmissionProblem[] } {
  const problems: AdmissionProblem[] = [];
  const object = admit(raw, noRedactions(), (problem) => problems.push(problem));
  return { object, problems };
}

const pod = (spec: unknown, more: object = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec,
  ...more,
});

describe('admit', () => {
  it.each([[null], [7], ['text'], [[]], [{}], [{ kind: 'Pod' }], [{ apiVersion: 'v1', kind: 3 }]])(
    'refuses %j',
    (raw) => {
      const { object, problems } = admitted(raw);
      expect(object).toBeUndefined();
      expect(problems).toHaveLength(1);
    },
  );

  it('refuses an object without a name and says so', () => {
    const { object, problems } = admitted({ apiVersion: 'v1', kind: 'Pod', metadata: {} });
    expect(object).toBeUndefined();
    expect(problems).toMatchObject([
      { object: 'Pod (no name)', path: 'metadata.name', expected: 'string', found: 'nothing' },
    ]);
  });

  it('leaves no key without a value in a map', () => {
    const labels = { app: 'web', gone: null, wrong: 7 };
    const { object } = admitted(pod({ containers: [], nodeSelector: labels }, { metadata: { name: 'p', labels } }));
    const { metadata, spec } = object as KubeObject & { spec: { nodeSelector: object } };
    expect([Object.keys(metadata.labels ?? {}), Object.keys(spec.nodeSelector)]).toEqual([['app'], ['app']]);
  });

  it('takes out what has the wrong type, names it, and keeps the rest', () => {
    const raw = pod({
      nodeName: 5,
      nodeSelector: { zone: 'a', bad: 1 },
      containers: [{ name: 'ok', image: 'x', args: ['a', 2] }, { image: 'nameless' }, 'text'],
      tolerations: 'all',
    });
    const { object, problems } = admitted(raw);
    expect(JSON.parse(JSON.stringify(object))).toMatchObject({
      spec: { nodeSelector: { zone: 'a' }, containers: [{ name: 'ok', image: 'x', args: ['a'] }] },
    });
    expect((object as unknown as { spec: { containers: unknown[] } }).spec.containers).toHaveLength(1);
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'spec.containers[0].args[1]',
      'spec.containers[1].name',
      'spec.containers[2]',
      'spec.nodeName',
      'spec.nodeSelector.bad',
      'spec.tolerations',
    ]);
    expect(problems[0]?.object).toBe('Pod n/p');
  });

  it('reads null as absent, without a problem', () => {
    const { object, problems } = admitted(
      pod({ nodeName: null, containers: null, volumes: [{ name: 'v', configMap: null }] }, { status: null }),
    );
    expect(problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(object))).toEqual(pod({ volumes: [{ name: 'v' }] }));
  });

  it('is not fooled by __proto__ and constructor keys', () => {
    const raw: unknown = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","__proto__":{"polluted":true},"metadata":{"name":"c","labels":{"__proto__":"x","constructor":"y"}},"data":{"__proto__":"password=hunter2hunter"}}',
    );
    const { object, problems } = admitted(raw);
    expect(problems).toEqual([]);
    expect(JSON.stringify(object)).not.toContain('hunter2');
    expect(Object.hasOwn(object?.metadata.labels ?? {}, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(admitted({ apiVersion: 'constructor/v1', kind: '__proto__', metadata: { name: 'x' } }).object?.kind).toBe(
      '__proto__',
    );
  });

  it('gives namespaced kinds their default namespace, and cluster-scoped and unknown kinds none', () => {
    const namespace = (apiVersion: string, kind: string): unknown =>
      admitted({ apiVersion, kind, metadata: { name: 'x' } }).object?.metadata.namespace;
    expect(namespace('v1', 'Pod')).toBe('default');
    expect(namespace('v1', 'Node')).toBeUndefined();
    expect(namespace('example.org/v1', 'Pod')).toBeUndefined();
  });

  it('drops field ownership and the applied copy, and keeps who wrote when', () => {
    const managedFields = [
      { manager: 'kubectl', operation: 'Apply', time: '2025-01-01T00:00:00Z', fieldsV1: { 'f:spec': {} } },
      null,
    ];
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"big":1}', note: 'kept' };
    const { object } = admitted({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', managedFields, annotations },
    });
    expect(JSON.parse(JSON.stringify(object?.metadata))).toMatchObject({
      annotations: { note: 'kept' },
      managedFields: [{ manager: 'kubectl', operation: 'Apply', time: '2025-01-01T00:00:00Z' }, {}],
    });
    expect(JSON.stringify(object)).not.toMatch(/fieldsV1|big/);
  });

  it('reads events of events.k8s.io as core events', () => {
    const { object } = admitted({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'n' },
      note: 'Back-off pulling image',
      reason: 'BackOff',
      regarding: { kind: 'Pod', name: 'p', namespace: 'n' },
      deprecatedCount: 4,
      deprecatedLastTimestamp: '2025-01-01T00:00:00Z',
      reportingController: 'kubelet',
      eventTime: null,
    });
    expect(object).toMatchObject({
      apiVersion: 'v1',
      message: 'Back-off pulling image',
      involvedObject: { name: 'p' },
      count: 4,
      lastTimestamp: '2025-01-01T00:00:00Z',
      reportingComponent: 'kubelet',
    });
  });

  it('takes any JSON in any field of any kind without throwing, and what it admits it admits again', () => {
    const kinds = fc.constantFrom(...Object.entries(KIND_GROUPS));
    const keys = fc.constantFrom(
      'metadata',
      'spec',
      'status',
      'data',
      'containers',
      'template',
      'env',
      'name',
      'labels',
      'items',
      'rules',
      'conditions',
      'selector',
      'metrics',
      '__proto__',
      'annotations',
      'managedFields',
      'webhooks',
      'jobTemplate',
      'subsets',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 1, 'x', true, '', 'token=abcdef'),
        fc.dictionary(keys, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(kinds, fc.dictionary(keys, tree), ([kind, group], fields) => {
        const apiVersion = group === '' ? 'v1' : `${group}/v1`;
        const { object } = admitted({
          ...structuredClone(fields),
          apiVersion,
          kind,
          metadata: { name: 'x', ...(fields['metadata'] as object | null) },
        });
        if (object === undefined) return;
        const once = JSON.stringify(object);
        const again = admitted(JSON.parse(once));
        expect(again.problems).toEqual([]);
        expect(JSON.stringify(again.object)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});
