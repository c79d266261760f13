/**
 * did:key. Sources: https://github.com/w3c-ccg/did-method-key, `test-vectors/`, whose documents have the shape of 2018 to 2020, so that identifiers and key bytes
 * count and not the document; and the one document of https://w3c-ccg.github.io/did-key-spec/.
 */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonValue } from '../canonical/strict-json.ts';
import { VERIFICATION_RELATIONSHIPS } from '../did/document.ts';
import { didKey, documentOfDidKey } from '../did/key.ts';
import { fromBase58, fromBase64Url } from '../encoding/multibase.ts';
import { fromMultikey, type PublicKey } from '../encoding/multikey.ts';
import { publicKeyOf } from '../did/verification-method.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { Cannot, equal, same, type Case, type Format, type Group } from './case.suite.ts';
import { fieldsOf, hex, listOf, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

const PREFIX = 'did:key:';

/** See {@link Format}. */
export const didKeys: Format = {
  name: 'did:key',
  fits: ({ json }) => entriesOf(json).length > 0 || isDocument(json),
  groups: ({ json }) => (isDocument(json) ? [documentGroup(fieldsOf(json) ?? {})] : [listGroup(entriesOf(json))]),
};

function isDocument(json: unknown): boolean {
  const file = fieldsOf(json);
  return String(file?.['id']).startsWith(PREFIX) && Array.isArray(file?.['verificationMethod']);
}

/** A DID with its seed and key pairs, or with its document alone. */
function entriesOf(json: unknown): readonly (readonly [string, Fields])[] {
  const file = fieldsOf(json) ?? {};
  const inner = fieldsOf(file['didDocument']);
  const entries = Object.entries(inner ?? file);
  if (entries.length === 0 || entries.some(([name]) => !name.startsWith(PREFIX))) return [];
  return entries.map(([did, value]) => [did, inner ? { didDocument: value } : (fieldsOf(value) ?? {})]);
}

function documentGroup(expected: Fields): Group {
  const did = String(expected['id']);
  const check = ({ provider }: Subject) => {
    const document = supported(did) && documentOfDidKey(did, provider);
    if (!document) throw new Error('document: none');
    for (const [name, value] of Object.entries(expected))
      equal(name, canonicalJson(document[name] ?? null), canonicalJson(value as JsonValue));
  };
  return { name: 'document', cases: [{ id: did, check }] };
}

function listGroup(entries: readonly (readonly [string, Fields])[]): Group {
  const cases = entries.map(([did, entry]): Case => ({ id: did, check: (subject) => checkEntry(subject, did, entry) }));
  return { name: 'keys', cases };
}

/** Ed25519 and X25519 alone. */
function supported(did: string): true {
  const kind = fromMultikey(did.slice(PREFIX.length))?.kind;
  if (kind !== 'Ed25519' && kind !== 'X25519')
    throw new Cannot(`did:key of ${did.slice(8, 13)}… is not supported by this build`);
  return true;
}

function checkEntry({ provider }: Subject, did: string, entry: Fields): void {
  supported(did);
  if (typeof entry['seed'] === 'string' && fromMultikey(did.slice(PREFIX.length))?.kind === 'Ed25519')
    equal(
      'DID of the seed',
      didKey({ kind: 'Ed25519', bytes: provider.ed25519.signingKey(hex(entry, 'seed')).publicKey }),
      did,
    );
  const document = documentOfDidKey(did, provider) as Fields | undefined;
  if (document === undefined) throw new Error('document: none');
  const ours = new Map(methodsOf(document).map((method) => [fragmentOf(method), method]));
  const written = fieldsOf(entry['didDocument']) ?? {};
  if (written['id'] !== undefined) equal('id', written['id'], did);
  const pairs = ['verificationKeyPair', 'keyAgreementKeyPair'].map((name) => fieldsOf(entry[name]));
  const theirs = [...methodsOf(written), ...pairs.filter((pair) => pair !== undefined)];
  checkRelationships(document, written);
  if (theirs.length === 0) throw new Error('didDocument: has no verification method');
  for (const method of theirs) {
    const own = ours.get(fragmentOf(method));
    if (own === undefined) throw new Error(`${String(method['id'])}: missing`);
    const key = publicKeyOf(own as Parameters<typeof publicKeyOf>[0]);
    if (typeof key === 'string') throw new Error(`${String(method['id'])}: ${key}`);
    same(String(method['type']), key.bytes, bytesOf(method));
    if (method['controller'] !== undefined) equal('controller', method['controller'], did);
    const secret = secretOf(method);
    if (secret !== undefined) same('public key of the secret one', publicOf(key.kind, secret, provider), key.bytes);
  }
}

/** What a key is for there, it is for here. */
function checkRelationships(ours: Fields, theirs: Fields): void {
  for (const name of VERIFICATION_RELATIONSHIPS) {
    const [own, other] = [ours, theirs].map((document) => {
      const entries = document[name];
      return (Array.isArray(entries) ? entries : []).map((entry: unknown) =>
        fragmentOf(fieldsOf(entry) ?? { id: entry }),
      );
    });
    const missing = other?.find((fragment) => own?.includes(fragment) === false);
    equal(`key that is missing in ${name}`, missing, undefined);
  }
}

/** Where a pair has it; that of Ed25519 has its public key behind it in base58. @throws Error for a text that is none */
function secretOf(method: Fields): Uint8Array | undefined {
  const [base58, jwk] = [method['privateKeyBase58'], fieldsOf(method['privateKeyJwk'])];
  if (base58 === undefined && jwk === undefined) return undefined;
  const secret = typeof base58 === 'string' ? fromBase58(base58) : fromBase64Url(String(jwk?.['d']));
  if (secret === undefined) throw new Error(`${String(method['id'])}: the secret key is in no known form`);
  return secret.subarray(0, 32);
}

function publicOf(kind: string, secret: Uint8Array, { ed25519, x25519 }: CryptoProvider): Uint8Array {
  return (kind === 'Ed25519' ? ed25519.signingKey(secret) : x25519.agreementKey(secret)).publicKey;
}

function methodsOf(document: Fields): readonly Fields[] {
  return ['verificationMethod', 'keyAgreement'].flatMap((name) => listOf(document[name]).filter((one) => 'id' in one));
}

function fragmentOf(method: Fields): string {
  return String(method['id']).replace(/^.*#/, '#');
}

function bytesOf(method: Fields): Uint8Array {
  const jwk = fieldsOf(method['publicKeyJwk']);
  const bytes: Uint8Array | undefined =
    typeof method['publicKeyBase58'] === 'string'
      ? fromBase58(method['publicKeyBase58'])
      : typeof method['publicKeyMultibase'] === 'string'
        ? (fromMultikey(method['publicKeyMultibase']) as PublicKey | undefined)?.bytes
        : typeof jwk?.['x'] === 'string'
          ? fromBase64Url(jwk['x'])
          : undefined;
  if (bytes === undefined) throw new Error(`${String(method['id'])}: the file has no key in a known form`);
  return bytes;
}
