/** Every shape in which a cluster is saved, written exactly as the tools write it. */
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { list, tarOf, type Files, type RawObject } from './memory-dump.suite.ts';
import { zipOf } from './zip.suite.ts';

/** A way of saving objects; `carries` says which kinds it can hold at all. */
export interface Shape {
  readonly name: string;
  readonly carries?: (object: RawObject) => boolean;
  readonly write: (objects: readonly RawObject[]) => Files | Promise<Files>;
}

/** kubectl's YAML: keys sorted by Go's encoder, texts quoted where needed, no anchors. */
const yaml = (value: unknown) => stringify(value, { aliasDuplicateObjects: false, sortMapEntries: true, lineWidth: 0 });
/** kubectl's JSON. */
const json = (value: unknown) => `${JSON.stringify(value, undefined, 4)}\n`;
/** go's `json.MarshalIndent(items, "", "  ")`. */
const json2 = (value: unknown) => JSON.stringify(value, undefined, 2);

const namespaceOf = (object: RawObject) => object.metadata.namespace ?? '';
const typed = (items: readonly RawObject[]) => {
  const [{ kind, apiVersion } = { kind: '', apiVersion: 'v1' }] = items;
  return list(items.map(withoutType), `${kind}List`, apiVersion);
};
/** Items of a typed list have no kind of their own. */
function withoutType({ metadata, ...object }: RawObject) {
  const rest = Object.entries(object).filter(([key]) => key !== 'apiVersion' && key !== 'kind');
  return { metadata, ...Object.fromEntries(rest) };
}
const grouped = (objects: readonly RawObject[], key: (object: RawObject) => string) =>
  [...Map.groupBy(objects, key)].map(([name, members]) => [name, members] as const);

/** What `kubectl cluster-info dump` reads, in its order. */
const CLUSTER_INFO: readonly (readonly [kind: string, file: string])[] = [
  ['Event', 'events'],
  ['ReplicationController', 'replication-controllers'],
  ['Service', 'services'],
  ['DaemonSet', 'daemonsets'],
  ['Deployment', 'deployments'],
  ['ReplicaSet', 'replicasets'],
  ['Pod', 'pods'],
];
const inClusterInfo = ({ kind }: RawObject) => kind === 'Node' || CLUSTER_INFO.some(([known]) => known === kind);
const LIST_VERSIONS: Readonly<Record<string, string>> = {
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
};

/** The lists of a cluster-info dump with the path each is written to, without its ending. */
function clusterInfo(objects: readonly RawObject[]): { path: string; value: unknown; pods: readonly RawObject[] }[] {
  const ofKind = (kind: string, namespace: string) =>
    objects.filter((object) => object.kind === kind && namespaceOf(object) === namespace);
  const namespaces = [...new Set(objects.map(namespaceOf))].filter((name) => name !== '');
  const listOf = (kind: string, items: readonly RawObject[]) =>
    list(items.map(withoutType), `${kind}List`, LIST_VERSIONS[kind] ?? 'v1');
  return [
    { path: 'nodes', value: listOf('Node', ofKind('Node', '')), pods: [] },
    ...namespaces.flatMap((namespace) =>
      CLUSTER_INFO.map(([kind, file]) => ({
        path: `${namespace}/${file}`,
        value: listOf(kind, ofKind(kind, namespace)),
        pods: kind === 'Pod' ? ofKind('Pod', namespace) : [],
      })),
    ),
  ];
}

/** A log that looks like everything else: JSON, YAML, another pod's marker, and no line end. */
function logOf({ metadata: { name, namespace = '' }, spec }: RawObject): string {
  const containers = (spec as { containers: { name: string }[] }).containers;
  return containers
    .map(
      ({ name: container }) =>
        `==== START logs for container ${container} of pod ${namespace}/${name} ====\n` +
        `{"kind":"Pod","apiVersion":"v1"\n---\nkind: Pod\n==== END logs for container x of pod y/z ====\n[broken ${name}` +
        `==== END logs for container ${container} of pod ${namespace}/${name} ====\n`,
    )
    .join('');
}

