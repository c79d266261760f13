/** did:key: a public key that is its own document. It cannot be rotated or revoked. Source: https://w3c-ccg.github.io/did-key-spec/ */
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromMultikey, toMultikey, type PublicKey } from '../encoding/multikey.ts';
import { provider as preset } from '#provider';
import type { CryptoProvider } from '../provider/provider.ts';
import type { DidDocument } from './document.ts';

/** The DID of an Ed25519 or X25519 key. Others have no base58btc form here: their DIDs would have thousands of characters. */
export function didKey(key: PublicKey): string {
  return `did:key:${requireShort(key)}`;
}

/** The DID URL by which the key of {@link didKey} is named. */
export function didKeyUrl(key: PublicKey): string {
  const text = requireShort(key);
  return `did:key:${text}#${text}`;
}

/** The key that a did:key is; `undefined` for anything else. */
export function keyOfDidKey(did: string): PublicKey | undefined {
  if (!did.startsWith('did:key:z')) return undefined;
  const key = fromMultikey(did.slice('did:key:'.length));
  return key?.kind === 'Ed25519' || key?.kind === 'X25519' ? key : undefined;
}

/** The key that a did:key's own DID URL (`did:key:z…#z…`) names; `undefined` for anything else. */
export function keyOfDidKeyUrl(url: string): PublicKey | undefined {
  const at = url.indexOf('#');
  const key = at < 0 ? undefined : keyOfDidKey(url.slice(0, at));
  return key !== undefined && url === didKeyUrl(key) ? key : undefined;
}

/** The document of a did:key; `undefined` for what is none, and for bytes that are no point of the curve. */
export function documentOfDidKey(did: string, provider: CryptoProvider = preset): DidDocument | undefined {
  const key = keyOfDidKey(did);
  if (key === undefined) return undefined;
  if (key.kind === 'X25519') return documentOf(did, { keyAgreement: [methodOf(did, key)] });
  if (provider.ed25519.verifyingKey(key.bytes) === undefined) return undefined;
  const signing = methodOf(did, key);
  const agreement = methodOf(did, { kind: 'X25519', bytes: ed25519.utils.toMontgomery(key.bytes) });
  return documentOf(did, {
    verificationMethod: [signing],
    authentication: [signing.id],
    assertionMethod: [signing.id],
    capabilityDelegation: [signing.id],
    capabilityInvocation: [signing.id],
    keyAgreement: [agreement],
  });
}

function documentOf(id: string, members: Readonly<Record<string, readonly (string | Method)[]>>): DidDocument {
  return { '@context': ['https://www.w3.org/ns/did/v1.1'], id, ...members };
}

type Method = Readonly<Record<'id' | 'type' | 'controller' | 'publicKeyMultibase', string>>;

function methodOf(did: string, key: PublicKey): Method {
  const publicKeyMultibase = toMultikey(key);
  return { id: `${did}#${publicKeyMultibase}`, type: 'Multikey', controller: did, publicKeyMultibase };
}

function requireShort(key: PublicKey): string {
  if (key.kind !== 'Ed25519' && key.kind !== 'X25519')
    throw new RangeError(`did:key: ${key.kind} keys have none, only Ed25519 and X25519`);
  return toMultikey(key);
}
