import { describe, expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, deployment, NOW, object, statefulSet } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const quota = (hard: object, used: object, spec: object = {}, name = 'compute') =>
  object('v1', 'ResourceQuota', name, { spec: { hard, ...spec }, status: { hard, used } });
const template = (resources: object = {}, more: object = {}) => ({
  spec: { containers: [{ name: 'app', resources }], ...more },
});
const findings = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));
const severities = (...objects: readonly unknown[]) => findings(...objects).map(({ severity }) => severity);
const half = { requests: { cpu: '500m' } };
const full = quota({ 'requests.cpu': '1' }, { 'requests.cpu': '1' });

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what is free and what each pod takes', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'medium',
      facts: { quota: 'compute', resources: ['requests.cpu'], cause: 'quota', lacking: 1, stage: 'now' },
    });
    expect(finding?.message).toBe(
      'ResourceQuota shop/compute has no room for the 1 pod that Deployment shop/web lacks: requests.cpu 400m free, 800m per pod.',
    );
  });
  describe('stages', () => {
    it('is high while no pod serves', () => {
      expect(
        severities(full, deployment(2, 0, { spec: { template: template(half) }, status: { replicas: 0 } })),
      ).toEqual(['high']);
    });
    it('is medium for a rollout that waits for its first new pod', () => {
      const stuck = deployment(1, 1, {
        spec: { template: template(half) },
        status: { updatedReplicas: 0, unavailableReplicas: 0 },
      });
      expect(findings(full, stuck)[0]?.message).toContain(
        'has no room for the new pod of the rollout of Deployment shop/web',
      );
      expect(severities(full, stuck)).toEqual(['medium']);
    });
    it('is low for a complete workload whose next rollout cannot start', () => {
      const [finding] = findings(full, deployment(3, 3, { spec: { template: template(half) } }));
      expect([finding?.severity, finding?.facts['stage']]).toEqual(['low', 'next-rollout']);
    });
    it.each([
      ['stops a pod first', { strategy: { rollingUpdate: { maxUnavailable: 1 } } }],
      ['recreates', { strategy: { type: 'Recreate' } }],
      ['is paused', { paused: true }],
      ['has enough replicas for a quarter to be missing', { replicas: 4 }],
    ])('stays silent for a complete workload that %s', (_, spec) => {
      const replicas = (spec as { replicas?: number }).replicas ?? 3;
      expect(severities(full, deployment(replicas, replicas, { spec: { template: template(half), ...spec } }))).toEqual(
        [],
      );
    });
  });
  it('leaves to replica-creation-failed what was seen to be refused', () => {
    const refused = condition('ReplicaFailure', 'True', 60, {
      reason: 'FailedCreate',
      message:
        'pods "web-1-" is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=1, limited: requests.cpu=1',
    });
    expect(
      severities(
        full,
        deployment(2, 0, { spec: { template: template(half) }, status: { replicas: 0, conditions: [refused] } }),
      ),
    ).toEqual([]);
  });
  describe('what counts', () => {
    const lacking = (resources: object, more: object = {}) =>
      deployment(2, 1, { spec: { template: template(resources, more) }, status: { replicas: 1 } });
    it.each<[string, readonly unknown[], readonly string[]]>([
      [
        'limits',
        [quota({ 'limits.memory': '1Gi' }, { 'limits.memory': '800Mi' }), lacking({ limits: { memory: '512Mi' } })],
        ['limits.memory'],
      ],
      ['the number of pods', [quota({ pods: '1' }, { pods: '1' }), lacking({})], ['pods']],
      [
        'accelerators',
        [
          quota({ 'requests.nvidia.com/gpu': '1' }, { 'requests.nvidia.com/gpu': '1' }),
          lacking({ limits: { 'nvidia.com/gpu': '1' } }),
        ],
        ['requests.nvidia.com/gpu'],
      ],
      [
        'requests that a LimitRange gives',
        [
          object('v1', 'LimitRange', 'defaults', {
            spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '600m' } }] },
          }),
          quota({ 'requests.cpu': '1' }, { 'requests.cpu': '500m' }),
          lacking({}),
        ],
        ['requests.cpu'],
      ],
      [
        'a value that is not stated and must be',
        [quota({ 'limits.cpu': '8' }, { 'limits.cpu': '1' }), lacking(half)],
        ['limits.cpu'],
      ],
      [
        'pods of a priority',
        [
          quota(
            { pods: '0' },
            { pods: '0' },
            {
              scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['urgent'] }] },
            },
          ),
          lacking({}, { priorityClassName: 'urgent' }),
        ],
        ['pods'],
      ],
      ['best-effort pods', [quota({ pods: '0' }, { pods: '0' }, { scopes: ['BestEffort'] }), lacking({})], ['pods']],
    ])('counts %s', (_, objects, resources) => {
      expect(findings(...objects).map(({ facts }) => facts['resources'])).toEqual([resources]);
    });
    it.each<[string, readonly unknown[]]>([
      [
        'quotas for other pods by scope',
        [quota({ pods: '0' }, { pods: '0' }, { scopes: ['BestEffort'] }), lacking(half)],
      ],
      [
        'resources that the pod does not ask for',
        [quota({ 'requests.nvidia.com/gpu': '0' }, { 'requests.nvidia.com/gpu': '0' }), lacking(half)],
      ],
      ['the very last room', [quota({ 'requests.cpu': '1' }, { 'requests.cpu': '500m' }), lacking(half)]],
      ['another namespace', [{ ...full, metadata: { name: 'compute', namespace: 'blog' } }, lacking(half)]],
      [
        'quotas of odd types',
        [object('v1', 'ResourceQuota', 'odd', { status: { hard: { pods: 'many' } } }), lacking(half)],
      ],
    ])('does not count %s', (_, objects) => {
      expect(severities(...objects)).toEqual([]);
    });
  });
  it('counts the claims and the storage that the next replica of a StatefulSet needs', () => {
    const claims = [
      { metadata: { name: 'data' }, spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } } },
    ];
    const set = statefulSet(2, 1, {
      spec: { template: template(), volumeClaimTemplates: claims },
      status: { replicas: 1 },
    });
    const storage = quota(
      { 'requests.storage': '15Gi', 'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1' },
      { 'requests.storage': '10Gi', 'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1' },
    );
    expect(findings(storage, set).map(({ facts }) => facts['resources'])).toEqual([
      ['fast.storageclass.storage.k8s.io/persistentvolumeclaims', 'requests.storage'],
    ]);
    const claim = object('v1', 'PersistentVolumeClaim', 'data-db-1', {
      spec: { storageClassName: 'fast' },
      status: { phase: 'Bound' },
    });
    expect(severities(storage, set, claim)).toEqual([]);
  });
  it('counts the ReplicaSet that a rollout makes', () => {
    const counts = quota({ 'count/replicasets.apps': '4' }, { 'count/replicasets.apps': '4' });
    expect(
      findings(counts, deployment(1, 1, { spec: { template: template() } })).map(({ facts }) => facts['resources']),
    ).toEqual([['count/replicasets.apps']]);
  });
});