/** Kind → resource name, with `names` over the plain plural. */
const plural = (kind: string) =>
  (kind === 'Endpoints' ? 'endpoints' : /s$/.test(kind) ? `${kind}es` : `${kind}s`).toLowerCase();
const groupFolder = (apiVersion: string) => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : 'core');

/** Names in a troubleshoot.sh bundle; one file per namespace for folders, one for all of a cluster-scoped kind. */
const BUNDLE: Readonly<Record<string, readonly [folder: string, clusterScoped?: true]>> = {
  Pod: ['pods'],
  Service: ['services'],
  Deployment: ['deployments'],
  ReplicaSet: ['replicasets'],
  StatefulSet: ['statefulsets'],
  DaemonSet: ['daemonsets'],
  Job: ['jobs'],
  CronJob: ['cronjobs'],
  Event: ['events'],
  ConfigMap: ['configmaps'],
  PersistentVolumeClaim: ['pvcs'],
  ResourceQuota: ['resource-quota'],
  LimitRange: ['limitranges'],
  PodDisruptionBudget: ['pod-disruption-budgets'],
  ServiceAccount: ['serviceaccounts'],
  EndpointSlice: ['endpointslices'],
  Namespace: ['namespaces', true],
  Node: ['nodes', true],
  PersistentVolume: ['pvs', true],
  StorageClass: ['storage-classes', true],
};
const inBundle = ({ kind }: RawObject) => kind in BUNDLE;

function bundle(objects: readonly RawObject[], write: (items: readonly RawObject[]) => string): Files {
  const files = grouped(objects, (object) => {
    const [folder = '', clusterScoped] = BUNDLE[object.kind] ?? [];
    return clusterScoped
      ? `cluster-resources/${folder}.json`
      : `cluster-resources/${folder}/${namespaceOf(object)}.json`;
  }).map(([path, members]) => [path, write(members)] as const);
  return {
    'version.yaml':
      'apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nmetadata:\n  name: support-bundle\nspec:\n  versionNumber: 0.100.0\n',
    'analysis.json': json2([{ name: 'cluster-version', labels: {}, insight: { severity: 'info' } }]),
    'cluster-info/cluster_version.json': json2({
      info: { major: '1', minor: '33', gitVersion: 'v1.33.5' },
      string: 'v1.33.5',
    }),
    'cluster-resources/groups.json': json2([{ kind: 'APIGroup', apiVersion: 'v1', name: 'apps', versions: [] }]),
    'cluster-resources/resources.json': json2([
      { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources: [] },
    ]),
    'cluster-resources/auth-cani-list/default.json': json2([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
    'cluster-resources/image-pull-secrets/default/registry.json': json2({ 'registry.example.com': 'robot' }),
    ...Object.fromEntries(files),
  };
}

/** The lists that `oc adm inspect` writes for a namespace carry no kind on pods' own files' siblings; each file begins a document. */
function mustGather(objects: readonly RawObject[]): Files {
  const root = 'must-gather.local.42/registry-example-com-must-gather-sha256-0a1b2c';
  const document = (value: unknown) => `---\n${yaml(value)}`;
  const files = grouped(objects, (object) => {
    const namespace = namespaceOf(object);
    const folder = `${groupFolder(object.apiVersion)}/${plural(object.kind)}`;
    return namespace === ''
      ? `${root}/cluster-scoped-resources/${folder}/${object.metadata.name}.yaml`
      : `${root}/namespaces/${namespace}/${folder}.yaml`;
  }).map(([path, members]) => {
    const [first] = members as [RawObject];
    return [
      path,
      document(namespaceOf(first) === '' ? first : list(members, `${first.kind}List`, first.apiVersion)),
    ] as const;
  });
  const pods = objects
    .filter(({ kind }) => kind === 'Pod')
    .map((pod) => {
      const path = `${root}/namespaces/${namespaceOf(pod)}/pods/${pod.metadata.name}`;
      return [`${path}/${pod.metadata.name}.yaml`, document(pod)] as const;
    });
  return {
    [`${root}/version`]: 'openshift/must-gather\n4.19.0\n',
    [`${root}/timestamp`]: '2026-01-01 00:00:00 +0000 UTC\n',
    [`${root}/event-filter.html`]: '<html><body>{}</body></html>',
    ...Object.fromEntries([...files, ...pods]),
  };
}

/** Anchors, aliases and merge keys, as people write them by hand: equal parts are written once. */
function anchored(objects: readonly RawObject[]): string {
  return objects
    .map(({ apiVersion, ...rest }) => {
      const known = new Map<string, unknown>();
      const shared: unknown = JSON.parse(JSON.stringify(rest), (_key, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value;
        const text = JSON.stringify(value);
        return known.get(text) ?? (known.set(text, value), value);
      });
      return stringify({ '<<': [{ apiVersion }, { kind: 'Overridden' }], ...(shared as object) }, { lineWidth: 0 });
    })
    .join('---\n');
}

const objectList = (objects: readonly RawObject[]) => json(list(objects));
const perKind = (objects: readonly RawObject[]): Files =>
  Object.fromEntries(
    grouped(objects, ({ kind }) => `${plural(kind)}.json`).map(([path, members]) => [path, objectList(members)]),
  );
const perKindAndNamespace = (objects: readonly RawObject[]): Files =>
  Object.fromEntries(
    grouped(objects, (object) => `dump/${plural(object.kind)}/${namespaceOf(object) || '_cluster'}.json`).map(
      ([path, members]) => [path, json(typed(members))],
    ),
  );
const documents = (objects: readonly RawObject[]) => objects.map((object) => `---\n${yaml(object)}`).join('');
const utf16 = (text: string) =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.replace(/\n/g, '\r\n'), 'utf16le')]);
const bigEndian = (text: string) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
const windows = (text: string) => `\uFEFF${text.replace(/\n/g, '\r\n')}`;
/** CRLF inside a block scalar is a line break like any other, so texts that hold a CR are left to the JSON shapes. */
const withoutReturns = (object: RawObject) => !JSON.stringify(object).includes('\\r');

