/** DID documents, and the one way to a key in them. Sources: https://www.w3.org/TR/did-1.1/ and https://www.w3.org/TR/cid-1.0/ */
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import type { PublicKey } from '../encoding/multikey.ts';
import { timeOf } from '../proof/time.ts';
import { absoluteDidUrl, parseDid, parseDidUrl } from './did.ts';
import { publicKeyOf } from './verification-method.ts';

/** All that a key may be used for. Source: https://www.w3.org/TR/cid-1.0/#verification-relationships */
export const VERIFICATION_RELATIONSHIPS = [
  ...(['authentication', 'assertionMethod', 'keyAgreement'] as const),
  ...(['capabilityInvocation', 'capabilityDelegation'] as const),
] as const;

/** What a key may be used for. */
export type VerificationRelationship = (typeof VERIFICATION_RELATIONSHIPS)[number];

/** A document whose `id` is a DID; nothing else is known of it until {@link keyFor} looks. */
export type DidDocument = JsonObject & { readonly id: string };

/** Why there is no key. */
export type KeyRefusal =
  /** The URL is no DID URL of a fragment alone. */
  | 'malformed-key-url'
  /** The URL belongs to another DID than the document. */
  | 'other-document'
  | 'unknown-method'
  /** Two methods have the same identifier. */
  | 'ambiguous-method'
  /** No controller or another one than the document's DID, no key or more than one, a key that is none, a private key. */
  | 'malformed-method'
  | 'unsupported-method'
  | 'other-relationship'
  | 'revoked-key'
  | 'expired-key';

/** A key that may be used, or why not. */
export type FoundKey =
  | { readonly kind: 'key'; readonly key: PublicKey; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: KeyRefusal };

/** Whether a value has the shape that all documents have. */
export function isDidDocument(value: JsonValue | undefined): value is DidDocument {
  return isObject(value) && typeof value.id === 'string' && parseDid(value.id) !== undefined;
}

/** The same value, which nobody can change any more: those who resolve a DID share what was verified. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/**
 * The key with a DID URL, if the document lets it be used so at that time (epoch milliseconds): the kind of key comes from the document, never from whoever asks. Never throws.
 * Source: https://www.w3.org/TR/cid-1.0/#retrieve-verification-method
 */
export function keyFor(
  document: DidDocument,
  didUrl: string,
  relationship: VerificationRelationship,
  at: number,
): FoundKey {
  const url = parseDidUrl(didUrl);
  if (url?.fragment === undefined || url.fragment === '' || url.path !== '' || url.query !== undefined)
    return refused('malformed-key-url');
  if (url.did !== document.id) return refused('other-document');
  const { methods, urls } = indexOf(document);
  const [method, ...others] = methods.get(url.url) ?? [];
  if (method === undefined) return refused('unknown-method');
  if (others.length > 0) return refused('ambiguous-method');
  if (method.controller !== document.id) return refused('malformed-method');
  const key = publicKeyOf(method);
  if (typeof key === 'string') return refused(key);
  if (urls.get(relationship)?.has(url.url) !== true) return refused('other-relationship');
  const outdated = whetherOutdated(method, at);
  return outdated === undefined ? { kind: 'key', key, url: url.url } : refused(outdated);
}

/** Absolute URLs of all keys that a document names for a relationship, in its order. */
export function keyUrlsFor(document: DidDocument, relationship: VerificationRelationship): readonly string[] {
  return [...(indexOf(document).urls.get(relationship) ?? [])];
}

interface Index {
  /** By absolute URL: those in `verificationMethod` and those embedded in relationships. */
  readonly methods: ReadonlyMap<string, readonly JsonObject[]>;
  readonly urls: ReadonlyMap<VerificationRelationship, ReadonlySet<string>>;
}

/** Documents do not change, may be as long as their controllers like, and are asked for one key after the other; forgotten with the document. */
const INDEXES = new WeakMap<DidDocument, Index>();

function indexOf(document: DidDocument): Index {
  const known = INDEXES.get(document);
  if (known !== undefined) return known;
  const entries = VERIFICATION_RELATIONSHIPS.map((name) => [name, listOf(document[name])] as const);
  const methods = [listOf(document.verificationMethod), ...entries.map(([, listed]) => listed)].flat().filter(isObject);
  const index: Index = {
    methods: Map.groupBy(methods, (method) => urlOf(method, document.id) ?? ''),
    urls: new Map(
      entries.map(([name, listed]) => [name, new Set(listed.flatMap((entry) => urlOf(entry, document.id) ?? []))]),
    ),
  };
  INDEXES.set(document, index);
  return index;
}

function urlOf(entry: JsonValue, base: string): string | undefined {
  const reference = isObject(entry) ? entry.id : entry;
  return typeof reference === 'string' ? absoluteDidUrl(reference, base) : undefined;
}

function whetherOutdated({ revoked, expires }: JsonObject, at: number): KeyRefusal | undefined {
  if (revoked !== undefined && !(at < timeOf(revoked, -Infinity))) return 'revoked-key';
  if (expires !== undefined && !(at < timeOf(expires, -Infinity))) return 'expired-key';
  return undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(reason: KeyRefusal): FoundKey {
  return { kind: 'refused', reason };
}
