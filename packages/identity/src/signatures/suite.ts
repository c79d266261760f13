/**
 * Signature suites by name. Every signed object names its suite; which suites a peer may use is the minimum that is remembered for it, never the best that
 * both sides happen to offer.
 */
import { provider as defaultProvider } from '#provider';
import { LENGTHS, type CryptoProvider, type SignatureScheme } from '../provider/provider.ts';
import { compositeScheme } from './composite.ts';

/** NIST's category against quantum computers (FIPS 204, 205); 0 what holds against others alone, −1 nothing. */
type Category = -1 | 0 | 1 | 2 | 3 | 5;

/** A suite, and what it promises. */
export interface Suite {
  readonly category: Category;
  /** What is left when lattices are broken: by an elliptic curve beside them, or by hashes alone. */
  readonly withoutLattices: Category;
  readonly signatureBytes: number;
  readonly scheme: (provider: CryptoProvider) => SignatureScheme;
}

type Lengths = Pick<Suite, 'signatureBytes'>;

function sized(...parts: readonly Lengths[]): Lengths {
  return { signatureBytes: parts.reduce((sum, { signatureBytes }) => sum + signatureBytes, 0) };
}

/** Every suite there is. The composites have the label of draft-ietf-lamps-pq-composite-sigs as their name. */
export const SUITES = {
  Ed25519: { category: 0, withoutLattices: 0, ...sized(LENGTHS.ed25519), scheme: ({ ed25519 }) => ed25519 },
  'ML-DSA-44': { category: 2, withoutLattices: -1, ...sized(LENGTHS.mlDsa44), scheme: ({ mlDsa44 }) => mlDsa44 },
  'ML-DSA-65': { category: 3, withoutLattices: -1, ...sized(LENGTHS.mlDsa65), scheme: ({ mlDsa65 }) => mlDsa65 },
  'ML-DSA-87': { category: 5, withoutLattices: -1, ...sized(LENGTHS.mlDsa87), scheme: ({ mlDsa87 }) => mlDsa87 },
  'COMPSIG-MLDSA44-Ed25519-SHA512': {
    category: 2,
    withoutLattices: 0,
    ...sized(LENGTHS.mlDsa44, LENGTHS.ed25519),
    scheme: (provider) => compositeScheme('COMPSIG-MLDSA44-Ed25519-SHA512', provider),
  },
  'COMPSIG-MLDSA65-Ed25519-SHA512': {
    category: 3,
    withoutLattices: 0,
    ...sized(LENGTHS.mlDsa65, LENGTHS.ed25519),
    scheme: (provider) => compositeScheme('COMPSIG-MLDSA65-Ed25519-SHA512', provider),
  },
  'SLH-DSA-SHA2-128s': {
    category: 1,
    withoutLattices: 1,
    ...sized(LENGTHS.slhDsaSha2128s),
    scheme: ({ slhDsaSha2128s }) => slhDsaSha2128s,
  },
} as const satisfies Readonly<Record<string, Suite>>;

/** Name of a suite. */
export type SuiteName = keyof typeof SUITES;

/** What agents sign with, and the minimum for peers of whom nothing else is known. */
export const COMPOSITE = 'COMPSIG-MLDSA65-Ed25519-SHA512' as const satisfies SuiteName;

/** What roots of trust and releases are signed with. */
export const ROOT = 'SLH-DSA-SHA2-128s' as const satisfies SuiteName;

/** Whether a name is one of {@link SUITES}, spelt exactly so. */
export function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(SUITES, name);
}

/** The algorithm of a suite. */
export function schemeOf(suite: SuiteName, provider: CryptoProvider = defaultProvider): SignatureScheme {
  return SUITES[suite].scheme(provider);
}

/** Whether a suite promises no less than another one in any respect. Hashes alone and composites do not stand in for each other. */
export function meets(suite: SuiteName, minimum: SuiteName): boolean {
  const [given, wanted] = [SUITES[suite], SUITES[minimum]];
  return given.category >= wanted.category && given.withoutLattices >= wanted.withoutLattices;
}

/** What is taken from peers: a minimum for all, and what is remembered of some of them; nobody's is below the minimum for all. */
export interface SuitePolicy {
  readonly least: SuiteName;
  /** By DID. */
  readonly peers: ReadonlyMap<string, SuiteName>;
}

/** Nothing below {@link COMPOSITE} from anybody. */
export const STRICT_POLICY: SuitePolicy = { least: COMPOSITE, peers: new Map() };

/** What a peer has to sign with at least. */
export function minimumFor({ least, peers }: SuitePolicy, did: string): SuiteName {
  const remembered = peers.get(did);
  return remembered !== undefined && meets(remembered, least) ? remembered : least;
}

/** The policy after a peer has signed in a suite: its minimum rises to what promises more in every respect, and never falls. */
export function raised(policy: SuitePolicy, did: string, suite: SuiteName): SuitePolicy {
  const minimum = minimumFor(policy, did);
  if (suite === minimum || !meets(suite, minimum)) return policy;
  return { ...policy, peers: new Map([...policy.peers, [did, suite]]) };
}
