/**
 * All keys of one version of an agent, from one seed of 32 bytes. Each use and each suite has a seed of its own under its own label, so that no key ever
 * serves two algorithms or two purposes; knowing one says nothing about another. Only the seed of the version is kept anywhere.
 */
import { provider as defaultProvider } from '#provider';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { framed } from '../canonical/domains.ts';
import { xWing } from '../kem/x-wing.ts';
import {
  NO_BYTES,
  requireBytes,
  type CryptoProvider,
  type DecapsulationKey,
  type SigningKey,
} from '../provider/provider.ts';
import { wiped } from '../provider/wiped.ts';
import { schemeOf, type SuiteName } from '../signatures/suite.ts';

/** Bytes of a version's seed. */
export const KEY_SEED_BYTES = 32;

/**
 * What keys that sign are for: changing the DID (`control`), credentials, votes and mandates (`assertion`), channels and envelopes (`authentication`).
 * The words of DID Core's verification relationships, but for `control`, whose keys are did:webvh's `updateKeys`.
 */
export type SigningUse = 'control' | 'assertion' | 'authentication';

/** Whose keys they are. */
export interface KeyOrigin {
  /** A name that never changes and is there before the DID, whose SCID is made from the first keys. At most 255 bytes of UTF-8, not empty. */
  readonly agent: string;
  /** Counted from 1; each version has a seed of its own. */
  readonly version: number;
}

/** A secret key that says which suite it signs in. */
export interface SuiteSigningKey extends SigningKey {
  readonly suite: SuiteName;
}

/** Keys of a version. They are made when they are first asked for; nothing here serialises to its secrets. */
export interface KeySet {
  readonly origin: KeyOrigin;
  /** The same key each time; another one for every use and suite. */
  readonly signingKey: (use: SigningUse, suite: SuiteName) => SuiteSigningKey;
  /** X-Wing: what boxes for the agent are sealed to. */
  readonly keyAgreement: () => DecapsulationKey;
}

/**
 * HKDF-SHA256 of the seed without salt; info is framed in the domain `keySeed`: agent, version (32-bit big-endian), use, suite.
 * @throws RangeError for a seed that has not 32 bytes, an empty or over-long agent, a version below 1 or beyond 2³² − 1
 */
export function deriveKeySet(seed: Uint8Array, origin: KeyOrigin, provider: CryptoProvider = defaultProvider): KeySet {
  const own = Uint8Array.from(requireBytes('seed', seed, KEY_SEED_BYTES));
  const [agent, version] = [agentBytes(origin.agent), versionBytes(origin.version)];
  const seedFor = (use: string, algorithm: string, length: number) => {
    const info = framed('keySeed', agent, version, utf8ToBytes(use), utf8ToBytes(algorithm));
    return provider.hkdfSha256(own, NO_BYTES, info, length);
  };
  const signing = remembering((use: SigningUse, suite: SuiteName): SuiteSigningKey => {
    const { seedBytes, signingKey } = schemeOf(suite, provider);
    return { suite, ...wiped(seedFor(use, suite, seedBytes), signingKey) };
  });
  const { seedBytes, decapsulationKey } = xWing(provider);
  const agreement = remembering(() => wiped(seedFor('keyAgreement', 'X-Wing', seedBytes), decapsulationKey));
  return { origin: { ...origin }, signingKey: signing, keyAgreement: agreement };
}

function agentBytes(agent: string): Uint8Array {
  const bytes = utf8ToBytes(agent);
  if (bytes.length === 0 || bytes.length > 255 || !agent.isWellFormed())
    throw new RangeError(`agent: has ${bytes.length} bytes of UTF-8, must be 1 to 255, well formed`);
  return bytes;
}

function versionBytes(version: number): Uint8Array {
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError(`version: is ${version}, must be an integer from 1 to ${0xffff_ffff}`);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, version);
  return bytes;
}

function remembering<P extends readonly string[], T>(make: (...names: P) => T): (...names: P) => T {
  const made = new Map<string, T>();
  return (...names) => {
    const name = names.join();
    const known = made.get(name) ?? make(...names);
    made.set(name, known);
    return known;
  };
}
