import { describe, expect, it } from 'vitest';
import { refText, type ResourceRef } from '../model/resource-ref.ts';
import { SnapshotBuilder } from '../snapshot/builder.ts';
import { RELATION_RULES } from './relation-rules.ts';
import { createTopology, dependantsOf, reach, relationsOf } from './topology.ts';

type Json = Record<string, unknown>;
const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    serviceAccountName: 'runner',
    containers: [{ name: 'app', envFrom: [{ configMapRef: { name: 'settings' } }] }],
  },
};

function object(apiVersion: string, kind: string, name: string, fields: Json = {}, metadata: Json = {}): Json {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, ...fields };
}

function owner(apiVersion: string, kind: string, name: string): Json {
  return { ownerReferences: [{ apiVersion, kind, name, controller: true }] };
}

const POD = object(
  'v1',
  'Pod',
  'web-1',
  {
    spec: {
      nodeName: 'n1',
      containers: [
        {
          name: 'app',
          envFrom: [{ configMapRef: { name: 'settings' } }],
          volumeMounts: [{ name: 'data', mountPath: '/d' }],
        },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        {
          name: 'vault',
          csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'vault' } },
        },
      ],
    },
  },
  { labels: { app: 'web' }, ...owner('apps/v1', 'ReplicaSet', 'web-abc') },
);

const OBJECTS: readonly Json[] = [
  POD,
  object(
    'apps/v1',
    'ReplicaSet',
    'web-abc',
    { spec: { selector: { matchLabels: { app: 'web' } }, template } },
    owner('apps/v1', 'Deployment', 'web'),
  ),
  object('apps/v1', 'Deployment', 'web', { spec: { selector: { matchLabels: { app: 'web' } }, template } }),
  object('v1', 'Service', 'web', { spec: { selector: { app: 'web' } } }),
  object('v1', 'Service', 'bare', { spec: {} }),
  object(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'web-x',
    { endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'web-1' } }] },
    { labels: { 'kubernetes.io/service-name': 'web' } },
  ),
  object('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: {
      tls: [{ secretName: 'cert' }],
      rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    },
  }),
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'web', {
    spec: {
      parentRefs: [{ name: 'edge', namespace: 'infra' }],
      rules: [{ backendRefs: [{ name: 'web' }, 7, { name: {} }] }],
    },
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 },
  }),
  object('policy/v1', 'PodDisruptionBudget', 'web', {
    spec: { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] } },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'all', { spec: { podSelector: {} } }),
  object('v1', 'PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv-1', storageClassName: 'fast' } }),
  object('v1', 'ResourceQuota', 'limit'),
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'gate' },
    webhooks: [{ name: 'a', failurePolicy: 'Ignore', clientConfig: { service: { name: 'web', namespace: 'shop' } } }],
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.custom' },
    spec: { service: { name: 'web', namespace: 'shop' } },
  },
  object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', {
    spec: { listeners: [{ name: 'https', tls: { certificateRefs: [{ name: 'cert' }, null] } }, 'odd'] },
  }),
  object('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', 'web', {
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' } },
  }),
  object('keda.sh/v1alpha1', 'ScaledObject', 'web', { spec: { scaleTargetRef: { name: 'web' } } }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'read', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [
      { kind: 'ServiceAccount', name: 'runner' },
      { kind: 'ServiceAccount', name: 'ci', namespace: 'tools' },
      { kind: 'User', name: 'me' },
      7,
    ],
  }),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'none' },
    roleRef: 'odd',
    subjects: { kind: 'User' },
  },
  object('monitoring.coreos.com/v1', 'PodMonitor', 'web', {
    spec: { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] } },
  }),
  object('monitoring.coreos.com/v1', 'PodMonitor', 'elsewhere', {
    spec: { selector: {}, namespaceSelector: { matchNames: ['other'] } },
  }),
  object('monitoring.coreos.com/v1', 'PodMonitor', 'everywhere', {
    spec: { selector: {}, namespaceSelector: { any: true } },
  }),
  object('monitoring.coreos.com/v1', 'PodMonitor', 'odd', { spec: { selector: { matchLabels: { app: 7 } } } }),
  object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } }),
  object('v1', 'ReplicationController', 'old', { spec: { selector: { app: 'web' }, template } }),
];

function sample(objects: readonly Json[] = OBJECTS) {
  const builder = new SnapshotBuilder();
  for (const one of objects) builder.add(structuredClone(one), 'sample');
  return builder.build({ source: { kind: 'example', name: 'sample' }, observedAt: 0 });
}

const snapshot = sample();
const topology = createTopology(snapshot);

