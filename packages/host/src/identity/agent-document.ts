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
 * The document of a version: new keys for assertions (classical, post-quantum and composite), authentication and key agreement. Assertion keys of earlier
 * versions stay, since credentials outlive them; those that are revoked stay as revoked, since a verifier asks for every kind that was ever published.
 */
export function agentDocument(did: string, keys: KeySet, succession?: Succession): DidDocument {
  const { version } = keys.origin;
  const method = (name: string, key: PublicKey): Method => ({
    id: `${did}#${name}-${version}`,
    controller: did,
    ...methodKeyOf(key),
  });
  const signing = (use: 'assertion' | 'authentication', kind: 'Ed25519' | 'ML-DSA-44' | typeof COMPOSITE) =>
    ({ kind, bytes: keys.signingKey(use, kind).publicKey }) as const;
  const assertion = [
    method('assertion', signing('assertion', 'Ed25519')),
    method('assertion-ml-dsa', signing('assertion', 'ML-DSA-44')),
    method('assertion-composite', signing('assertion', COMPOSITE)),
  ];
  const authentication = method('authentication', signing('authentication', COMPOSITE));
  const agreement = method('agreement', { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey });
  const earlier = succession === undefined ? [] : earlierAssertion(succession, version);
  const asserting = [...assertion, ...earlier];
  return {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [...asserting, authentication, agreement],
    assertionMethod: asserting.map(({ id }) => id),
    authentication: [authentication.id],
    keyAgreement: [agreement.id],
    capabilityInvocation: [authentication.id],
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

/**
 * The same document for those who know did:web alone. Source: https://identity.foundation/didwebvh/v1.0/#publishing-a-parallel-didweb-did
 */
export function parallelDidWeb(document: DidDocument): JsonObject {
  const { id } = document;
  const web = id.replace(/^did:webvh:[^:]+:/, 'did:web:');
  const replaced = JSON.parse(JSON.stringify(document).replaceAll(id, web)) as JsonObject;
  const names = Array.isArray(replaced.alsoKnownAs) ? (replaced.alsoKnownAs as readonly string[]) : [];
  return { ...replaced, alsoKnownAs: [...new Set([...names, id])].filter((name) => name !== web) };
}
