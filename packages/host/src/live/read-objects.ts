/** Lists everything that is served and allowed, in a stable order. */
import type { MissingInput } from '@aia/cluster';
import { HostError } from '../host-error.ts';
import type { ApiClient, ApiResult } from './api-client.ts';
import type { Discovery } from './discovery.ts';
import { inParallel } from './in-parallel.ts';
import { listResource, type Listing, type ReadResource } from './list-resource.ts';
import { listSecrets } from './list-secrets.ts';
import type { LiveSettings } from './live-options.ts';
import {
  arePodsForbidden,
  isForbidden,
  missingNamespaces,
  namespacesToTry,
  type ContextPlace,
} from './namespace-scope.ts';
import { missingCustom, missingResource, tidyMissing } from './missing.ts';
import { BUILT_IN_RESOURCES, isCustom, resourceKey, type ListableResource } from './resources.ts';

export interface ReadObjects {
  /** Sorted by group and kind; items in the server's order, which is by namespace and name. */
  readonly lists: readonly ReadResource[];
  readonly missing: readonly MissingInput[];
}

/** A custom resource with more objects than this is a log or a cache, not configuration. */
const CUSTOM_OBJECTS = 20_000;

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_RESOURCES.map(resourceKey));

/**
 * Lists what discovery found; of a cluster whose pods may not be listed as a whole, what may be listed namespace by namespace.
 * @throws HostError `unauthorized` when not one list was allowed, `unreachable` when not one was answered
 */
export async function readObjects(
  client: ApiClient,
  discovery: Discovery,
  settings: LiveSettings,
  cluster: ContextPlace,
): Promise<ReadObjects> {
  const { resources } = discovery;
  const report = reporter(settings, resources.length);
  const read = async (resource: ListableResource, namespaces: LiveSettings['namespaces']) => {
    const listing = await readOne(client, resource, { ...settings, namespaces }, report);
    report(resource, listing.items.length, true);
    return listing;
  };
  const isWide = settings.namespaces === undefined || settings.includeOtherNamespaces === true;
  const first = await inParallel(resources, settings.concurrency, (one) =>
    read(one, isWide ? undefined : settings.namespaces),
  );
  const isWhole = isWide && !arePodsForbidden({ resources, listings: first });
  const narrower = isWide ? await namespacesToTry(client, { resources, listings: first }, settings, cluster) : [];
  const listings = await inParallel(resources, settings.concurrency, async (one, i) => {
    const listing = first[i] as Listing;
    return narrower.length > 0 && one.namespaced && isForbidden(listing) ? read(one, narrower) : listing;
  });
  failWhenNothing(listings, cluster.server);
  const lists = resources.map((resource, i) => ({ resource, items: listings[i]?.items ?? [] }));
  const missing = [
    ...missingOf(discovery, listings, settings),
    ...missingNamespaces(lists, settings.namespaces, isWhole ? [] : (settings.namespaces ?? narrower)),
  ];
  return { lists, missing: tidyMissing(missing) };
}

type Report = (resource: ListableResource, count: number, finished?: boolean) => void;

/** Tells progress as pages come in. */
function reporter(settings: LiveSettings, total: number): Report {
  const counts = new Map<ListableResource, number>();
  const done = new Set<ListableResource>();
  return (resource, count, finished = false) => {
    counts.set(resource, count);
    if (finished) done.add(resource);
    const kind = resource.group === '' ? resource.kind : `${resource.group}/${resource.kind}`;
    const objects = [...counts.values()].reduce((sum, n) => sum + n, 0);
    settings.onProgress({ phase: 'list', kind, done: done.size, total, objects });
  };
}

function readOne(
  client: ApiClient,
  resource: ListableResource,
  settings: LiveSettings,
  report: Report,
): Promise<Listing> {
  const options = { namespaces: settings.namespaces, onPage: (count: number) => report(resource, count) };
  if (resourceKey(resource) === '/secrets') return listSecrets(client, resource, settings, options);
  const bound = BUILT_IN.has(resourceKey(resource)) ? {} : { maxObjects: CUSTOM_OBJECTS };
  return listResource(client, resource, { ...options, ...bound, trim });
}

/** Large parts that nothing reads, dropped here so that they are not held until admission. */
function trim(item: Record<string, unknown>): void {
  dropFieldOwners(item);
  if (item['kind'] === 'CustomResourceDefinition') dropSchemas(item);
}

