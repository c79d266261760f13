import { describe, expect, it } from 'vitest';
import { check, describeRule, examine, examineAsRead } from '../../rule.suite.ts';
import { ago, condition, DAY, deployment, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

type Fields = Readonly<Record<string, unknown>>;

const widget = (name: string, conditions: readonly Fields[], more: Fields = {}) =>
  object('acme.io/v1', 'Widget', name, { ...more, status: { conditions } });
const found = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));
const brief = (...objects: readonly unknown[]) =>
  found(...objects).map(({ severity, facts }) => `${severity} ${String(facts['sign'])} ${String(facts['value'])}`);

describeRule(rule, import.meta.url, ({ failing }) => {
  it("says what, since when and in the controller's words", () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      ['medium', 'Application argocd/web: status.health.status is Degraded for 2 h.'],
      [
        'medium',
        'ExternalSecret shop/db: Ready is False for 3 h (SecretSyncedError): could not get secret data from provider.',
      ],
    ]);
  });
});

describe('conditions', () => {
  it.each<[string, readonly Fields[], readonly string[]]>([
    [
      'the first bad one by how telling it is',
      [condition('Ready', 'False'), condition('Stalled', 'True')],
      ['medium Stalled True'],
    ],
    ['a run that failed today', [condition('Succeeded', 'False', 60)], ['low Succeeded False']],
    ['a long time at it', [condition('Ready', 'False', 120, { reason: 'Progressing' })], ['medium Ready False']],
    [
      'a rollout past its deadline',
      [condition('Progressing', 'False', 60, { reason: 'ProgressDeadlineExceeded' })],
      ['medium Progressing False'],
    ],
    ['an unknown type', [condition('Frobnicated', 'False'), condition('Broken', 'True')], []],
    ['Paused by its controller', [condition('Ready', 'False'), condition('Paused', 'True')], []],
    ['not ready, in words of its own', [condition('NotReady', 'True')], ['medium NotReady True']],
  ])('%s', (_, conditions, expected) => {
    expect(brief(widget('a', conditions))).toEqual(expected);
  });
  it('many objects that say the same are one finding with a count', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      widget(`w-${i}`, [condition('Ready', 'False', 60, { reason: 'X' })]),
    );
    const findings = found(...many);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.facts).toMatchObject({ count: 500, kind: 'acme.io/Widget', reason: 'X' });
    expect(findings[0]?.message).toContain('500 objects of kind Widget, among them Widget shop/w-0, Widget shop/w-1');
  });
  it('a few are told one by one, and other reasons apart', () => {
    const few = ['a', 'b', 'c'].map((name) => widget(name, [condition('Ready', 'False', 60, { reason: 'X' })]));
    expect(found(...few, widget('d', [condition('Ready', 'False', 60, { reason: 'Y' })]))).toHaveLength(4);
  });
  it('an owner that only repeats what its part says is left out', () => {
    const bad = [condition('Ready', 'False')];
    const whole = widget('whole', bad, { metadata: { uid: 'u1' } });
    const part = object('acme.io/v1', 'Part', 'part', {
      metadata: {
        ownerReferences: [{ apiVersion: 'acme.io/v1', kind: 'Widget', name: 'whole', uid: 'u1', controller: true }],
      },
      status: { conditions: bad },
    });
    expect(found(whole, part).map(({ resource }) => resource.name)).toEqual(['part']);
  });
});

