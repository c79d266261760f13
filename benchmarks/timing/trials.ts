/** What is timed: comparisons that leak on purpose, and everything of ours that compares something secret. */
import { equalBytes } from '../../packages/identity/src/encoding/equal.ts';
import type { Aead, CryptoProvider } from '../../packages/identity/src/provider/provider.ts';
import { xWing } from '../../packages/identity/src/kem/x-wing.ts';
import type { InputClass, Trial } from './trial.ts';

/** The negative control: ends at the first byte that differs, so that a tag can be guessed byte by byte. */
export function leakyEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Leaks far less: looks at all bytes, and once more at one where the first byte fits. Says how fine the harness sees. */
export function slightlyLeakyEqual(a: Uint8Array, b: Uint8Array): boolean {
  const isEqual = equalBytes(a, b);
  return a[0] === b[0] ? a[1] === b[1] && isEqual : isEqual;
}

/** A guess that is wrong in its first byte against one that is wrong in its last. */
export function comparing(
  name: string,
  equal: (a: Uint8Array, b: Uint8Array) => boolean,
  length: number,
  batch = 64,
): Trial {
  const secret = counted(length);
  const guess = Uint8Array.from(secret);
  return {
    name,
    batch,
    prepare: (input, random) => spoil(guess, secret, { input, random, from: 0 }),
    run: () => equal(secret, guess),
  };
}

/** A ciphertext whose tag is wrong at its beginning against one whose tag is wrong at its end. */
export function opening(provider: CryptoProvider, cipher: 'chaCha20Poly1305' | 'aes256Gcm'): Trial {
  const aead: Aead = provider[cipher];
  const [key, nonce] = [counted(aead.keyBytes), counted(12)];
  const sealed = aead.seal(key, nonce, counted(64));
  const guess = Uint8Array.from(sealed);
  return {
    name: `${provider.name} ${cipher}: tag`,
    batch: 8,
    prepare: (input, random) => spoil(guess, sealed, { input, random, from: 64 }),
    run: () => aead.open(key, nonce, guess) !== undefined,
  };
}

/** A ciphertext that was made for the key against one that was not: implicit rejection must not be told from success. */
export function decapsulating(provider: CryptoProvider): Trial {
  const kem = xWing(provider);
  const key = kem.decapsulationKey(counted(kem.seedBytes));
  const made = kem.encapsulate(key.publicKey)?.ciphertext ?? counted(kem.ciphertextBytes);
  const given = Uint8Array.from(made);
  return {
    name: `${provider.name} X-Wing: rejection`,
    batch: 1,
    prepare: (input) => {
      given.set(made);
      // Within the ciphertext of ML-KEM; the mask of the other class changes nothing by the same step.
      given[500] = (given[500] as number) ^ (input === 'early' ? 1 : 0);
    },
    run: () => key.decapsulate(given) !== undefined,
  };
}

/** {@link decapsulating} with what an implementation would do that told rejection from success: one more hash. */
export function leakyDecapsulating(provider: CryptoProvider): Trial {
  const trial = decapsulating(provider);
  let isRejected = false;
  return {
    ...trial,
    name: `${trial.name} that leaks`,
    prepare: (input, random) => {
      isRejected = input === 'early';
      trial.prepare(input, random);
    },
    run: () => trial.run() && (!isRejected || provider.sha3_256(PADDING).length > 0),
  };
}

const PADDING = counted(1088);

function spoil(
  guess: Uint8Array,
  whole: Uint8Array,
  { input, random, from }: { readonly input: InputClass; readonly random: () => number; readonly from: number },
): void {
  guess.set(whole);
  const at = input === 'early' ? from : whole.length - 1;
  guess[at] = (guess[at] as number) ^ (1 + Math.floor(random() * 255));
}

function counted(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 151 + 7) & 0xff);
}
