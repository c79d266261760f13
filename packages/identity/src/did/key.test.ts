import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromBase58 } from '../encoding/multibase.ts';
import { fromMultikey, toMultikey } from '../encoding/multikey.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { keyFor, type DidDocument } from './document.ts';
import { didKey, didKeyUrl, documentOfDidKey, keyOfDidKey, keyOfDidKeyUrl } from './key.ts';

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/did-key/${name}.json`, import.meta.url), 'utf8'));

interface Pair {
  readonly seed: string;
  readonly keyAgreementKeyPair?: { readonly publicKeyBase58?: string };
}

describe.each([node, noble])('did:key with $name', (provider) => {
  const pairs = Object.entries(vectors('ed25519-x25519') as Record<string, Pair>);

  it.each(pairs)('%s follows from its seed', (did, { seed, keyAgreementKeyPair }) => {
    const bytes = provider.ed25519.signingKey(Uint8Array.from(Buffer.from(seed, 'hex'))).publicKey;
    expect(didKey({ kind: 'Ed25519', bytes })).toBe(did);
    expect(keyOfDidKey(did)).toEqual({ kind: 'Ed25519', bytes });
    const agreement = keyAgreementKeyPair?.publicKeyBase58;
    if (agreement === undefined) return;
    const [method] = (documentOfDidKey(did, provider)?.keyAgreement ?? []) as { publicKeyMultibase: string }[];
    expect(fromMultikey(method?.publicKeyMultibase ?? '')?.bytes).toEqual(fromBase58(agreement));
  });

  it('has the document of the specification', () => {
    const document = vectors('did-document-multikey') as DidDocument;
    expect(documentOfDidKey(document.id, provider)).toEqual(document);
  });

  it('is none for bytes that are no point', () => {
    expect(documentOfDidKey(didKey({ kind: 'Ed25519', bytes: new Uint8Array(32) }), provider)).toBeUndefined();
  });
});

describe('did:key', () => {
  const x25519 = Object.keys((vectors('x25519') as { didDocument: object }).didDocument);

  it.each(x25519)('%s agrees and does nothing else', (did) => {
    const document = documentOfDidKey(did) as DidDocument;
    const url = `${did}#${did.slice('did:key:'.length)}`;
    expect(keyFor(document, url, 'keyAgreement', 0)).toMatchObject({ kind: 'key', key: { kind: 'X25519' } });
    expect(keyFor(document, url, 'authentication', 0)).toMatchObject({ reason: 'other-relationship' });
  });

  it('is named by its own fragment alone', () => {
    const key = { kind: 'Ed25519', bytes: new Uint8Array(32).fill(1) } as const;
    expect(keyOfDidKeyUrl(didKeyUrl(key))).toEqual(key);
    for (const url of [didKey(key), `${didKey(key)}#a`, `${didKey(key)}?a#${toMultikey(key)}`, '#', ''])
      expect(keyOfDidKeyUrl(url)).toBeUndefined();
  });

  it.each(['did:key:z', 'did:key:u7QEB', 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW', 'did:web:a.b', ''])(
    'is not %j',
    (did) => {
      expect(documentOfDidKey(did)).toBeUndefined();
    },
  );

  it('has no room for other keys', () => {
    expect(() => didKey({ kind: 'ML-DSA-44', bytes: new Uint8Array(1312) })).toThrow(RangeError);
  });
});
