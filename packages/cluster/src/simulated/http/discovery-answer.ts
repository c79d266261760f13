/** Answers of discovery: the form that the client takes, and an ETag by which it need not be sent again. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ResourceType } from '../api/resource-type.ts';
import { answer } from './answer.ts';
import { aggregated, coreVersions, groupDocument, groupList, groupsOf, resourceList } from './discovery.ts';
import { formOf, mediaRanges } from './negotiation.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The answer to a discovery path; `undefined` for a path that is none, or names what is not there. */
export function discoveryAnswer(
  request: Request,
  url: URL,
  path: string,
  types: readonly ResourceType[],
): Response | undefined {
  const [prefix, first, second, ...more] = path.split('/').filter((part) => part !== '');
  if (more.length > 0 || (prefix !== 'api' && prefix !== 'apis')) return undefined;
  const groups = groupsOf(types);
  const isCore = prefix === 'api';
  if (first === undefined) {
    const own = groups.filter(({ group }) => (group === '') === isCore);
    if (takesAggregated(request.headers)) return aggregatedAnswer(request, own);
    return plain(request, url, isCore ? coreVersions(url.host) : groupList(groups));
  }
  const found = groups.find(({ group }) => group === (isCore ? '' : first));
  if (found === undefined || (isCore && second !== undefined)) return undefined;
  const wanted = isCore ? first : second;
  if (wanted === undefined) return plain(request, url, groupDocument(found));
  const version = found.versions.find((one) => one.version === wanted);
  return version === undefined ? undefined : plain(request, url, resourceList(version));
}

function plain(request: Request, url: URL, document: unknown): Response {
  return answer(document, formOf(request.headers, url.searchParams), 200, { vary: 'Accept' });
}

/** The first form that we speak decides. */
function takesAggregated(headers: Headers): boolean {
  for (const { type, parameters } of mediaRanges(headers.get('accept') ?? '')) {
    if (type !== 'application/json' && type !== '*/*') continue;
    const { as, g, v } = parameters;
    if (as === undefined) return false;
    if (as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2') return true;
  }
  return false;
}

function aggregatedAnswer(request: Request, groups: Parameters<typeof aggregated>[0]): Response {
  const body = `${JSON.stringify(aggregated(groups))}\n`;
  const etag = `"${bytesToHex(sha256(utf8ToBytes(body))).toUpperCase()}"`;
  const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': AGGREGATED } });
}
