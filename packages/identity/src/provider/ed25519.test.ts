import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { littleEndian } from './ed25519.ts';
import { provider as noble } from './noble.ts';
import { provider as node } from './node.ts';

const { BASE, ZERO, Fn, Fp } = ed25519.Point;
type Point = typeof BASE;
const [L, P] = [Fn.ORDER, Fp.ORDER];
const ORDER_8 = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
const TORSION = Array.from({ length: 8 }, (_, n) => (n === 0 ? ZERO : ORDER_8.multiplyUnsafe(BigInt(n))));

/** 32 bytes, least first. */
function encoded(n: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 0xffn));
}

/** The point [scalar]B with a component of small order. */
function mixed(scalar: bigint, torsion: number): Point {
  return (scalar === 0n ? ZERO : BASE.multiplyUnsafe(scalar)).add(TORSION[torsion] as Point);
}

/** How a point is written: as it has to be, or in the other ways that stand for it where its y or x leaves room. */
const SPELLINGS = {
  canonical: (point: Point) => point.toBytes(),
  'y not reduced': (point: Point) => {
    const y = BigInt.asUintN(255, littleEndian(point.toBytes()));
    const sign = point.toBytes()[31] as number;
    const bytes = encoded(y < 19n ? y + P : y);
    bytes[31] = (bytes[31] as number) | (sign & 0x80);
    return bytes;
  },
  'other sign': (point: Point) => {
    const bytes = point.toBytes();
    bytes[31] = (bytes[31] as number) ^ (point.x === 0n ? 0x80 : 0);
    return bytes;
  },
} as const;

const scalar = fc.oneof(fc.bigInt({ min: 0n, max: L - 1n }), fc.constantFrom(0n, 0n, 1n, 2n, L - 1n));
const point = fc.record({
  scalar,
  torsion: fc.nat(7),
  spelling: fc.oneof(
    { weight: 4, arbitrary: fc.constant('canonical' as const) },
    fc.constantFrom('y not reduced' as const, 'other sign' as const),
  ),
});

function isKeyPoint(bytes: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(bytes).isSmallOrder();
  } catch {
    return false;
  }
}

describe('Ed25519', () => {
  // The families of "Taming the many EdDSAs" (https://eprint.iacr.org/2020/1244, table 5): keys and R of small, mixed and prime order, equations that hold with the
  // cofactor alone, S not reduced, points not canonical. The signer knows the logarithms, so that S fits but for small orders.
  it('is verified in one way by both, which is without a cofactor and takes one encoding of everything', () => {
    const held = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        point,
        point,
        fc.constantFrom(0, 0, 0, 1, 2),
        fc.uint8Array({ maxLength: 8 }),
        (a, r, wraps, message) => {
          const [A, R] = [mixed(a.scalar, a.torsion), mixed(r.scalar, r.torsion)];
          const [publicKey, first] = [SPELLINGS[a.spelling](A), SPELLINGS[r.spelling](R)];
          const k = littleEndian(sha512(concatBytes(first, publicKey, message))) % L;
          const s = ((r.scalar + k * a.scalar) % L) + BigInt(wraps) * L;
          const isTorsionGone = (BigInt(r.torsion) + k * BigInt(a.torsion)) % 8n === 0n;
          const isKey = a.scalar !== 0n && publicKey.every((byte, i) => byte === A.toBytes()[i]);
          const isCanonical = first.every((byte, i) => byte === R.toBytes()[i]) && s < L;
          const expected = isKey && isCanonical && isTorsionGone && r.scalar !== 0n;
          held[String(expected) as 'true' | 'false']++;
          for (const { name, ed25519: one } of [node, noble]) {
            const key = one.verifyingKey(publicKey);
            expect([name, key !== undefined]).toEqual([name, isKey]);
            expect([name, key?.verify(message, concatBytes(first, encoded(s))) ?? false]).toEqual([name, expected]);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(Math.min(held.true, held.false)).toBeGreaterThan(10);
  });

  it('has keys for all that is on the curve and for nothing else', () => {
    const y = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(40).map((n) => encoded(P - 20n + BigInt(n))),
    );
    fc.assert(
      fc.property(y, fc.boolean(), (bytes, sign) => {
        const text = Uint8Array.from(bytes);
        text[31] = ((text[31] as number) & 0x7f) | (sign ? 0x80 : 0);
        const isPoint = isKeyPoint(text);
        for (const one of [node, noble]) expect(one.ed25519.verifyingKey(text) !== undefined).toBe(isPoint);
      }),
    );
  });

  it.each([
    ['of small order', '0100000000000000000000000000000000000000000000000000000000000000'],
    ['of small order with a sign', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
    ['of order 4', '0000000000000000000000000000000000000000000000000000000000000080'],
    ['of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['of order 8 on the other side', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['whose encoding is not canonical', 'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['not on the curve', '0200000000000000000000000000000000000000000000000000000000000000'],
    ['that is too short', '58666666666666666666666666666666666666666666666666666666666666'],
  ])('takes no key %s', (_, text) => {
    for (const one of [node, noble]) expect(one.ed25519.verifyingKey(hexToBytes(text))).toBeUndefined();
  });

  it('takes no signature whose scalar is beyond the order, whatever is signed', () => {
    const signer = node.ed25519.signingKey(new Uint8Array(32).fill(5));
    for (const message of [new Uint8Array(), utf8ToBytes('m')]) {
      const signature = signer.sign(message);
      const s = littleEndian(signature.subarray(32));
      for (const one of [node, noble]) {
        const key = one.ed25519.verifyingKey(signer.publicKey);
        expect(key?.verify(message, signature)).toBe(true);
        for (const beyond of [s + L, s + 2n * L, s | (1n << 255n)])
          expect(key?.verify(message, concatBytes(signature.subarray(0, 32), encoded(beyond)))).toBe(false);
      }
    }
  });

  it('has no context', () => {
    for (const one of [node, noble]) {
      const signer = one.ed25519.signingKey(new Uint8Array(32).fill(5));
      const [message, context] = [utf8ToBytes('m'), utf8ToBytes('c')];
      expect(() => signer.sign(message, { context })).toThrow(RangeError);
      expect(one.ed25519.verifyingKey(signer.publicKey)?.verify(message, signer.sign(message), { context })).toBe(
        false,
      );
    }
  });
});