describe('states of their own', () => {
  const of = (apiVersion: string, kind: string, status: Fields, more: Fields = {}) =>
    object(apiVersion, kind, 'one', { ...more, status });
  it.each<[string, Fields, readonly string[]]>([
    [
      'a sync that failed',
      of('argoproj.io/v1alpha1', 'Application', {
        operationState: { phase: 'Failed', finishedAt: ago(60) },
        health: { status: 'Healthy' },
      }),
      ['medium status.operationState.phase Failed'],
    ],
    [
      'a comparison error without a status',
      of('argoproj.io/v1alpha1', 'Application', {
        conditions: [{ type: 'ComparisonError', message: 'no such path', lastTransitionTime: ago(60) }],
      }),
      ['medium ComparisonError set'],
    ],
    [
      'a rollout that is degraded',
      of('argoproj.io/v1alpha1', 'Rollout', { phase: 'Degraded' }),
      ['medium status.phase Degraded'],
    ],
    [
      'an operator that failed to install',
      of('operators.coreos.com/v1alpha1', 'ClusterServiceVersion', { phase: 'Failed', message: 'x' }),
      ['medium status.phase Failed'],
    ],
    [
      'an operator that installs',
      of('operators.coreos.com/v1alpha1', 'ClusterServiceVersion', {
        phase: 'Installing',
        lastTransitionTime: ago(20),
      }),
      [],
    ],
    [
      'an operator that has installed for hours',
      of('operators.coreos.com/v1alpha1', 'ClusterServiceVersion', {
        phase: 'Installing',
        lastTransitionTime: ago(200),
      }),
      ['medium status.phase Installing'],
    ],
    [
      'a subscription that cannot be resolved',
      of('operators.coreos.com/v1alpha1', 'Subscription', { conditions: [condition('ResolutionFailed', 'True')] }),
      ['medium ResolutionFailed True'],
    ],
    [
      'a subscription that is at the latest',
      of('operators.coreos.com/v1alpha1', 'Subscription', {
        state: 'AtLatestKnown',
        conditions: [condition('CatalogSourcesUnhealthy', 'False')],
      }),
      [],
    ],
    [
      'a catalogue that cannot be reached',
      of('operators.coreos.com/v1alpha1', 'CatalogSource', {
        connectionState: { lastObservedState: 'TRANSIENT_FAILURE', lastConnect: ago(60) },
      }),
      ['medium status.connectionState.lastObservedState TRANSIENT_FAILURE'],
    ],
    [
      'a catalogue that is ready',
      of('operators.coreos.com/v1alpha1', 'CatalogSource', { connectionState: { lastObservedState: 'READY' } }),
      [],
    ],
    [
      'an extension that is retried',
      of('olm.operatorframework.io/v1', 'ClusterExtension', {
        conditions: [
          condition('Progressing', 'True', 60, { reason: 'Retrying' }),
          condition('Installed', 'False', 60, { reason: 'Failed' }),
        ],
      }),
      ['medium Progressing True'],
    ],
    [
      'an extension that is deprecated',
      of('olm.operatorframework.io/v1', 'ClusterExtension', {
        conditions: [condition('Deprecated', 'True'), condition('Installed', 'True')],
      }),
      [],
    ],
    [
      'a backup that failed',
      of('velero.io/v1', 'Backup', { phase: 'Failed', completionTimestamp: ago(2 * DAY) }),
      ['medium status.phase Failed'],
    ],
    [
      'a machine that failed',
      of('cluster.x-k8s.io/v1beta1', 'Machine', { phase: 'Failed' }),
      ['medium status.phase Failed'],
    ],
    [
      'a cluster of Elasticsearch that is red',
      of('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', { health: 'red' }),
      ['medium status.health red'],
    ],
    [
      'a store that only warns',
      of('ceph.rook.io/v1', 'CephCluster', { ceph: { health: 'HEALTH_WARN' }, phase: 'Ready' }),
      [],
    ],
  ])('%s', (_, one, expected) => {
    expect(brief(one)).toEqual(expected);
  });
});

describe('KEDA', () => {
  const scaled = (ref: Fields) => object('keda.sh/v1alpha1', 'ScaledObject', 'web', { spec: { scaleTargetRef: ref } });
  it('a target that does not exist', () => {
    const [finding] = found(deployment(1, 1), scaled({ name: 'gone' }));
    expect([finding?.severity, finding?.facts['reason']]).toEqual(['medium', 'TargetMissing']);
    expect(finding?.message).toContain('Deployment gone does not exist');
  });
  it('a target that may only not have been read', () => {
    expect(brief(scaled({ name: 'gone' }))).toEqual(['low spec.scaleTargetRef gone']);
  });
  it('a target that is there', () => {
    expect(found(deployment(1, 1), scaled({ name: 'web' }))).toEqual([]);
  });
});

it('several OperatorGroups in one namespace', () => {
  const group = (name: string) => object('operators.coreos.com/v1', 'OperatorGroup', name);
  expect(found(group('a'), group('b')).map(({ message }) => message)).toEqual([
    'Namespace shop has 2 OperatorGroups (a, b); OLM installs no operator into it until one is left.',
  ]);
});

it.each([
  ['no status', undefined],
  ['a status that is a text', 'Ready'],
  ['conditions that are a map', { conditions: { Ready: 'False' } }],
  ['conditions that are none', { conditions: [null, 7, 'x', { type: 'Ready' }, { status: 'False' }] }],
  ['a phase that is a number', { phase: 4 }],
])('survives %s', (_, status) => {
  const objects = [
    object('acme.io/v1', 'Widget', 'odd', { status }),
    object('argoproj.io/v1alpha1', 'Application', 'odd', { status }),
  ];
  expect(check(rule, examineAsRead({ observedAt: NOW, objects }))).toEqual([]);
});
