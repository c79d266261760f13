import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { COMPOSITE, schemeOf } from './suite.ts';
import { compositeScheme } from './composite.ts';

const SEED = Uint8Array.from({ length: 64 }, (_, i) => i);
const LABEL = 'COMPSIG-MLDSA65-Ed25519-SHA512';

describe.each([node, noble])('composite ML-DSA-65 and Ed25519 with $name', (provider) => {
  const scheme = compositeScheme(COMPOSITE, provider);
  const signer = scheme.signingKey(SEED);
  const key = scheme.verifyingKey(signer.publicKey);
  const message = utf8ToBytes('message');

  it('has the lengths of the draft', () => {
    expect([scheme.seedBytes, scheme.publicKeyBytes, scheme.signatureBytes]).toEqual([64, 1984, 3373]);
    expect([signer.publicKey.length, signer.sign(message).length]).toEqual([1984, 3373]);
  });

  // The draft's samples of section "Representation of the message", appendix "Message Representative Examples": M is ten digits, ctx eight bytes.
  it.each([
    ['without context', '', '00'],
    ['with context', '0813061205162623', '080813061205162623'],
  ])('signs the representative of the draft with both halves %s', (_, context, encoded) => {
    const digits = hexToBytes('00010203040506070809');
    const representative = concatBytes(
      hexToBytes('436f6d706f73697465416c676f726974686d5369676e61747572657332303235'),
      utf8ToBytes(LABEL),
      hexToBytes(encoded),
      hexToBytes(
        '0f89ee1fcb7b0a4f7809d1267a029719004c5a5e5ec323a7c3523a20974f9a3f202f56fadba4cd9e8d654ab9f2e96dc5c795ea176fa20ede8d854c342f903533',
      ),
    );
    const signature = signer.sign(digits, { context: hexToBytes(context) });
    const quantum = provider.mlDsa65.verifyingKey(signer.publicKey.subarray(0, 1952));
    const classical = provider.ed25519.verifyingKey(signer.publicKey.subarray(1952));
    expect(quantum?.verify(representative, signature.subarray(0, 3309), { context: utf8ToBytes(LABEL) })).toBe(true);
    expect(classical?.verify(representative, signature.subarray(3309))).toBe(true);
  });

  it('takes the halves of its key from the halves of its seed', () => {
    expect(bytesToHex(signer.publicKey)).toBe(
      bytesToHex(provider.mlDsa65.signingKey(SEED.subarray(0, 32)).publicKey) +
        bytesToHex(provider.ed25519.signingKey(SEED.subarray(32)).publicKey),
    );
  });

  it('says which half does not hold', () => {
    const signature = signer.sign(message);
    const changed = (at: number) => signature.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(key?.failingHalf(message, signature)).toBeUndefined();
    expect(key?.failingHalf(message, changed(0))).toBe('post-quantum');
    expect(key?.failingHalf(message, changed(3309))).toBe('classical');
  });

  it('holds no half without the other: neither half of another signature, nor one that stands alone', () => {
    const [first, second] = [signer.sign(message), signer.sign(utf8ToBytes('other'))];
    const mixed = concatBytes(first.subarray(0, 3309), second.subarray(3309));
    expect(key?.verify(message, mixed)).toBe(false);
    expect(key?.verify(utf8ToBytes('other'), mixed)).toBe(false);
    expect(key?.verify(message, first.subarray(0, 3309))).toBe(false);
    expect(provider.mlDsa65.verifyingKey(signer.publicKey.subarray(0, 1952))?.verify(message, first)).toBe(false);
  });

  it('is bound to its context and to its own combination', () => {
    const context = utf8ToBytes('context');
    const signature = signer.sign(message, { context });
    expect(key?.verify(message, signature, { context })).toBe(true);
    expect(key?.verify(message, signature)).toBe(false);
    expect(key?.verify(message, signature, { context: utf8ToBytes('contexT') })).toBe(false);
    const alone = provider.mlDsa65.signingKey(SEED.subarray(0, 32)).sign(message, { context: utf8ToBytes(LABEL) });
    const other = concatBytes(alone, provider.ed25519.signingKey(SEED.subarray(32)).sign(message));
    expect(key?.verify(message, other)).toBe(false);
  });

  it('takes no key of another length, and none with a half that is no key', () => {
    expect(scheme.verifyingKey(signer.publicKey.subarray(1))).toBeUndefined();
    expect(scheme.verifyingKey(concatBytes(signer.publicKey, Uint8Array.of(0)))).toBeUndefined();
    const smallOrder = Uint8Array.from(signer.publicKey);
    smallOrder.fill(0, 1952).set([1], 1952);
    expect(scheme.verifyingKey(smallOrder)).toBeUndefined();
  });

  it('never throws where it is verified', () => {
    const signature = signer.sign(message);
    for (const wrong of [undefined, null, 'a'.repeat(1984), 'a'.repeat(3373), new Uint16Array(3373), [...signature]]) {
      expect(scheme.verifyingKey(wrong as unknown as Uint8Array)).toBeUndefined();
      expect(key?.verify(message, wrong as unknown as Uint8Array)).toBe(false);
      expect(key?.verify(wrong as unknown as Uint8Array, signature)).toBe(false);
    }
    expect(key?.verify(message, signature, { context: '' as unknown as Uint8Array })).toBe(false);
  });

  it('takes messages without bytes, and contexts of 255 bytes', () => {
    const context = new Uint8Array(255).fill(1);
    expect(key?.verify(new Uint8Array(), signer.sign(new Uint8Array()))).toBe(true);
    expect(key?.verify(message, signer.sign(message, { context }), { context })).toBe(true);
    expect(key?.verify(message, signer.sign(message), { context: new Uint8Array() })).toBe(true);
  });

  it('names what a caller gets wrong', () => {
    expect(() => scheme.signingKey(SEED.subarray(1))).toThrow(RangeError);
    expect(() => signer.sign(message, { context: new Uint8Array(256) })).toThrow(RangeError);
    expect(key?.verify(message, signer.sign(message), { context: new Uint8Array(256) })).toBe(false);
  });
});

describe('composites of both providers', () => {
  it('verify each other’s, and detect any changed bit of message, signature and key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat(7), (message, at, bit) => {
        for (const [one, other] of [
          [node, noble],
          [noble, node],
        ] as const) {
          const signer = schemeOf(COMPOSITE, one).signingKey(SEED);
          const signature = signer.sign(message);
          const flipped = (bytes: Uint8Array) =>
            bytes.map((byte, i) => (i === at % bytes.length ? byte ^ (1 << bit) : byte));
          const verify = (key: Uint8Array, m: Uint8Array, s: Uint8Array) =>
            schemeOf(COMPOSITE, other).verifyingKey(key)?.verify(m, s) ?? false;
          expect(verify(signer.publicKey, message, signature)).toBe(true);
          expect(verify(signer.publicKey, flipped(message), signature)).toBe(false);
          expect(verify(signer.publicKey, message, flipped(signature))).toBe(false);
          expect(verify(flipped(signer.publicKey), message, signature)).toBe(false);
        }
      }),
      { numRuns: 10 },
    );
  });
});
