/**
 * Discovery: which groups, versions and resources there are, as lists of old and as one aggregated document.
 * Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
import { compare } from '../../model/order.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';

/** In the order of the API server's own priorities; groups that it does not know follow by name. */
const GROUP_ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

interface Subresource {
  /** Of what it answers; default the resource's own. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

const READ_WRITE = ['get', 'patch', 'update'] as const;
const PROXY_VERBS = ['create', 'delete', 'get', 'patch', 'update'] as const;
const core = (kind: string) => ({ group: '', version: 'v1', kind });

const SUBRESOURCES: Readonly<Record<string, Subresource>> = {
  attach: { kind: core('PodAttachOptions'), verbs: ['create', 'get'] },
  binding: { kind: core('Binding'), verbs: ['create'] },
  ephemeralcontainers: { verbs: READ_WRITE },
  eviction: { kind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] },
  exec: { kind: core('PodExecOptions'), verbs: ['create', 'get'] },
  finalize: { verbs: ['update'] },
  log: { verbs: ['get'] },
  portforward: { kind: core('PodPortForwardOptions'), verbs: ['create', 'get'] },
  proxy: { kind: core('PodProxyOptions'), verbs: PROXY_VERBS },
  resize: { verbs: READ_WRITE },
  scale: { kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: READ_WRITE },
  status: { verbs: READ_WRITE },
  token: { kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }, verbs: ['create'] },
};

/** The verbs of a subresource; empty for one that is not known. */
export function subresourceVerbs(subresource: string): readonly string[] {
  return SUBRESOURCES[subresource]?.verbs ?? [];
}

interface Version {
  readonly group: string;
  readonly version: string;
  readonly types: readonly ResourceType[];
}
interface Group {
  readonly group: string;
  readonly versions: readonly Version[];
}

/** Groups with their versions, the preferred one first, and their types by name. */
export function groupsOf(types: readonly ResourceType[]): readonly Group[] {
  const byGroup = Map.groupBy(types, ({ group }) => group);
  const groups = [...byGroup].map(([group, inGroup]) => ({
    group,
    versions: [...Map.groupBy(inGroup, ({ version }) => version)]
      .map(([version, inVersion]) => ({
        group,
        version,
        types: inVersion.toSorted((a, b) => compare(a.plural, b.plural)),
      }))
      .sort((a, b) => versionOrder(b.version, a.version)),
  }));
  return groups.sort((a, b) => groupRank(a.group) - groupRank(b.group) || compare(a.group, b.group));
}

function groupRank(group: string): number {
  const at = GROUP_ORDER.indexOf(group);
  if (at >= 0) return at;
  return group === 'metrics.k8s.io' ? GROUP_ORDER.length + 1 : GROUP_ORDER.length;
}

/** Stable versions before beta before alpha, the higher number first. Source: `k8s.io/apimachinery/pkg/version`. */
function versionOrder(a: string, b: string): number {
  const [first, second] = [versionParts(a), versionParts(b)];
  if (first === undefined || second === undefined)
    return first === second ? compare(b, a) : Number(first !== undefined) - Number(second !== undefined);
  for (const [at, part] of first.entries()) if (part !== second[at]) return part - (second[at] ?? 0);
  return 0;
}

function versionParts(version: string): readonly number[] | undefined {
  const [, major, stage, minor] = /^v(\d{1,9})(?:(alpha|beta)(\d{1,9}))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  const stages = { alpha: 0, beta: 1 } as const;
  return [stage === undefined ? 2 : stages[stage as 'alpha' | 'beta'], Number(major), Number(minor ?? 0)];
}

/** `/api`. */
export function coreVersions(serverAddress: string): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `/apis`. */
export function groupList(groups: readonly Group[]): unknown {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.filter(({ group }) => group !== '').map((group) => groupBody(group)),
  };
}

/** `/apis/GROUP`. */
export function groupDocument(group: Group): unknown {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) };
}

function groupBody({ group, versions }: Group) {
  const named = versions.map((one) => ({ groupVersion: apiVersionOf(one), version: one.version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

/** `/api/v1`, `/apis/GROUP/VERSION`. */
export function resourceList(version: Version): unknown {
  return {
    kind: 'APIResourceList',
    ...(version.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(version),
    resources: version.types.flatMap((type) => [
      resourceEntry(type),
      ...type.subresources.map((one) => subEntry(type, one)),
    ]),
  };
}

function resourceEntry(type: ResourceType) {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = type;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
}

function subEntry(type: ResourceType, name: string) {
  const { kind = undefined, verbs } = SUBRESOURCES[name] ?? { verbs: [] };
  return {
    name: `${type.plural}/${name}`,
    singularName: '',
    namespaced: type.namespaced,
    ...(kind !== undefined && (kind.group !== type.group || kind.version !== type.version)
      ? { group: kind.group, version: kind.version }
      : {}),
    kind: kind?.kind ?? type.kind,
    verbs,
  };
}

/** `/api` and `/apis` for clients that take aggregated discovery. */
export function aggregated(groups: readonly Group[]): unknown {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map(({ version, types }) => ({
        version,
        resources: types.map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(type: ResourceType) {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories, subresources } = type;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map((subresource) => ({
        subresource,
        responseKind: SUBRESOURCES[subresource]?.kind ?? { group, version, kind },
        verbs: SUBRESOURCES[subresource]?.verbs ?? [],
      })),
    }),
  };
}
