/**
 * Signatures within a domain. What is signed names its suite and its key; what a key is, is said by the document of its DID and by nothing else; what is
 * refused says why, and what is verified says what held.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { provider as defaultProvider } from '#provider';
import { framed, type Domain } from '../canonical/domains.ts';
import { parseDidUrl } from '../did/did.ts';
import type { PublicKey } from '../encoding/multikey.ts';
import type { SuiteSigningKey } from '../keys/key-set.ts';
import { hasBytes, type CryptoProvider, type VerifyingKey } from '../provider/provider.ts';
import type { CompositeVerifyingKey } from './composite.ts';
import { isSuiteName, meets, schemeOf, SUITES, type SuiteName } from './suite.ts';

/** A secret key with the DID URL that documents have its public key under. */
export interface Signer {
  readonly url: string;
  readonly key: SuiteSigningKey;
}

/** A signature as it is sent; nothing in it has been checked. */
export interface Signature {
  readonly suite: string;
  /** DID URL of the key. */
  readonly key: string;
  readonly value: Uint8Array;
}

/** A public key that a document names, ready to verify; worth keeping, since reading a key costs about as much as using it. */
export interface KnownKey {
  readonly url: string;
  readonly suite: SuiteName;
  readonly verifying: VerifyingKey | CompositeVerifyingKey;
}

/** What held. */
export interface Verified {
  /** DID URL of the key. */
  readonly key: string;
  readonly suite: SuiteName;
}

/** Why a signature does not hold. */
export type SignatureRefusal =
  | 'unknown-suite'
  /** The suite is not that of the key. */
  | 'other-suite'
  /** The signature names another key than the one that it is held against. */
  | 'other-key'
  | 'suite-below-minimum'
  /** Of another length than signatures of the suite. */
  | 'malformed-signature'
  | 'broken-classical-half'
  | 'broken-post-quantum-half'
  | 'broken-signature';

/** Everything that held, or the first reason why not. */
export type SignatureVerdict =
  | { readonly kind: 'verified'; readonly verified: readonly Verified[] }
  | { readonly kind: 'refused'; readonly reason: SignatureRefusal };

/** `undefined` for keys that do not sign, and for bytes that are no key. */
export function knownKey(
  url: string,
  { kind, bytes }: PublicKey,
  provider: CryptoProvider = defaultProvider,
): KnownKey | undefined {
  if (!isSuiteName(kind)) return undefined;
  const verifying = schemeOf(kind, provider).verifyingKey(bytes);
  return verifying && { url, suite: kind, verifying };
}

/** The DID whose key a DID URL names; `undefined` for any other URL than a DID with a fragment, since no document names a key so. */
export function ownerOf(keyUrl: string): string | undefined {
  const { did, path, query, fragment = '' } = parseDidUrl(keyUrl) ?? {};
  return path === '' && query === undefined && fragment !== '' ? did : undefined;
}

/** Signs parts in a domain, with suite and key before them. */
export function signIn(domain: Domain, parts: readonly Uint8Array[], { url, key }: Signer): Signature {
  const value = key.sign(signedBytes(domain, parts, key.suite, url));
  return { suite: key.suite, key: url, value };
}

/** Holds a signature of parts in a domain against a key, which has to promise no less than the minimum. Never throws. */
export function verifyIn(
  domain: Domain,
  parts: readonly Uint8Array[],
  signature: Signature,
  known: KnownKey,
  minimum: SuiteName,
): SignatureVerdict {
  const reason =
    whyNotFitting(signature, known, minimum) ??
    whyBroken(signedBytes(domain, parts, known.suite, known.url), signature.value, known);
  return reason === undefined
    ? { kind: 'verified', verified: [{ key: known.url, suite: known.suite }] }
    : { kind: 'refused', reason };
}

function whyNotFitting(
  { suite, key, value }: Signature,
  known: KnownKey,
  minimum: SuiteName,
): SignatureRefusal | undefined {
  if (!isSuiteName(suite)) return 'unknown-suite';
  if (key !== known.url) return 'other-key';
  if (suite !== known.suite) return 'other-suite';
  if (!meets(suite, minimum)) return 'suite-below-minimum';
  return hasBytes(value, SUITES[suite].signatureBytes) ? undefined : 'malformed-signature';
}

function whyBroken(message: Uint8Array, value: Uint8Array, { verifying }: KnownKey): SignatureRefusal | undefined {
  if (!('failingHalf' in verifying)) return verifying.verify(message, value) ? undefined : 'broken-signature';
  const half = verifying.failingHalf(message, value);
  return half && `broken-${half}-half`;
}

function signedBytes(domain: Domain, parts: readonly Uint8Array[], suite: SuiteName, url: string): Uint8Array {
  return framed(domain, utf8ToBytes(suite), utf8ToBytes(url), ...parts);
}
