/** Issuers, holders and lists for tests, without network: documents and lists stand in maps that a test may change. */
import type { JsonObject } from '../canonical/strict-json.ts';
import { canonicalJson } from '../canonical/jcs.ts';
import type { DidDocument } from '../did/document.ts';
import { deriveKeySet, type KeySet } from '../keys/key-set.ts';
import { methodKeyOf } from '../did/verification-method.ts';
import type { KeyKind } from '../encoding/multikey.ts';
import type { SuiteName } from '../signatures/suite.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { issueCredential, unsignedCredential, unsignedStatusList, type CredentialTerms } from './issue.ts';
import type { DocumentSigner } from './proof-set.ts';
import { emptyStatusList, type StatusList } from './status-list.ts';
import type { Published } from './status.ts';
import type { Verification } from './verify.ts';

/** "Now" of the tests. */
export const AT = Date.UTC(2026, 5, 1);
/** A day. */
export const DAY_MS = 86_400_000;
/** Address of the issuer's list. */
export const LIST = 'https://issuer.example/status/1';

/** Somebody with a DID and keys of both kinds for both uses. */
export interface Party {
  readonly did: string;
  readonly document: DidDocument;
  readonly keys: KeySet;
  /** For assertions: classical, then post-quantum. */
  readonly asserting: readonly [DocumentSigner, DocumentSigner];
  /** For authentication, in the same order. */
  readonly authenticating: readonly [DocumentSigner, DocumentSigner];
}

type Use = 'assertion' | 'authentication';

/** A party whose keys follow from its name. */
export function partyOf(name: string, provider: CryptoProvider): Party {
  const did = `did:web:${name}.example`;
  const keys = deriveKeySet(new Uint8Array(32).fill(3), { agent: name, version: 1 }, provider);
  const signers = (use: Use): Party['asserting'] => [
    {
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: urlOf(did, use, 'Ed25519'),
      key: keys.signingKey(use, 'Ed25519'),
    },
    {
      cryptosuite: 'mldsa44-jcs-2024',
      verificationMethod: urlOf(did, use, 'ML-DSA-44'),
      key: keys.signingKey(use, 'ML-DSA-44'),
    },
  ];
  const document = documentWith(did, keys, ['Ed25519', 'ML-DSA-44']);
  return { did, document, keys, asserting: signers('assertion'), authenticating: signers('authentication') };
}

/** A document with keys of the suites for both uses. */
export function documentWith(did: string, keys: KeySet, suites: readonly (SuiteName & KeyKind)[]): DidDocument {
  const methods = (use: Use) =>
    suites.map((kind) => ({
      ...{ id: urlOf(did, use, kind), controller: did },
      ...methodKeyOf({ kind, bytes: keys.signingKey(use, kind).publicKey }),
    }));
  const [assertion, authentication] = [methods('assertion'), methods('authentication')];
  return {
    ...{ '@context': ['https://www.w3.org/ns/did/v1.1'], id: did },
    verificationMethod: [...assertion, ...authentication],
    assertionMethod: assertion.map(({ id }) => id),
    authentication: authentication.map(({ id }) => id),
  };
}

const urlOf = (did: string, use: Use, suite: string) => `${did}#${use}-${suite}`;

/** A world in which `issuer` issues to `holder` and publishes one list. */
export class World {
  readonly provider: CryptoProvider;
  readonly documents = new Map<string, DidDocument>();
  readonly lists = new Map<string, Published>();
  readonly issuer: Party;
  readonly holder: Party;

  constructor(provider: CryptoProvider) {
    this.provider = provider;
    [this.issuer, this.holder] = [this.party('issuer'), this.party('holder')];
  }

  /** One more, whose document is published. */
  party(name: string): Party {
    const party = partyOf(name, this.provider);
    this.documents.set(party.did, party.document);
    return party;
  }

  /** What verifiers ask, trusting `issuer`. */
  get verification(): Verification {
    return {
      sources: {
        documentOf: (did) => this.documents.get(did),
        statusListOf: (url) => this.lists.get(url),
      },
      demands: { issuers: [this.issuer.did] },
      at: AT,
    };
  }

  /** Publishes a list of the issuer, with changes to what is signed. */
  async publish(list: StatusList = emptyStatusList(), change: JsonObject = {}, of: Party = this.issuer): Promise<void> {
    const terms = { id: LIST, issuer: of.did, purposes: ['revocation', 'suspension'], list, validFrom: AT - DAY_MS };
    const unsigned = { ...(await unsignedStatusList(terms)), ...change };
    const text = canonicalJson(issueCredential(unsigned, of.asserting, AT, this.provider));
    this.lists.set(LIST, { text, readAt: AT });
  }

  /** A role for the holder, with other terms where they are given. */
  role(terms: Partial<CredentialTerms> = {}): JsonObject {
    return unsignedCredential({
      ...{ issuer: this.issuer.did, subject: this.holder.did, statement: { kind: 'role', role: 'mlops-specialist' } },
      ...{ validFrom: AT - DAY_MS, validUntil: AT + DAY_MS, ...terms },
    });
  }

  /** Signed by somebody, the issuer with both keys unless it is said otherwise. */
  signed(unsigned: JsonObject, signers: readonly DocumentSigner[] = this.issuer.asserting): JsonObject {
    return issueCredential(unsigned, signers, AT, this.provider);
  }
}