function ref(kind: string, name: string, namespace = 'shop', group = ''): ResourceRef {
  return { group, kind, namespace, name };
}

function relationsFrom(kind: string, name: string, namespace = 'shop', group = ''): readonly string[] {
  const from = snapshot.resolve(ref(kind, name, namespace, group));
  if (from === undefined) throw new RangeError(`${kind} ${name}: is not in the sample`);
  return relationsOf(snapshot, from).map(
    ({ name: relation, to, path, optional }) => `${relation} ${refText(to)} @ ${path}${optional ? ' (optional)' : ''}`,
  );
}

describe('relationsOf', () => {
  it('says what a pod stands on', () => {
    expect(relationsFrom('Pod', 'web-1')).toEqual([
      'mounts ConfigMap shop/settings @ spec.containers[0].envFrom[0].configMapRef',
      'mounts PersistentVolumeClaim shop/data @ spec.volumes[0].persistentVolumeClaim',
      'mounts SecretProviderClass shop/vault @ spec.volumes[1].csi.volumeAttributes.secretProviderClass',
      'runs on Node n1 @ spec.nodeName',
      'uses account ServiceAccount shop/default @ spec.serviceAccountName',
      'needs quota ResourceQuota shop/limit @ metadata.namespace',
    ]);
  });

  it('says what a workload owns, selects and mounts by its template', () => {
    expect(relationsFrom('Deployment', 'web', 'shop', 'apps')).toEqual([
      'owns ReplicaSet shop/web-abc @ metadata.ownerReferences',
      'selects Pod shop/web-1 @ spec.selector',
      'mounts ConfigMap shop/settings @ spec.template.spec.containers[0].envFrom[0].configMapRef',
      'uses account ServiceAccount shop/runner @ spec.template.spec.serviceAccountName',
    ]);
    expect(relationsFrom('CronJob', 'nightly', 'shop', 'batch')).toEqual([
      'mounts ConfigMap shop/settings @ spec.jobTemplate.spec.template.spec.containers[0].envFrom[0].configMapRef',
      'uses account ServiceAccount shop/runner @ spec.jobTemplate.spec.template.spec.serviceAccountName',
    ]);
    expect(relationsFrom('ReplicationController', 'old')).toContain('selects Pod shop/web-1 @ spec.selector');
  });

  const rows: readonly [string, string, string, string, readonly string[]][] = [
    [
      'Service',
      'web',
      'shop',
      '',
      [
        'selects Pod shop/web-1 @ spec.selector',
        "routes to EndpointSlice shop/web-x @ metadata.labels['kubernetes.io/service-name']",
      ],
    ],
    ['Service', 'bare', 'shop', '', []],
    ['EndpointSlice', 'web-x', 'shop', 'discovery.k8s.io', ['routes to Pod shop/web-1 @ endpoints[0].targetRef']],
    [
      'Ingress',
      'web',
      'shop',
      'networking.k8s.io',
      [
        'mounts Secret shop/cert @ spec.tls[0].secretName',
        'routes to Service shop/web @ spec.rules[0].http.paths[0].backend.service',
      ],
    ],
    [
      'HTTPRoute',
      'web',
      'shop',
      'gateway.networking.k8s.io',
      [
        'routes to Service shop/web @ spec.rules[0].backendRefs[0]',
        'attaches to Gateway infra/edge @ spec.parentRefs[0]',
      ],
    ],
    ['HorizontalPodAutoscaler', 'web', 'shop', 'autoscaling', ['scales Deployment shop/web @ spec.scaleTargetRef']],
    ['PodDisruptionBudget', 'web', 'shop', 'policy', ['guards Pod shop/web-1 @ spec.selector']],
    ['NetworkPolicy', 'all', 'shop', 'networking.k8s.io', ['guards Pod shop/web-1 @ spec.podSelector']],
    [
      'PersistentVolumeClaim',
      'data',
      'shop',
      '',
      [
        'binds PersistentVolume pv-1 @ spec.volumeName',
        'provisions StorageClass fast @ spec.storageClassName (optional)',
      ],
    ],
    [
      'ValidatingWebhookConfiguration',
      'gate',
      '',
      'admissionregistration.k8s.io',
      ['calls Service shop/web @ webhooks[0].clientConfig.service (optional)'],
    ],
    [
      'Gateway',
      'edge',
      'shop',
      'gateway.networking.k8s.io',
      ['mounts Secret shop/cert @ spec.listeners[0].tls.certificateRefs[0]'],
    ],
    ['VerticalPodAutoscaler', 'web', 'shop', 'autoscaling.k8s.io', ['scales StatefulSet shop/db @ spec.targetRef']],
    ['ScaledObject', 'web', 'shop', 'keda.sh', ['scales Deployment shop/web @ spec.scaleTargetRef']],
    [
      'RoleBinding',
      'read',
      'shop',
      'rbac.authorization.k8s.io',
      [
        'grants ClusterRole view @ roleRef',
        'grants ServiceAccount shop/runner @ subjects[0]',
        'grants ServiceAccount tools/ci @ subjects[1]',
      ],
    ],
    ['ClusterRoleBinding', 'none', '', 'rbac.authorization.k8s.io', []],
    ['PodMonitor', 'web', 'shop', 'monitoring.coreos.com', ['watches Pod shop/web-1 @ spec.selector']],
    ['PodMonitor', 'elsewhere', 'shop', 'monitoring.coreos.com', []],
    ['PodMonitor', 'everywhere', 'shop', 'monitoring.coreos.com', ['watches Pod shop/web-1 @ spec.selector']],
    ['PodMonitor', 'odd', 'shop', 'monitoring.coreos.com', []],
    ['APIService', 'v1.custom', '', 'apiregistration.k8s.io', ['calls Service shop/web @ spec.service']],
  ];
  it.each(rows)('%s %s', (kind, name, namespace, group, expected) => {
    expect(relationsFrom(kind, name, namespace, group)).toEqual(expected);
  });
});

