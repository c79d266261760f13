/**
 * All mechanisms that HPKE's vectors use, by their identifiers (https://www.iana.org/assignments/hpke). What the package has is the package's own; beside it the
 * groups of RFC 9180 and the mechanisms of draft-ietf-hpke-pq-05 that it has no use for.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { dhKem, hpkeKem, KEM_IDS, kemSuiteId, unauthenticated, type DhGroup, type HpkeKem } from '../kem/hpke-kem.ts';
import { AEAD_IDS, aeadOf, hpkeSuiteId, type HpkeMechanisms } from '../kem/hpke.ts';
import { hkdfParts, KDF_IDS, labelledKdf, oneStage, twoStage, type LabelledKdf } from '../kem/labelled-kdf.ts';
import { NO_BYTES } from '../provider/provider.ts';
import { Cannot } from './case.suite.ts';
import {
  hybridWithCoins,
  isScalar,
  mlKemWithCoins,
  withCoins,
  type HybridName,
  type MlKemName,
} from './coins.suite.ts';
import type { Subject } from './subject.suite.ts';

/** Identifiers of a mechanism of each kind. */
export interface HpkeIds {
  readonly kem: unknown;
  readonly kdf: unknown;
  readonly aead: unknown;
}

/**
 * @param coins randomness of encapsulation: of groups what the ephemeral key is derived from, of ML-KEM m, of hybrids m and what the ephemeral key is made of
 * @throws Cannot for what is not known
 */
export function mechanismsOf(ids: HpkeIds, subject: Subject, coins = NO_BYTES): HpkeMechanisms {
  const [kem, kdf, aead] = [ids.kem, ids.kdf, ids.aead].map(Number) as [number, number, number];
  const cipher = keyOf(AEAD_IDS, aead);
  if (cipher === undefined) throw new Cannot(`HPKE's AEAD ${String(aead)} is not supported by this build`);
  return {
    kem: kemOf(kem, subject, coins),
    kdf: kdfOf(kdf, hpkeSuiteId(kem, kdf, aead), subject),
    cipher: aeadOf(cipher, subject.provider),
  };
}

function keyOf<T extends string>(ids: Readonly<Record<T, number>>, id: number): T | undefined {
  return (Object.keys(ids) as T[]).find((name) => ids[name] === id);
}

interface Curve {
  readonly name: string;
  readonly hash: string;
  readonly secretBytes: number;
  readonly sharedSecretBytes: number;
  /** Of curves of NIST, whose secrets are numbers. */
  readonly order?: bigint;
}

/** RFC 9180 section 7.1. */
const CURVES: Readonly<Record<number, Curve>> = {
  0x10: { ...{ name: 'P-256', hash: 'SHA-256', secretBytes: 32, sharedSecretBytes: 32 }, order: p256.Point.Fn.ORDER },
  0x11: { ...{ name: 'P-384', hash: 'SHA-384', secretBytes: 48, sharedSecretBytes: 48 }, order: p384.Point.Fn.ORDER },
  0x12: { ...{ name: 'P-521', hash: 'SHA-512', secretBytes: 66, sharedSecretBytes: 64 }, order: p521.Point.Fn.ORDER },
  0x21: { name: 'X448', hash: 'SHA-512', secretBytes: 56, sharedSecretBytes: 64 },
};
const ML_KEMS: Readonly<Record<number, MlKemName>> = { 0x40: 'ML-KEM-512', 0x42: 'ML-KEM-1024' };
const HYBRIDS: Readonly<Record<number, HybridName>> = { 0x50: 'MLKEM768-P256', 0x51: 'MLKEM1024-P384' };

/** @throws Cannot for what is not known */
export function kemOf(id: number, subject: Subject, coins: Uint8Array): HpkeKem {
  const suiteId = kemSuiteId(id);
  const [own, curve, mlKem, hybrid] = [keyOf(KEM_IDS, id), CURVES[id], ML_KEMS[id], HYBRIDS[id]];
  if (own === 'X25519') return hpkeKem(own, { ...subject.provider, randomBytes: () => coins });
  if (own !== undefined) return hpkeKem(own, withCoins(subject.provider, coins));
  if (curve !== undefined) {
    const parts = hkdfParts(suiteId, ...hashOf(curve.hash, subject));
    return dhKem(groupOf(curve, subject), parts, { randomBytes: () => coins });
  }
  if (mlKem !== undefined) return unauthenticated(mlKemWithCoins(mlKem, subject, coins), suiteId, subject.provider);
  if (hybrid !== undefined) return unauthenticated(hybridWithCoins(hybrid, subject, coins), suiteId, subject.provider);
  throw new Cannot(`HPKE's KEM ${String(id)} is not supported by this build`);
}

function groupOf({ name, secretBytes, sharedSecretBytes, order }: Curve, subject: Subject): DhGroup {
  const agreement = subject.agreement(name);
  if (agreement === undefined) throw new Cannot(`${name} is not supported by this build`);
  return {
    ...{ secretBytes, sharedSecretBytes, agreementKey: agreement.agreementKey },
    deriveSecret: (expand) => (order === undefined ? expand('sk', NO_BYTES) : candidate(expand, order)),
  };
}

/** RFC 9180 section 7.1.3: the first that is a secret of the curve. */
function candidate(expand: (label: string, info: Uint8Array) => Uint8Array, order: bigint): Uint8Array {
  // All bits but those of P-521's highest byte.
  const mask = order >> 520n === 1n ? 0x01 : 0xff;
  for (let counter = 0; counter < 256; counter++) {
    const bytes = expand('candidate', Uint8Array.of(counter)).map((byte, i) => (i === 0 ? byte & mask : byte));
    if (isScalar(bytes, order)) return bytes;
  }
  throw new Error('secret: none can be derived');
}

function hashOf(hash: string, subject: Subject) {
  const hmac = subject.hmac(hash);
  if (hmac === undefined) throw new Cannot(`${hash} is not supported by this build`);
  const ofParts = (key: Uint8Array, ...parts: readonly Uint8Array[]) => hmac(key, concatBytes(...parts));
  return [ofParts, Number(hash.slice(-3)) / 8] as const;
}

/** Name of the function, and Nh, in bytes. Source: draft-ietf-hpke-pq-05 section 5. */
const XOFS: Readonly<Record<number, readonly [string, number]>> = {
  0x10: ['SHAKE-128', 32],
  0x12: ['TurboSHAKE-128', 32],
  0x13: ['TurboSHAKE-256', 64],
};

function kdfOf(id: number, suiteId: Uint8Array, subject: Subject): LabelledKdf {
  const [own, [name = '', bytes = 0] = []] = [keyOf(KDF_IDS, id), XOFS[id]];
  if (own !== undefined) return labelledKdf(own, suiteId, subject.provider);
  if (id === 0x02) return twoStage(hkdfParts(suiteId, ...hashOf('SHA-384', subject)));
  const xof = subject.xof(name);
  if (xof === undefined) throw new Cannot(`HPKE's KDF ${String(id)} ${name} is not supported by this build`);
  return oneStage(suiteId, xof, bytes);
}
