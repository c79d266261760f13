import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { xWing } from './x-wing.ts';

interface Case {
  readonly seed: string;
  readonly eseed: string;
  readonly ss: string;
  readonly pk: string;
  readonly ct: string;
}

const cases = JSON.parse(
  readFileSync(new URL('../../vectors/xwing/test-vectors.json', import.meta.url), 'utf8'),
) as readonly Case[];

/** The same provider with the randomness of a vector: ML-KEM's m, then the ephemeral secret of X25519. */
function withCoins(provider: CryptoProvider, coins: Uint8Array): CryptoProvider {
  return {
    ...provider,
    randomBytes: () => coins.subarray(32),
    mlKem768: {
      ...provider.mlKem768,
      encapsulate: (publicKey) => {
        const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins.subarray(0, 32));
        return { ciphertext: cipherText, sharedSecret };
      },
    },
  };
}

describe.each([node, noble])('X-Wing with $name', (provider) => {
  it.each(cases)('makes the key, the ciphertext and the secret of the draft’s vector $#', (vector) => {
    const key = xWing(provider).decapsulationKey(hexToBytes(vector.seed));
    expect(bytesToHex(key.publicKey)).toBe(vector.pk);
    expect(bytesToHex(key.decapsulate(hexToBytes(vector.ct)) ?? new Uint8Array())).toBe(vector.ss);
    const made = xWing(withCoins(provider, hexToBytes(vector.eseed))).encapsulate(key.publicKey);
    expect(made && bytesToHex(made.ciphertext)).toBe(vector.ct);
    expect(made && bytesToHex(made.sharedSecret)).toBe(vector.ss);
  });

  it('encapsulates for the other provider, each time anew', () => {
    const other = provider === node ? noble : node;
    const key = xWing(other).decapsulationKey(new Uint8Array(32).fill(7));
    const [one, two] = [xWing(provider).encapsulate(key.publicKey), xWing(provider).encapsulate(key.publicKey)];
    expect(one && key.decapsulate(one.ciphertext)).toEqual(one?.sharedSecret);
    expect(one?.sharedSecret).not.toEqual(two?.sharedSecret);
  });

  it('gives another secret for a ciphertext with any half changed', () => {
    const key = xWing(provider).decapsulationKey(new Uint8Array(32).fill(7));
    const made = xWing(provider).encapsulate(key.publicKey);
    for (const at of [0, 1087, 1088, 1110]) {
      const changed = made?.ciphertext.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(changed && key.decapsulate(changed)).not.toEqual(made?.sharedSecret);
    }
  });

  it('refuses other lengths, coefficients beyond the modulus, and points that agree on nothing', () => {
    const key = xWing(provider).decapsulationKey(new Uint8Array(32).fill(7));
    const { encapsulate } = xWing(provider);
    expect(encapsulate(key.publicKey.subarray(1))).toBeUndefined();
    expect(encapsulate(Uint8Array.from([...key.publicKey, 0]))).toBeUndefined();
    expect(encapsulate(Uint8Array.from(key.publicKey).fill(0xff, 0, 3))).toBeUndefined();
    expect(encapsulate(Uint8Array.from(key.publicKey).fill(0, 1184))).toBeUndefined();
    expect(key.decapsulate(new Uint8Array(1119))).toBeUndefined();
    expect(key.decapsulate(new Uint8Array(1121))).toBeUndefined();
    expect(key.decapsulate(new Uint8Array(1120))).toBeUndefined();
    for (const wrong of [undefined, 'a'.repeat(1216), 'a'.repeat(1120), new Uint16Array(1120), [1]]) {
      expect(encapsulate(wrong as unknown as Uint8Array)).toBeUndefined();
      expect(key.decapsulate(wrong as unknown as Uint8Array)).toBeUndefined();
    }
    expect(() => xWing(provider).decapsulationKey(new Uint8Array(31))).toThrow(RangeError);
    expect(() => xWing(provider).decapsulationKey('a'.repeat(32) as unknown as Uint8Array)).toThrow(TypeError);
  });
});
