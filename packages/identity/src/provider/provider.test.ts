import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provider as noble } from './noble.ts';
import { provider as node } from './node.ts';
import type { CryptoProvider, SignatureScheme } from './provider.ts';

const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });
const pairs: readonly (readonly [CryptoProvider, CryptoProvider])[] = [
  [node, noble],
  [noble, node],
];
const SCHEMES = ['ed25519', 'mlDsa44', 'mlDsa65', 'mlDsa87'] as const;

describe('both providers', () => {
  it('hash alike, in parts or whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        for (const name of ['sha256', 'sha512', 'sha3_256'] as const) {
          expect(node[name](a, b)).toEqual(noble[name](a, b));
          expect(node[name](a, b)).toEqual(node[name](Uint8Array.from([...a, ...b])));
        }
        expect(node.shake256(77, a, b)).toEqual(noble.shake256(77, a, b));
        expect(node.hmacSha256(a, b)).toEqual(noble.hmacSha256(a, b));
        expect(node.hmacSha512(a, b)).toEqual(noble.hmacSha512(a, b));
        expect(node.hkdfSha256(a, b, a, 80)).toEqual(noble.hkdfSha256(a, b, a, 80));
      }),
    );
  });

  it.each(['chaCha20Poly1305', 'aes128Gcm', 'aes256Gcm'] as const)(
    'seal alike with %s, and open nothing that was changed',
    (name) => {
      const any = fc.uint8Array({ maxLength: 200 });
      fc.assert(
        fc.property(bytes(32), bytes(12), any, any, fc.nat(), (whole, nonce, text, associated, at) => {
          const key = whole.subarray(0, node[name].keyBytes);
          const sealed = node[name].seal(key, nonce, text, associated);
          expect(noble[name].seal(key, nonce, text, associated)).toEqual(sealed);
          const changed = Uint8Array.from(sealed);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
          for (const one of [node, noble]) {
            expect(one[name].open(key, nonce, sealed, associated)).toEqual(text);
            expect(one[name].open(key, nonce, changed, associated)).toBeUndefined();
            expect(one[name].open(key, nonce, sealed.subarray(0, 15), associated)).toBeUndefined();
          }
        }),
      );
    },
  );

  it.each(SCHEMES)('make the same %s keys, and take each other’s signatures and no other', (name) => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 100 }), fc.nat(), (seed, message, at) => {
        for (const [one, other] of pairs) {
          const signer = (one[name] as SignatureScheme).signingKey(seed);
          const key = (other[name] as SignatureScheme).verifyingKey(signer.publicKey);
          const context = name === 'ed25519' ? undefined : new TextEncoder().encode('context');
          const options = context && { context };
          const signature = signer.sign(message, options);
          expect(key?.verify(message, signature, options)).toBe(true);
          if (context !== undefined) expect(key?.verify(message, signature)).toBe(false);
          const changed = Uint8Array.from(signature);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
          expect(key?.verify(message, changed, options)).toBe(false);
          expect(key?.verify(message, signature.subarray(1), options)).toBe(false);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('agree on X25519 secrets, and on none with points of small order', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (a, b) => {
        const [first, second] = [node.x25519.agreementKey(a), noble.x25519.agreementKey(b)];
        expect(first.sharedSecret(second.publicKey)).toEqual(second.sharedSecret(first.publicKey));
        for (const one of [first, second]) {
          expect(one.sharedSecret(new Uint8Array(32))).toBeUndefined();
          expect(one.sharedSecret(new Uint8Array(31))).toBeUndefined();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('encapsulate for each other with ML-KEM-768, and refuse keys beyond the modulus', () => {
    fc.assert(
      fc.property(bytes(64), (seed) => {
        for (const [one, other] of pairs) {
          const key = one.mlKem768.decapsulationKey(seed);
          const made = other.mlKem768.encapsulate(key.publicKey);
          expect(made && key.decapsulate(made.ciphertext)).toEqual(made?.sharedSecret);
          expect(key.decapsulate(new Uint8Array(1087))).toBeUndefined();
          const beyond = Uint8Array.from(key.publicKey).fill(0xff, 0, 3);
          expect(other.mlKem768.encapsulate(beyond)).toBeUndefined();
          expect(other.mlKem768.encapsulate(key.publicKey.subarray(1))).toBeUndefined();
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('Ed25519', () => {
  const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

  it.each([
    ['of small order', '0100000000000000000000000000000000000000000000000000000000000000'],
    ['of small order with a sign', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
    ['of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['whose encoding is not canonical', 'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['not on the curve', '0200000000000000000000000000000000000000000000000000000000000000'],
  ])('takes no key %s', (name, text) => {
    for (const one of [node, noble]) {
      const key = one.ed25519.verifyingKey(hex(text));
      // OpenSSL looks for the point when it verifies.
      if (one === noble || name !== 'not on the curve') expect(key).toBeUndefined();
      expect(key?.verify(new Uint8Array(1), new Uint8Array(64)) ?? false).toBe(false);
    }
  });

  // Of a point of order 1 or 2, [S]B is R for every message, or for every other one: who has such a key needs no secret.
  it.each([
    ['the neutral point', '0100000000000000000000000000000000000000000000000000000000000000'],
    ['the neutral point, not reduced', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['the point of order 2', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ])('takes nothing that %s has signed', (_, text) => {
    const base = hex('5866666666666666666666666666666666666666666666666666666666666666');
    const forged = Uint8Array.from([...base, 1, ...new Uint8Array(31)]);
    for (const one of [node, noble])
      for (let i = 0; i < 16; i++)
        expect(one.ed25519.verifyingKey(hex(text))?.verify(Uint8Array.of(i), forged) ?? false).toBe(false);
  });

  it('takes no signature whose scalar is beyond the order', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const message = new TextEncoder().encode('m');
    const signer = node.ed25519.signingKey(new Uint8Array(32).fill(5));
    const signature = signer.sign(message);
    let s = signature.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + order;
    const beyond = Uint8Array.from(signature);
    for (let i = 32; i < 64; i++, s >>= 8n) beyond[i] = Number(s & 0xffn);
    for (const one of [node, noble]) {
      expect(one.ed25519.verifyingKey(signer.publicKey)?.verify(message, signature)).toBe(true);
      expect(one.ed25519.verifyingKey(signer.publicKey)?.verify(message, beyond)).toBe(false);
    }
  });
});