describe('dependantsOf', () => {
  it('finds who names a thing that does not exist', () => {
    expect(
      dependantsOf(topology, ref('ConfigMap', 'settings'))
        .map(({ from }) => refText(from))
        .sort(),
    ).toEqual([
      'CronJob shop/nightly',
      'Deployment shop/web',
      'Pod shop/web-1',
      'ReplicaSet shop/web-abc',
      'ReplicationController shop/old',
    ]);
  });

  it('is the reverse of relationsOf for every object and rule', () => {
    const forward = snapshot.objects.flatMap((one) => relationsOf(snapshot, one));
    for (const relation of forward)
      expect(dependantsOf(topology, relation.to)).toContainEqual(
        expect.objectContaining({ name: relation.name, from: relation.from, path: relation.path }),
      );
    expect(forward.length).toBeGreaterThan(25);
  });
});

describe('reach', () => {
  const names = (start: ResourceRef, options = {}) =>
    reach(topology, start, options).map(({ ref: found, distance }) => `${distance} ${refText(found)}`);

  it('follows trouble from a node to the route in front of its pods', () => {
    expect(names(ref('Node', 'n1', ''))).toEqual([
      '1 Pod shop/web-1',
      '2 ReplicationController shop/old',
      '2 Service shop/web',
      '2 Deployment shop/web',
      '2 ReplicaSet shop/web-abc',
      '2 EndpointSlice shop/web-x',
      '3 APIService v1.custom',
      '3 HorizontalPodAutoscaler shop/web',
      '3 HTTPRoute shop/web',
      '3 ScaledObject shop/web',
      '3 Ingress shop/web',
    ]);
  });

  it('stops at the depth', () => {
    expect(names(ref('Node', 'n1', ''), { depth: 1 })).toEqual(['1 Pod shop/web-1']);
  });

  it('walks the other way too', () => {
    const below = names(ref('Ingress', 'web', 'shop', 'networking.k8s.io'), { direction: 'dependencies' });
    expect(below).toEqual(
      expect.arrayContaining([
        '1 Service shop/web',
        '2 Pod shop/web-1',
        '3 PersistentVolumeClaim shop/data',
        '4 PersistentVolume pv-1',
      ]),
    );
  });

  it('ends in circles', () => {
    const a = object('example.com/v1', 'A', 'a', {}, owner('example.com/v1', 'B', 'b'));
    const b = object('example.com/v1', 'B', 'b', {}, owner('example.com/v1', 'A', 'a'));
    expect(
      reach(createTopology(sample([a, b])), ref('A', 'a', 'shop', 'example.com')).map(({ ref: { name } }) => name),
    ).toEqual(['b']);
  });
});

describe('the table', () => {
  it('leads only to kinds that it announces', () => {
    for (const rule of RELATION_RULES) {
      if (rule.from === '*') continue;
      const slash = rule.from.indexOf('/');
      for (const one of snapshot.listOf(rule.from.slice(0, slash), rule.from.slice(slash + 1))) {
        for (const { to } of rule.targets(one, snapshot))
          expect(rule.to.includes('*') || rule.to.includes(to.kind), `${rule.name} ${rule.from} ${to.kind}`).toBe(true);
      }
    }
  });
});
