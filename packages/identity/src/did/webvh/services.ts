/** What a did:webvh says without writing it down: its files, its presentation of itself, its did:web. Source: https://identity.foundation/didwebvh/v1.0/#did-url-resolution */
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { absoluteDidUrl, parseDidUrl } from '../did.ts';
import type { DidDocument } from '../document.ts';
import { filesUrl, isSafeUrl } from '../location.ts';
import { parseWebvhDid } from './webvh-did.ts';

/** The document with its `#files` and `#whois` services, where it does not have its own. Other methods have none. */
export function withImpliedServices(document: DidDocument): DidDocument {
  const did = parseWebvhDid(document.id);
  if (typeof did === 'string') return document;
  const base = filesUrl(did.location);
  const implied: readonly JsonObject[] = [
    { id: `${did.did}#files`, type: 'relativeRef', serviceEndpoint: base },
    {
      '@context': 'https://identity.foundation/linked-vp/contexts/v1',
      id: `${did.did}#whois`,
      type: 'LinkedVerifiablePresentation',
      serviceEndpoint: `${base}whois.vp`,
    },
  ];
  const own = servicesOf(document);
  const missing = implied.filter(({ id }) => !own.some((service) => idOf(service, document) === id));
  return missing.length === 0 ? document : { ...document, service: [...own, ...missing] };
}

/** Where the resource of a DID URL with a path lies; `undefined` where that is no place that may be asked, or the document's endpoint is none. */
export function resourceUrl(document: DidDocument, didUrl: string): string | undefined {
  const url = parseDidUrl(didUrl);
  if (url === undefined || url.path === '' || url.path === '/' || url.did !== document.id) return undefined;
  const isWhois = url.path === '/whois';
  const name = `${document.id}#${isWhois ? 'whois' : 'files'}`;
  const service = servicesOf(withImpliedServices(document)).find((one) => idOf(one, document) === name);
  const endpoint = service?.serviceEndpoint;
  if (typeof endpoint !== 'string') return undefined;
  const target = isWhois ? endpoint : `${endpoint.replace(/\/$/, '')}${url.path}`;
  // Dot segments, plain or encoded, would be resolved away, and slashes once a server decodes them: what they lead to is no file of the DID.
  const isPlain = !/%(?:25|2f|5c|00)/i.test(url.path) && isSafeUrl(target) && new URL(target).href === target;
  return isPlain ? target : undefined;
}

/** The did.json that is published beside a log, for those who know did:web alone. @throws RangeError for documents of other methods */
export function parallelDidWeb(document: DidDocument): DidDocument {
  const did = parseWebvhDid(document.id);
  if (typeof did === 'string') throw new RangeError(`document: is of ${document.id}, which is no did:webvh`);
  const text = JSON.stringify(withImpliedServices(document)).replaceAll(`did:webvh:${did.scid}:`, 'did:web:');
  const web = JSON.parse(text) as DidDocument;
  const names = Array.isArray(web.alsoKnownAs) ? (web.alsoKnownAs as readonly JsonValue[]) : [];
  const others = [...names, did.did].filter((name) => name !== web.id);
  return { ...web, alsoKnownAs: [...new Set(others)] };
}

function servicesOf({ service }: DidDocument): readonly JsonObject[] {
  const list = Array.isArray(service) ? (service as readonly JsonValue[]) : [];
  return list.filter((one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one));
}

function idOf({ id }: JsonObject, document: DidDocument): string | undefined {
  return typeof id === 'string' ? absoluteDidUrl(id, document.id) : undefined;
}
