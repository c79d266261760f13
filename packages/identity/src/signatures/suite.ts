/**
 * Signature suites by name. Every signed object names its suite; which suites a peer may use is the minimum that is remembered for it, never the best that
 * both sides happen to offer.
 */
import { provider as defaultProvider } from '#provider';
import type { CryptoProvider, SignatureScheme } from '../provider/provider.ts';
import { compositeScheme } from './composite.ts';

/** What a suite still promises when one family of mathematics falls. */
export interface Assurance {
  /** NIST's category against quantum computers (FIPS 204, 205); 0 none. */
  readonly category: 0 | 1 | 2 | 3 | 5;
  /** Whether it holds although lattices are broken: an elliptic curve beside them, or hashes alone. */
  readonly withoutLattices: boolean;
  readonly scheme: (provider: CryptoProvider) => SignatureScheme;
}

/** Every suite there is. The composites have the label of draft-ietf-lamps-pq-composite-sigs as their name. */
export const SUITES = {
  Ed25519: { category: 0, withoutLattices: true, scheme: ({ ed25519 }) => ed25519 },
  'ML-DSA-44': { category: 2, withoutLattices: false, scheme: ({ mlDsa44 }) => mlDsa44 },
  'ML-DSA-65': { category: 3, withoutLattices: false, scheme: ({ mlDsa65 }) => mlDsa65 },
  'ML-DSA-87': { category: 5, withoutLattices: false, scheme: ({ mlDsa87 }) => mlDsa87 },
  'COMPSIG-MLDSA44-Ed25519-SHA512': {
    category: 2,
    withoutLattices: true,
    scheme: (provider) => compositeScheme('COMPSIG-MLDSA44-Ed25519-SHA512', provider),
  },
  'COMPSIG-MLDSA65-Ed25519-SHA512': {
    category: 3,
    withoutLattices: true,
    scheme: (provider) => compositeScheme('COMPSIG-MLDSA65-Ed25519-SHA512', provider),
  },
  'SLH-DSA-SHA2-128s': { category: 1, withoutLattices: true, scheme: ({ slhDsaSha2128s }) => slhDsaSha2128s },
} as const satisfies Readonly<Record<string, Assurance>>;

/** Name of a suite. */
export type SuiteName = keyof typeof SUITES;

/** What agents sign with, and the minimum for peers of whom nothing else is known. */
export const COMPOSITE = 'COMPSIG-MLDSA65-Ed25519-SHA512' satisfies SuiteName;

/** What roots of trust and releases are signed with. */
export const ROOT = 'SLH-DSA-SHA2-128s' satisfies SuiteName;

/** Whether a name is one of {@link SUITES}, spelt exactly so. */
export function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(SUITES, name);
}

/** The algorithm of a suite. */
export function schemeOf(suite: SuiteName, provider: CryptoProvider = defaultProvider): SignatureScheme {
  return SUITES[suite].scheme(provider);
}

/** Whether a suite promises no less than another one. */
export function meets(suite: SuiteName, minimum: SuiteName): boolean {
  const [given, wanted] = [SUITES[suite], SUITES[minimum]];
  return given.category >= wanted.category && (given.withoutLattices || !wanted.withoutLattices);
}