/** The shapes. The first is what the others are compared with. */
export const SHAPES: readonly Shape[] = [
  { name: 'kubectl get -o json', write: (objects) => ({ 'all.json': objectList(objects) }) },
  { name: 'kubectl get -o yaml', write: (objects) => ({ 'all.yaml': yaml(list(objects)) }) },
  { name: 'one object per document', write: (objects) => ({ 'all.yaml': documents(objects) }) },
  { name: 'a List without an ending in its name', write: (objects) => ({ all: objectList(objects) }) },
  { name: 'YAML without an ending in its name', write: (objects) => ({ all: yaml(list(objects)) }) },
  { name: 'JSON in a file named .yaml', write: (objects) => ({ 'all.yaml': objectList(objects) }) },
  { name: 'YAML in a file named .json', write: (objects) => ({ 'all.json': yaml(list(objects)) }) },
  {
    name: 'ndjson',
    write: (objects) => ({ 'all.ndjson': objects.map((object) => `${JSON.stringify(object)}\n`).join('') }),
  },
  { name: 'JSON documents one after another', write: (objects) => ({ 'all.json': objects.map(json).join('') }) },
  { name: 'a bare array', write: (objects) => ({ 'all.json': json2(objects) }) },
  {
    name: 'typed lists one after another',
    write: (objects) => ({
      'all.json': grouped(objects, ({ apiVersion, kind }) => `${apiVersion}${kind}`)
        .map(([, members]) => json(typed(members)))
        .join(''),
    }),
  },
  {
    name: 'keys in another order',
    write: (objects) => ({ 'all.json': JSON.stringify({ items: objects, kind: 'List', apiVersion: 'v1' }) }),
  },
  { name: 'a file per kind', write: perKind },
  { name: 'a typed list per kind and namespace', write: perKindAndNamespace },
  {
    name: 'one file per object',
    write: (objects) => Object.fromEntries(objects.map((object, i) => [`${i}/${object.kind}.yaml`, yaml(object)])),
  },
  { name: 'PowerShell redirection of JSON', write: (objects) => ({ 'all.json': utf16(objectList(objects)) }) },
  {
    name: 'PowerShell redirection of YAML',
    carries: withoutReturns,
    write: (objects) => ({ 'all.yaml': utf16(documents(objects)) }),
  },
  { name: 'UTF-16 big endian', write: (objects) => ({ 'all.json': bigEndian(objectList(objects)) }) },
  { name: 'byte order mark and CRLF, JSON', write: (objects) => ({ 'all.json': windows(objectList(objects)) }) },
  {
    name: 'byte order mark and CRLF, YAML',
    carries: withoutReturns,
    write: (objects) => ({ 'all.yaml': windows(documents(objects)) }),
  },
  { name: 'anchors and merge keys', write: (objects) => ({ 'all.yaml': anchored(objects) }) },
  {
    name: 'helm template',
    write: (objects) => ({
      'manifests.yaml': objects
        .map(
          (object, i) =>
            `---\n# Source: chart/templates/${i}.yaml\n${yaml(object)}---\n# Source: chart/templates/empty.yaml\n`,
        )
        .join(''),
    }),
  },
  { name: 'kustomize build', write: (objects) => ({ 'manifests.yaml': objects.map(yaml).join('---\n') }) },
  {
    name: 'documents with end marks',
    write: (objects) => ({
      'all.yaml': objects.map((object) => `%YAML 1.2\n--- # object\n${yaml(object)}...\n`).join(''),
    }),
  },
  {
    name: 'cluster-info dump to standard output, JSON',
    carries: inClusterInfo,
    write: (objects) => ({
      'standard input': clusterInfo(objects)
        .map(({ value, pods }) => json(value) + pods.map(logOf).join(''))
        .join(''),
    }),
  },
  {
    name: 'cluster-info dump to standard output, YAML',
    carries: inClusterInfo,
    write: (objects) => ({
      'standard input': clusterInfo(objects)
        .map(({ value, pods }, i) => (i === 0 ? '' : '---\n') + yaml(value) + pods.map(logOf).join(''))
        .join(''),
    }),
  },
  {
    name: 'cluster-info dump to a directory, JSON',
    carries: inClusterInfo,
    write: (objects) => clusterInfoFiles(objects, 'json', json),
  },
  {
    name: 'cluster-info dump to a directory, YAML',
    carries: inClusterInfo,
    write: (objects) => clusterInfoFiles(objects, 'yaml', (value) => `---\n${yaml(value)}`),
  },
  {
    name: 'support bundle',
    carries: inBundle,
    write: (objects) =>
      bundle(objects, (items) => json2(list(items, `${items[0]?.kind ?? ''}List`, items[0]?.apiVersion))),
  },
  {
    name: 'old support bundle: bare arrays without kinds',
    carries: inBundle,
    write: (objects) => bundle(objects, (items) => json2(items.map(withoutType))),
  },
  { name: 'must-gather', write: mustGather },
  { name: '.tar', write: async (objects) => ({ 'dump.tar': await tarOf(perKind(objects), false) }) },
  {
    name: '.tar.gz with ./ in its names',
    write: async (objects) => ({ 'dump.tar.gz': await tarOf(prefixed('./', perKindAndNamespace(objects))) }),
  },
  { name: '.zip', write: (objects) => ({ 'dump.zip': zipOf(entries(perKind(objects))) }) },
  {
    name: 'a zip in a tar.gz',
    write: async (objects) => ({ 'outer.tgz': await tarOf({ 'inner.zip': zipOf(entries(perKind(objects))) }) }),
  },
  { name: 'gzip of one file', write: (objects) => ({ 'all.json.gz': gzipSync(objectList(objects)) }) },
  { name: 'gzip of YAML', write: (objects) => ({ 'all.yaml.gz': gzipSync(documents(objects)) }) },
];

function clusterInfoFiles(objects: readonly RawObject[], ending: string, write: (value: unknown) => string): Files {
  return Object.fromEntries(
    clusterInfo(objects).flatMap(({ path, value, pods }) => [
      [`${path}.${ending}`, write(value)],
      ...pods.map((pod) => [`${namespaceOf(pod)}/${pod.metadata.name}/logs.txt`, logOf(pod)]),
    ]),
  );
}

function prefixed(prefix: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${prefix}${path}`, content]));
}

function entries(files: Files) {
  return Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) }));
}