/** Field ownership is often a third of an object. */
function dropFieldOwners(item: Record<string, unknown>): void {
  const { managedFields } = (item['metadata'] ?? {}) as { managedFields?: unknown };
  for (const entry of records(managedFields)) entry['fieldsV1'] = undefined;
}

/** The schema is nearly all of a custom resource's definition. */
function dropSchemas(definition: Record<string, unknown>): void {
  const { versions } = (definition['spec'] ?? {}) as { versions?: unknown };
  for (const version of records(versions)) version['schema'] = undefined;
}

function records(value: unknown): Record<string, unknown>[] {
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  return items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function failWhenNothing(listings: readonly Listing[], server: string): void {
  const failures = listings.map(({ failure, items }) => (items.length === 0 ? failure : undefined));
  const [first] = failures;
  if (first === undefined || failures.includes(undefined)) return;
  const refused = failures.filter(
    (failure) => failure?.kind === 'refused' && (failure.status === 401 || failure.status === 403),
  );
  if (refused.length > 0) {
    throw new HostError(
      'unauthorized',
      `${server} lets these credentials list nothing (${first.reason}). Bind them to the ClusterRole in deploy/rbac/, name the namespaces they may read with --namespace, or choose another --context.`,
      {
        data: { server, reason: first.reason },
      },
    );
  }
  throw new HostError('unreachable', `${server} answered no list (${first.reason}).`, {
    data: { server, reason: first.reason },
    retry: 'later',
  });
}

function missingOf(discovery: Discovery, listings: readonly Listing[], settings: LiveSettings): MissingInput[] {
  const missing: MissingInput[] = [];
  const custom: { resource: Pick<ListableResource, 'group' | 'resource'>; reason: string }[] = silentCustom(discovery);
  const served = new Set(discovery.resources.map(resourceKey));
  listings.forEach(({ failure, items }, i) => {
    const resource = discovery.resources[i] as ListableResource;
    if (failure === undefined) return;
    if (notServed(failure) && items.length === 0) served.delete(resourceKey(resource));
    else if (BUILT_IN.has(resourceKey(resource)))
      missing.push(missingResource(resource, reasonOf(failure, items.length)));
    else custom.push({ resource, reason: reasonOf(failure, items.length) });
  });
  if (custom.length > 0) missing.push(missingCustom(custom));
  for (const resource of BUILT_IN_RESOURCES)
    if (!served.has(resourceKey(resource))) missing.push(...whyNotServed(resource, discovery));
  missing.push(...missingParts(served, settings));
  if (discovery.refused !== undefined) {
    missing.push({
      input: 'custom-resources',
      reason: discovery.refused,
      consequence: 'custom resources could not be discovered',
    });
  }
  return missing;
}

/** Groups of custom kinds whose own API server does not answer, so that their kinds are not even known. */
function silentCustom({ silent }: Discovery) {
  return [...silent]
    .map(([group, reason]) => ({ resource: { group, resource: '*' }, reason }))
    .filter(({ resource }) => isCustom(resource));
}

/** Kinds may rightly be absent (no metrics server, an older version); only a group that should answer is missing. */
function whyNotServed(resource: (typeof BUILT_IN_RESOURCES)[number], { silent }: Discovery): MissingInput[] {
  const reason =
    silent.get(resource.group) ?? (resource.group === 'metrics.k8s.io' ? 'the metrics API is not served' : undefined);
  return reason === undefined ? [] : [missingResource(resource, reason)];
}

/** What was left out by choice. */
function missingParts(served: ReadonlySet<string>, settings: LiveSettings): MissingInput[] {
  const missing: MissingInput[] = [];
  if (served.has('/secrets') && !settings.includeSecretKeys) {
    missing.push({
      input: 'secret-keys',
      reason: 'only metadata of Secrets is read unless asked otherwise',
      consequence: 'references to absent keys of Secrets cannot be told',
    });
  }
  return missing;
}

function notServed(failure: ApiResult): boolean {
  return failure.kind === 'refused' && (failure.status === 404 || failure.status === 405);
}

function reasonOf(failure: NonNullable<Listing['failure']>, read: number): string {
  return read === 0 ? failure.reason : `only ${read} objects could be read: ${failure.reason}`;
}
