/**
 * Signed JSON objects. Each has one text, its canonical one, and is refused in any other; `type` is the tag of its domain, `suite` and `key` name what it is
 * signed with, and `signature` signs all the rest.
 */
import { canonicalBytes } from '../canonical/jcs.ts';
import { DOMAINS, type Domain } from '../canonical/domains.ts';
import { parseJsonBytes, type JsonObject, type JsonValue } from '../canonical/strict-json.ts';
import { equalBytes } from '../encoding/equal.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import { signIn, verifyIn, type KnownKey, type Signature, type SignatureVerdict, type Signer } from './signature.ts';
import type { SuiteName } from './suite.ts';

/** An object that was read and not verified. */
export interface UnverifiedObject {
  /** All members but the signature. */
  readonly body: JsonObject;
  readonly signature: Signature;
}

/** Why bytes are no signed object of a domain. */
export type ObjectRefusal =
  | 'too-long'
  /** No strict JSON, no object, or a member that is missing, of another type or unknown. */
  | 'malformed'
  /** Not the one text that the object has. */
  | 'not-canonical'
  /** Another type or version. */
  | 'other-type'
  | 'malformed-signature';

/** An object, or why there is none. */
export type ReadObject =
  ({ readonly kind: 'object' } & UnverifiedObject) | { readonly kind: 'refused'; readonly reason: ObjectRefusal };

const OWN = ['type', 'suite', 'key', 'signature'] as const;

/** Text of a signed object. @throws TypeError where the members have a name that the signature needs */
export function signObject(domain: Domain, members: JsonObject, signer: Signer): Uint8Array {
  const taken = OWN.find((name) => name in members);
  if (taken !== undefined) throw new TypeError(`members: have ${taken}, which the signature needs`);
  const body = { ...members, type: DOMAINS[domain], suite: signer.key.suite, key: signer.url };
  const { value } = signIn(domain, [canonicalBytes(body)], signer);
  return canonicalBytes({ ...body, signature: toBase64Url(value) });
}

/** Reads a signed object with exactly the members that are named, besides its own. Never throws. */
export function readSignedObject(
  bytes: Uint8Array,
  domain: Domain,
  { names, mostBytes }: { readonly names: ReadonlySet<string>; readonly mostBytes: number },
): ReadObject {
  if (bytes.length > mostBytes) return refused('too-long');
  const parsed = parseJsonBytes(bytes, { most: mostBytes });
  if (parsed.kind === 'refused' || !isObject(parsed.value)) return refused('malformed');
  const { signature, ...body } = parsed.value;
  const { type, suite, key } = body;
  if (type !== DOMAINS[domain]) return refused('other-type');
  const isKnown = (name: string) => names.has(name) || OWN.some((own) => own === name);
  if (typeof suite !== 'string' || typeof key !== 'string' || !Object.keys(body).every(isKnown))
    return refused('malformed');
  if (!equalBytes(canonicalBytes(parsed.value), bytes)) return refused('not-canonical');
  const value = typeof signature === 'string' ? fromBase64Url(signature) : undefined;
  return value === undefined
    ? refused('malformed-signature')
    : { kind: 'object', body, signature: { suite, key, value } };
}

/** Holds the signature of an object against a key. Never throws. */
export function verifyObject(
  domain: Domain,
  { body, signature }: UnverifiedObject,
  known: KnownKey,
  minimum: SuiteName,
): SignatureVerdict {
  return verifyIn(domain, [canonicalBytes(body)], signature, known, minimum);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(reason: ObjectRefusal): ReadObject {
  return { kind: 'refused', reason };
}
