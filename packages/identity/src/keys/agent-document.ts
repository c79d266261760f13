/** The document that publishes an agent's keys, and the signers that go with it: which key has which name, in one place. */
import type { JsonObject } from '../canonical/strict-json.ts';
import type { DocumentSigner } from '../credentials/proof-set.ts';
import type { DidDocument } from '../did/document.ts';
import { methodKeyOf } from '../did/verification-method.ts';
import type { PublicKey } from '../encoding/multikey.ts';
import type { Signer } from '../signatures/signature.ts';
import { COMPOSITE, type SuiteName } from '../signatures/suite.ts';
import type { KeySet, SigningUse } from './key-set.ts';

/** Uses of keys that stand in documents; those that control the DID stand in its log. */
export type PublishedUse = Exclude<SigningUse, 'control'>;

/** Suites of the keys that are published for each use. */
export type PublishedSuites = Readonly<Record<PublishedUse, readonly SuiteName[]>>;

const DOCUMENT_SUITES = ['Ed25519', 'ML-DSA-44'] as const satisfies readonly SuiteName[];

/** What others verify by the W3C's suites (credentials, presentations), and what we sign among ourselves. */
export const PUBLISHED_SUITES: PublishedSuites = {
  assertion: [...DOCUMENT_SUITES, COMPOSITE],
  authentication: [...DOCUMENT_SUITES, COMPOSITE],
};

/** DID URL of a key: its fragment says version, use and suite, so that no two versions of an agent have a name in common. */
export function agentKeyUrl(did: string, version: number, use: PublishedUse | 'keyAgreement', suite: string): string {
  return `${did}#v${version}-${use}-${suite}`;
}

/** The document with all public keys of a version; of a log that is being created, `did` may have its placeholder still. */
export function agentDocument(did: string, keys: KeySet, suites: PublishedSuites = PUBLISHED_SUITES): DidDocument {
  const { version } = keys.origin;
  const method = (
    use: PublishedUse | 'keyAgreement',
    { kind, bytes }: PublicKey,
  ): JsonObject & { readonly id: string } => ({
    id: agentKeyUrl(did, version, use, kind),
    controller: did,
    ...methodKeyOf({ kind, bytes }),
  });
  const methods = (use: PublishedUse) =>
    suites[use].map((kind) => method(use, { kind, bytes: keys.signingKey(use, kind).publicKey }));
  const [assertion, authentication] = [methods('assertion'), methods('authentication')];
  const agreement = method('keyAgreement', { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey });
  return {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [...assertion, ...authentication, agreement],
    assertionMethod: assertion.map(({ id }) => id),
    authentication: authentication.map(({ id }) => id),
    keyAgreement: [agreement.id],
  };
}

/** Signers of credentials (`assertion`) or presentations (`authentication`): the classical and the post-quantum one, which verifiers demand together. */
export function documentSigners(
  did: string,
  keys: KeySet,
  use: PublishedUse,
): readonly [DocumentSigner, DocumentSigner] {
  const signer = (cryptosuite: DocumentSigner['cryptosuite'], suite: SuiteName): DocumentSigner => ({
    cryptosuite,
    verificationMethod: agentKeyUrl(did, keys.origin.version, use, suite),
    key: keys.signingKey(use, suite),
  });
  return [signer('eddsa-jcs-2022', 'Ed25519'), signer('mldsa44-jcs-2024', 'ML-DSA-44')];
}

/** What signs envelopes (`authentication`), votes and mandates (`assertion`). */
export function agentSigner(did: string, keys: KeySet, use: PublishedUse, suite: SuiteName = COMPOSITE): Signer {
  return { url: agentKeyUrl(did, keys.origin.version, use, suite), key: keys.signingKey(use, suite) };
}
