/** Names of managed instance groups on GKE. */
import { urlName, urlPart } from './resource-url.ts';

/** Zone of a managed instance group, from its URL; `undefined` for a bare name. */
export function groupZone(name: string): string | undefined {
  return urlPart(name, 'zones');
}

/**
 * Node pool of a GKE managed instance group `gke-‹cluster›-‹pool›-‹hash›-grp` (URL or name) or of a node
 * `gke-‹cluster›-‹pool›-‹hash›-‹id›`. Both parts may contain dashes, so without `clusterName` only the unambiguous
 * cases are answered. GKE shortens long cluster names inside these.
 */
export function groupPool(name: string, clusterName?: string): string | undefined {
  const match = /^gke-([a-z0-9-]{1,80})-[0-9a-f]{8}-(?:grp|[a-z0-9]{4})$/.exec(urlName(name));
  const middle = match?.[1];
  if (middle === undefined) return undefined;
  if (clusterName !== undefined) return withoutCluster(middle, clusterName);
  if (middle.endsWith('-default-pool')) return 'default-pool';
  const parts = middle.split('-');
  return parts.length === 2 ? parts[1] : undefined;
}

/** The shortest cut of a cluster's name that GKE makes in the names of groups and nodes. */
const SHORTEST_CUT = 16;

function withoutCluster(middle: string, clusterName: string): string | undefined {
  for (let length = clusterName.length; length >= Math.min(clusterName.length, SHORTEST_CUT); length--) {
    const prefix = `${clusterName.slice(0, length).replace(/-+$/, '')}-`;
    if (middle.startsWith(prefix) && middle.length > prefix.length) return middle.slice(prefix.length);
  }
  return undefined;
}
