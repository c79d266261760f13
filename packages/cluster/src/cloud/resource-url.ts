/** Names inside Google's resource URLs: `https://www.googleapis.com/compute/v1/projects/P/zones/Z/instanceGroups/NAME`. */

/** No URL of the API is longer; more text is not searched. */
const LONGEST = 2048;

/** The segment after `collection`, for example `urlPart(url, 'zones')`; `undefined` when there is none. */
export function urlPart(url: string, collection: string): string | undefined {
  const marker = `${collection}/`;
  const searched = url.slice(0, LONGEST);
  const start = searched.startsWith(marker) ? 0 : searched.indexOf(`/${marker}`) + 1;
  if (start === 0 && !searched.startsWith(marker)) return undefined;
  const rest = searched.slice(start + marker.length);
  const end = rest.indexOf('/');
  return (end < 0 ? rest : rest.slice(0, end)) || undefined;
}

/** The last segment: a name given alone stays as it is. */
export function urlName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** Region of a resource: its own segment, the zone's (`us-central1-a` → `us-central1`), or `global`. */
export function regionOf(url: string): string {
  const zone = urlPart(url, 'zones');
  if (zone !== undefined) return regionOfZone(zone);
  return urlPart(url, 'regions') ?? (url === '' || url.includes('/global/') ? 'global' : urlName(url));
}

/** `us-central1-a` → `us-central1`; a region stays. */
export function regionOfZone(location: string): string {
  return /^[a-z]+-[a-z]+\d+-[a-z]$/.test(location) ? location.slice(0, -2) : location;
}
