/** Credentials that reach into some namespaces only: which ones those are. */
import type { MissingInput } from '@aia/cluster';
import type { ApiClient } from './api-client.ts';
import type { Discovery } from './discovery.ts';
import { inParallel } from './in-parallel.ts';
import { pathsOf, type Listing, type ReadResource } from './list-resource.ts';
import type { ListableResource } from './resources.ts';

/** Namespaces that are tried, so that a cluster with thousands of them costs a bounded number of refusals. */
const TRIED = 500;

/** What was read at cluster scope, in the order of `resources`. */
interface ClusterWide extends Pick<Discovery, 'resources'> {
  readonly listings: readonly Listing[];
}

/**
 * Namespaces whose pods may be listed, when pods of the whole cluster may not: of those the cluster names, or else the one the
 * context names. `undefined` when pods of the whole cluster may be listed.
 */
export async function reachableNamespaces(
  client: ApiClient,
  read: ClusterWide,
  contextNamespace: string | undefined,
  concurrency: number,
): Promise<readonly string[] | undefined> {
  const pods = read.resources.find(isPods);
  if (pods === undefined || !isForbidden(listingOf(read, pods))) return undefined;
  const namespaces = read.resources.find(isNamespaces);
  const known = namespaces === undefined ? [] : (listingOf(read, namespaces)?.items ?? []).map(nameOf);
  const candidates = known.length > 0 ? known : contextNamespace === undefined ? [] : [contextNamespace];
  const reached = await inParallel(candidates.slice(0, TRIED), concurrency, async (namespace) => {
    const [path = ''] = pathsOf(pods, [namespace]);
    const answer = await client.get(`${path}?limit=1`);
    return answer.kind === 'ok' ? [namespace] : [];
  });
  return reached.flat();
}

/** Whether nothing of a resource may be read. */
export function isForbidden(listing: Listing | undefined): boolean {
  const failure = listing?.failure;
  return failure?.kind === 'refused' && failure.status === 403 && listing?.items.length === 0;
}

/**
 * What was left out because of the namespaces that were asked for, or of those that the credentials reach. Nothing is missing of
 * nodes when the pods of all namespaces were read all the same.
 */
export function missingNamespaces(
  lists: readonly ReadResource[],
  read: readonly string[] | undefined,
  { wereAsked, podsAreWhole }: { readonly wereAsked: boolean; readonly podsAreWhole: boolean },
): MissingInput[] {
  if (read === undefined || read.length === 0) return [];
  const names = read.length > 10 ? `${read.slice(0, 10).join(', ')} and ${read.length - 10} more` : read.join(', ');
  const reason = wereAsked ? `only ${names} was asked for` : `the credentials reach only ${names}`;
  const consequence = 'what other namespaces use of nodes and quotas is not known';
  // The API answers an empty list for a namespace that there is not.
  const known = lists.find(({ resource }) => isNamespaces(resource))?.items ?? [];
  const there = new Set(known.map(nameOf));
  const absent = there.size === 0 ? [] : read.filter((name) => !there.has(name));
  return [
    ...(podsAreWhole ? [] : [{ input: 'other-namespaces', reason, consequence }]),
    ...absent.map((name) => ({
      input: `namespace:${name}`,
      reason: 'there is no such namespace in the cluster',
      consequence: 'nothing was read for it',
    })),
  ];
}

/** Pods are what takes room on nodes. */
export function isPods({ group, resource }: ListableResource): boolean {
  return group === '' && resource === 'pods';
}

function isNamespaces({ group, resource }: ListableResource): boolean {
  return group === '' && resource === 'namespaces';
}

function listingOf({ resources, listings }: ClusterWide, resource: ListableResource): Listing | undefined {
  return listings[resources.indexOf(resource)];
}

function nameOf(item: Record<string, unknown>): string {
  return String((item['metadata'] as { name?: unknown } | undefined)?.name);
}
