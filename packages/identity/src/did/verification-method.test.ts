import { describe, expect, it } from 'vitest';
import { deriveKeySet } from '../keys/key-set.ts';
import type { PublicKey } from '../encoding/multikey.ts';
import { SUITES, type SuiteName } from '../signatures/suite.ts';
import { methodKeyOf, publicKeyOf } from './verification-method.ts';

const keys = deriveKeySet(new Uint8Array(32).fill(3), { agent: 'a', version: 1 });
const signing = (Object.keys(SUITES) as SuiteName[]).map((kind): PublicKey => ({
  kind,
  bytes: keys.signingKey('assertion', kind).publicKey,
}));

describe('key material of verification methods', () => {
  it.each([...signing, { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey } as const])(
    'is read as it was written: $kind',
    (key) => {
      expect(publicKeyOf(methodKeyOf(key))).toEqual(key);
      expect(() => methodKeyOf({ ...key, bytes: key.bytes.subarray(1) })).toThrow(RangeError);
    },
  );

  it('names composites and X-Wing as their drafts do', () => {
    const jwk = (kind: PublicKey['kind'], bytes: number) =>
      methodKeyOf({ kind, bytes: new Uint8Array(bytes) }).publicKeyJwk;
    expect(jwk('COMPSIG-MLDSA65-Ed25519-SHA512', 1984)).toMatchObject({ kty: 'AKP', alg: 'ML-DSA-65-Ed25519' });
    expect(jwk('COMPSIG-MLDSA44-Ed25519-SHA512', 1344)).toMatchObject({ kty: 'AKP', alg: 'ML-DSA-44-Ed25519' });
    expect(jwk('X-Wing', 1216)).toMatchObject({ kty: 'AKP', alg: 'HPKE-11' });
  });

  it.each([
    ['a composite with a byte too many', 1985, 'ML-DSA-65-Ed25519'],
    ['the post-quantum half alone', 1952, 'ML-DSA-65-Ed25519'],
    ['half of X-Wing', 1184, 'HPKE-11'],
  ])('is none for %s', (_, bytes, alg) => {
    const pub = Buffer.alloc(bytes).toString('base64url');
    expect(publicKeyOf({ type: 'JsonWebKey', publicKeyJwk: { kty: 'AKP', alg, pub } })).toBe('malformed-method');
  });

  it('is none where the secret stands beside it', () => {
    const method = methodKeyOf(signing.at(-2) as PublicKey);
    const publicKeyJwk = { ...(method.publicKeyJwk as object), priv: 'AA' };
    expect(publicKeyOf({ ...method, publicKeyJwk })).toBe('malformed-method');
  });
});
