/** Documents of own agents: which keys of a version may be used for what. */
import {
  COMPOSITE,
  methodKeyOf,
  type DidDocument,
  type JsonObject,
  type JsonValue,
  type KeySet,
  type PublicKey,
} from '@aia/identity';

/** Assertion keys of earlier versions that a document keeps, so that what they signed still verifies. */
const KEPT_VERSIONS = 8;

/** What a new document takes over from the one before. */
export interface Succession {
  readonly before: DidDocument;
  /** Versions whose keys are not to be trusted any more, and since when (RFC 3339). */
  readonly revoked: readonly number[];
  readonly at: string;
}

/**
 * The document of a version: new keys for assertions and for authentication, each classical, post-quantum and composite, and for key agreement. Credentials and
 * presentations are signed with the first two kinds, votes and messages with the composite. Assertion keys of earlier versions stay, since credentials outlive
 * them; those that are revoked stay as revoked, since a verifier asks for every kind that was ever published.
 */
export function agentDocument(did: string, keys: KeySet, succession?: Succession): DidDocument {
  const { version } = keys.origin;
  const method = (name: string, key: PublicKey): Method => ({
    id: `${did}#${name}-${version}`,
    controller: did,
    ...methodKeyOf(key),
  });
  const signing = (use: 'assertion' | 'authentication') => [
    method(use, { kind: 'Ed25519', bytes: keys.signingKey(use, 'Ed25519').publicKey }),
    method(`${use}-ml-dsa`, { kind: 'ML-DSA-44', bytes: keys.signingKey(use, 'ML-DSA-44').publicKey }),
    method(`${use}-composite`, { kind: COMPOSITE, bytes: keys.signingKey(use, COMPOSITE).publicKey }),
  ];
  const earlier = succession === undefined ? [] : earlierAssertion(succession, version);
  const asserting = [...signing('assertion'), ...earlier];
  const authenticating = signing('authentication');
  const agreement = method('agreement', { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey });
  return {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [...asserting, ...authenticating, agreement],
    assertionMethod: asserting.map(({ id }) => id),
    authentication: authenticating.map(({ id }) => id),
    keyAgreement: [agreement.id],
    capabilityInvocation: authenticating.map(({ id }) => id),
  };
}

type Method = JsonObject & { readonly id: string };

function earlierAssertion({ before, revoked, at }: Succession, version: number): readonly Method[] {
  const methods = (before.verificationMethod ?? []) as readonly JsonValue[];
  return methods.filter(isAssertion).flatMap((method) => {
    const of = versionOf(method);
    if (of < version - KEPT_VERSIONS) return [];
    return [revoked.includes(of) && method.revoked === undefined ? { ...method, revoked: at } : method];
  });
}

function isAssertion(method: JsonValue): method is Method {
  const id = typeof method === 'object' && method !== null && 'id' in method ? method.id : undefined;
  return typeof id === 'string' && /#assertion(?:-[a-z-]+)?-\d+$/.test(id);
}

function versionOf({ id }: Method): number {
  return Number(/\d+$/.exec(id)?.[0]);
}

/** The versions whose assertion keys a document has, and which of them are revoked. */
export function assertionVersions(
  document: DidDocument,
): readonly { readonly version: number; readonly revoked: boolean }[] {
  const methods = ((document.verificationMethod ?? []) as readonly JsonValue[]).filter(isAssertion);
  const versions = [...new Set(methods.map(versionOf))].toSorted((a, b) => a - b);
  return versions.map((version) => ({
    version,
    revoked: methods.some((method) => versionOf(method) === version && method.revoked !== undefined),
  }));
}
