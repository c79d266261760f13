/** The keys with which own agents sign credentials and presentations. */
import { keyFor, type DocumentSigner, type KeySet } from '@aia/identity';
import type { KnownAgent } from './agents.ts';
import type { KeyCustody } from './key-custody.ts';

/** What is signed: credentials, or presentations of them. */
export type SignedUse = 'assertion' | 'authentication';

const RELATIONSHIP = { assertion: 'assertionMethod', authentication: 'authentication' } as const;

/**
 * All keys with which an agent signs for a use: a classical and a post-quantum one, and for a did:key its only one.
 * @throws RangeError for an agent that is deactivated, or whose document was made before it had keys for the use; HostError `key-missing`
 */
export async function signersOf(
  { agent, latest }: KnownAgent,
  keys: KeyCustody,
  use: SignedUse,
  at: number,
): Promise<readonly DocumentSigner[]> {
  if (latest?.parameters.deactivated === true)
    throw new RangeError(`${agent.name} is deactivated, and signs nothing any more`);
  const version = latest?.number ?? 1;
  const set = await keys.keySet({ agent: agent.name, version });
  if (latest === undefined) return [ofDidKey(agent.did, set)];
  const signers = ofWebvh(latest.document.id, set, use);
  const isPublished = signers.every(
    ({ verificationMethod }) => keyFor(latest.document, verificationMethod, RELATIONSHIP[use], at).kind === 'key',
  );
  if (isPublished) return signers;
  throw new RangeError(
    `the document of ${agent.name} is of an earlier form, without keys that sign presentations: "aia identity rotate ${agent.name} --out DIR" gives it some, then publish what is in DIR`,
  );
}

function ofDidKey(did: string, set: KeySet): DocumentSigner {
  const verificationMethod = `${did}#${did.slice('did:key:'.length)}`;
  return { cryptosuite: 'eddsa-jcs-2022', verificationMethod, key: set.signingKey('assertion', 'Ed25519') };
}

function ofWebvh(did: string, set: KeySet, use: SignedUse): readonly DocumentSigner[] {
  const { version } = set.origin;
  return [
    {
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: `${did}#${use}-${version}`,
      key: set.signingKey(use, 'Ed25519'),
    },
    {
      cryptosuite: 'mldsa44-jcs-2024',
      verificationMethod: `${did}#${use}-ml-dsa-${version}`,
      key: set.signingKey(use, 'ML-DSA-44'),
    },
  ];
}
