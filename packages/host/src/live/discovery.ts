/** What an API server serves: in two requests where it can (aggregated discovery, Kubernetes 1.26), else group by group. */
import type { ApiClient, ApiResult } from './api-client.ts';
import { inParallel } from './in-parallel.ts';
import { BUILT_IN_RESOURCES, byGroupAndKind, isCustom, resourceKey, type ListableResource } from './resources.ts';

/** What will be listed, and what could not be learnt. */
export interface Discovery {
  /** Sorted by group and kind. */
  readonly resources: readonly ListableResource[];
  /** Groups that should be served but did not answer, for example `metrics.k8s.io` when its server is down; with reasons. */
  readonly silent: ReadonlyMap<string, string>;
  /** Why nothing could be discovered; the built-in kinds are then asked for blindly. */
  readonly refused: string | undefined;
}

/** Best first; a server that knows none of the parameters answers in the old form. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Versions of one resource, best first. */
interface Served extends Omit<ListableResource, 'version'> {
  readonly versions: string[];
}
interface Found {
  readonly served: Map<string, Served>;
  readonly silent: Map<string, string>;
}

/** Asks the server what it serves; `concurrency` bounds the requests where each group must be asked by itself. */
export async function discover(client: ApiClient, concurrency: number): Promise<Discovery> {
  const found: Found = { served: new Map(), silent: new Map() };
  const [core, groups] = [
    await client.get('/api', { accept: AGGREGATED }),
    await client.get('/apis', { accept: AGGREGATED }),
  ];
  const refusals = [core, groups].filter((result) => result.kind !== 'ok').map(({ reason }) => reason);
  for (const root of [core, groups])
    if (root.kind === 'ok' && isAggregated(root.value)) readAggregated(root.value, found);
  await readGroups(client, [...legacyVersions(core, '/api'), ...legacyVersions(groups, '/apis')], found, concurrency);
  if (core.kind !== 'ok') assumeBuiltIn(found, (group) => group === '');
  if (groups.kind !== 'ok') assumeBuiltIn(found, (group) => group !== '');
  return { resources: chosen(found), silent: found.silent, refused: refusals[0] };
}

interface AggregatedList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version?: string;
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource?: string;
        readonly scope?: string;
        readonly verbs?: readonly string[];
        readonly responseKind?: { readonly kind?: string };
      }[];
    }[];
  }[];
}

function isAggregated(value: unknown): value is AggregatedList {
  return (value as { kind?: unknown } | null)?.kind === 'APIGroupDiscoveryList';
}

function readAggregated(list: AggregatedList, found: Found): void {
  for (const item of array(list.items)) {
    const group = item.metadata?.name ?? '';
    for (const { version, freshness, resources } of array(item.versions)) {
      if (freshness === 'Stale') found.silent.set(group, 'its API server does not answer (stale discovery)');
      for (const { resource, scope, verbs, responseKind } of array(resources)) {
        note(found, group, version, {
          name: resource,
          kind: responseKind?.kind,
          namespaced: scope === 'Namespaced',
          verbs,
        });
      }
    }
  }
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly path: string;
}

/** Group versions named by the old form of `/api` (`APIVersions`) or `/apis` (`APIGroupList`), preferred version first. */
function legacyVersions(result: ApiResult, root: string): GroupVersion[] {
  if (result.kind !== 'ok' || isAggregated(result.value)) return [];
  const { versions, groups } = (result.value ?? {}) as {
    versions?: readonly string[];
    groups?: readonly {
      name?: string;
      versions?: readonly { version?: string }[];
      preferredVersion?: { version?: string };
    }[];
  };
  const core = array(versions).map((version) => ({ group: '', version, path: `${root}/${version}` }));
  const named = array(groups).flatMap(({ name = '', versions: all, preferredVersion }) => {
    const listed = array(all).map(({ version }) => version);
    return [...new Set([preferredVersion?.version, ...listed])]
      .filter((version) => version !== undefined)
      .map((version) => ({ group: name, version, path: `${root}/${name}/${version}` }));
  });
  return [...core, ...named];
}

/** Reads the resources of each group version; the order of `versions` decides preference, not the order of answers. */
async function readGroups(
  client: ApiClient,
  versions: readonly GroupVersion[],
  found: Found,
  concurrency: number,
): Promise<void> {
  const answers = await inParallel(versions, concurrency, ({ path }) => client.get(path, { attempts: 2 }));
  answers.forEach((answer, i) => {
    const { group, version } = versions[i] as GroupVersion;
    if (answer.kind !== 'ok') {
      found.silent.set(group, answer.reason);
      return;
    }
    const { resources } = (answer.value ?? {}) as { resources?: readonly NamedResource[] };
    for (const resource of array(resources)) note(found, group, version, resource);
  });
}

interface NamedResource {
  readonly name?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespaced?: boolean | undefined;
  readonly verbs?: readonly string[] | undefined;
}

/** Keeps what can be listed; subresources (`pods/log`) cannot. */
function note(
  found: Found,
  group: string,
  version: string | undefined,
  { name, kind, namespaced, verbs }: NamedResource,
): void {
  if (typeof name !== 'string' || typeof kind !== 'string' || typeof version !== 'string') return;
  if (
    !/^[a-z0-9.-]+$/.test(name) ||
    !/^[a-zA-Z0-9.-]+$/.test(version) ||
    !/^[a-z0-9.-]*$/.test(group) ||
    !array(verbs).includes('list')
  )
    return;
  const key = resourceKey({ group, resource: name });
  const known = found.served.get(key);
  if (known === undefined)
    found.served.set(key, { group, resource: name, kind, namespaced: namespaced === true, versions: [version] });
  else known.versions.push(version);
}

function assumeBuiltIn(found: Found, inGroup: (group: string) => boolean): void {
  for (const { versions, ...resource } of BUILT_IN_RESOURCES) {
    if (inGroup(resource.group)) found.served.set(resourceKey(resource), { ...resource, versions: [...versions] });
  }
}

/** Built-in resources in the version AIA reads, or else the server's first; custom resources in the server's first. */
function chosen({ served }: Found): ListableResource[] {
  const resources: ListableResource[] = [];
  for (const { versions: wanted, ...resource } of BUILT_IN_RESOURCES) {
    const offered = served.get(resourceKey(resource))?.versions ?? [];
    const version = wanted.find((candidate) => offered.includes(candidate)) ?? offered[0];
    if (version !== undefined) resources.push({ ...resource, version });
  }
  for (const { versions, ...resource } of served.values()) {
    const version = versions[0];
    if (version !== undefined && isCustom(resource)) resources.push({ ...resource, version });
  }
  return resources.sort(byGroupAndKind);
}

/** What another program sent may lack anything. */
function array<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]).filter((item) => item !== null && item !== undefined) : [];
}
