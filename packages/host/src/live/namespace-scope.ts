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

/** Where the cluster is, for messages, and the namespace that its context names. */
export interface ContextPlace {
  readonly server: string;
  readonly namespace: string | undefined;
}

/**
 * Namespaces in which to ask for what may not be listed in the whole cluster: those `wanted`, or else, when pods may not, those
 * whose pods may be listed, of the ones that the cluster names or else the one that the context names.
 */
export async function namespacesToTry(
  client: ApiClient,
  read: ClusterWide,
  wanted: { readonly namespaces?: readonly string[] | undefined; readonly concurrency: number },
  context: ContextPlace,
): Promise<readonly string[]> {
  if (wanted.namespaces !== undefined) return wanted.namespaces;
  const pods = read.resources.find(isPods);
  if (pods === undefined || !arePodsForbidden(read)) return [];
  const namespaces = read.resources.find(isNamespaces);
  const known = namespaces === undefined ? [] : (listingOf(read, namespaces)?.items ?? []).map(nameOf);
  const candidates = known.length > 0 ? known : context.namespace === undefined ? [] : [context.namespace];
  const reached = await inParallel(candidates.slice(0, TRIED), wanted.concurrency, async (namespace) => {
    const [path = ''] = pathsOf(pods, [namespace]);
    const answer = await client.get(`${path}?limit=1`);
    return answer.kind === 'ok' ? [namespace] : [];
  });
  return reached.flat();
}

/** Whether the pods of the whole cluster may not be listed. */
export function arePodsForbidden({ resources, listings }: ClusterWide): boolean {
  return isForbidden(listings[resources.findIndex(isPods)]);
}

/** Whether nothing of a resource may be read. */
export function isForbidden(listing: Listing | undefined): boolean {
  const failure = listing?.failure;
  return failure?.kind === 'refused' && failure.status === 403 && listing?.items.length === 0;
}

/** What was left out because only the namespaces `read` were read, whether they were `wanted` or the credentials reach no others. */
export function missingNamespaces(
  lists: readonly ReadResource[],
  wanted: readonly string[] | undefined,
  read: readonly string[],
): MissingInput[] {
  const names = read.length > 10 ? `${read.slice(0, 10).join(', ')} and ${read.length - 10} more` : read.join(', ');
  const reason = wanted === undefined ? `the credentials reach only ${names}` : `only ${names} was read`;
  const consequence = 'what other namespaces use of nodes and quotas is not known';
  // The API answers an empty list for a namespace that there is not.
  const known = lists.find(({ resource }) => isNamespaces(resource))?.items ?? [];
  const there = new Set(known.map(nameOf));
  const absent = there.size === 0 ? [] : (wanted ?? []).filter((name) => !there.has(name));
  return [
    ...(read.length === 0 ? [] : [{ input: 'other-namespaces', reason, consequence }]),
    ...absent.map((name) => ({
      input: `namespace:${name}`,
      reason: 'there is no such namespace in the cluster',
      consequence: 'nothing was read for it',
    })),
  ];
}

function isPods({ group, resource }: ListableResource): boolean {
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
