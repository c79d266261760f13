/** Objects and changes to them for laws about changes: on values alone, and on a simulated cluster. */
import * as fc from 'fast-check';
import {
  NO_CLOUD,
  NO_USAGE,
  SnapshotBuilder,
  type ClusterSnapshot,
  type CloudSnapshot,
  type ResourceRef,
} from '@aia/cluster';
import type { Change, Patch } from '@aia/contract';

type Fields = Record<string, unknown>;

const SPEC = {
  containers: [
    {
      name: 'app',
      image: 'registry.example/app:1',
      env: [{ name: 'MODE', value: 'fast' }],
      resources: { requests: { cpu: '100m' } },
    },
    { name: 'side', image: 'registry.example/side:1' },
  ],
};
const SELECTED = {
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: SPEC },
};

/** Objects that changes are about, as manifests. */
export const BASE: readonly Fields[] = [
  made('apps/v1', 'Deployment', 'web', { spec: { replicas: 2, ...SELECTED } }),
  made('apps/v1', 'StatefulSet', 'db', { spec: { replicas: 3, serviceName: 'db', ...SELECTED } }),
  made('v1', 'Service', 'web', {
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
  }),
  made('v1', 'ConfigMap', 'settings', { data: { mode: 'fast', 'app.yaml': 'a: 1\n' } }),
];

function made(apiVersion: string, kind: string, name: string, rest: Fields): Fields {
  return { apiVersion, kind, metadata: { name, namespace: 'default', labels: { app: 'web', tier: 'front' } }, ...rest };
}

export const WEB: ResourceRef = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };
export const DB: ResourceRef = { group: 'apps', kind: 'StatefulSet', namespace: 'default', name: 'db' };
export const SERVICE: ResourceRef = { group: '', kind: 'Service', namespace: 'default', name: 'web' };
export const SETTINGS: ResourceRef = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

/** A snapshot of manifests. */
export function snapshotWith(objects: readonly unknown[], cloud: Partial<CloudSnapshot> = {}): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of structuredClone(objects)) builder.add(object, 'cluster.yaml');
  return builder.build({
    source: { kind: 'dump', name: 'scene' },
    observedAt: Date.parse('2026-01-10T12:00:00Z'),
    serverVersion: 'v1.36.0',
    cloud: { ...NO_CLOUD, ...cloud },
    usage: NO_USAGE,
    certificates: [],
    unreadableCertificates: [],
    endpoints: [],
    missing: [],
  });
}

const words = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const label = fc.tuple(
  fc.constantFrom('example.com/a', 'tier', 'app.kubernetes.io/part-of'),
  fc.option(words, { nil: null }),
);

const metadataPatch = (field: 'labels' | 'annotations') =>
  fc
    .array(label, { minLength: 1, maxLength: 3 })
    .map((pairs): Patch => ({ type: 'merge', patch: { metadata: { [field]: Object.fromEntries(pairs) } } }));

const containerPatch = fc
  .record({
    name: fc.constantFrom('app', 'side', 'new'),
    image: words.map((tag) => `registry.example/app:${tag}`),
    resources: fc.record({
      requests: fc.record(
        { cpu: fc.constantFrom('50m', '1', '250m'), memory: fc.constantFrom('64Mi', '1Gi') },
        { requiredKeys: ['cpu'] },
      ),
    }),
    env: fc.uniqueArray(fc.record({ name: fc.constantFrom('MODE', 'LEVEL', 'HOME'), value: words }), {
      selector: ({ name }) => name,
      maxLength: 3,
    }),
  })
  .map((container): Patch => ({
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [container] } } } },
  }));

const jsonPatch = fc.constantFrom<Patch>(
  {
    type: 'json',
    operations: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'registry.example/app:9' }],
  },
  { type: 'json', operations: [{ op: 'remove', path: '/spec/template/spec/containers/1' }] },
  {
    type: 'json',
    operations: [{ op: 'add', path: '/spec/template/spec/containers/0/env/-', value: { name: 'X', value: 'y' } }],
  },
  { type: 'json', operations: [{ op: 'add', path: '/metadata/annotations', value: { 'a~b/c': 'd"e' } }] },
  { type: 'json', operations: [{ op: 'move', from: '/metadata/labels/tier', path: '/metadata/labels/layer' }] },
);

const dataPatch = fc
  .dictionary(fc.constantFrom('mode', 'app.yaml', 'more.txt'), fc.option(fc.string(), { nil: null }), { minKeys: 1 })
  .map((data): Patch => ({ type: 'merge', patch: { data } }));

const patch = (target: ResourceRef, patches: fc.Arbitrary<Patch>) =>
  patches.map((one): Change => ({ kind: 'patch', target, patch: one }));

/** One change of any kind that touches an object. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  patch(WEB, fc.oneof(metadataPatch('labels'), metadataPatch('annotations'), containerPatch, jsonPatch)),
  patch(DB, fc.oneof(metadataPatch('annotations'), containerPatch)),
  patch(
    SERVICE,
    fc.constantFrom<Patch>(
      { type: 'merge', patch: { spec: { selector: { app: 'other' } } } },
      { type: 'strategic', patch: { spec: { ports: [{ port: 80, targetPort: 9090 }] } } },
      { type: 'strategic', patch: { spec: { ports: [{ name: 'admin', port: 81, protocol: 'TCP' }] } } },
    ),
  ),
  patch(SETTINGS, dataPatch),
  fc.record({ kind: fc.constant('scale' as const), target: fc.constantFrom(WEB, DB), replicas: fc.nat({ max: 4 }) }),
  fc.constantFrom(WEB, SERVICE, SETTINGS).map((target): Change => ({ kind: 'delete', target })),
  words.map((name): Change => ({
    kind: 'create',
    object: made('v1', 'ConfigMap', `new-${name}`, { data: { a: name } }),
  })),
);
