/**
 * Key material of a verification method. Sources: https://www.w3.org/TR/cid-1.0/#verification-methods, RFC 8037, RFC 9964; what the composites and X-Wing are called
 * in a JSON Web Key: draft-ietf-jose-pq-composite-sigs and draft-skokan-jose-hpke-pq-pqt-01.
 */
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import { fromMultikey, isMultikeyKind, toMultikey, type KeyKind, type PublicKey } from '../encoding/multikey.ts';
import { LENGTHS } from '../provider/provider.ts';

/** Types whose key is in `publicKeyMultibase`, with the kinds that they may have; `undefined` is any. */
const MULTIBASE_TYPES: ReadonlyMap<JsonValue, KeyKind | undefined> = new Map<JsonValue, KeyKind | undefined>([
  ['Multikey', undefined],
  ['Ed25519VerificationKey2020', 'Ed25519'],
  ['X25519KeyAgreementKey2020', 'X25519'],
]);
const JWK_TYPES: ReadonlySet<JsonValue> = new Set<JsonValue>(['JsonWebKey', 'JsonWebKey2020']);

/** Members of key objects that are secret: a document that has one is broken, and its key burnt. */
const SECRETS = ['secretKeyMultibase', 'privateKeyMultibase', 'secretKeyJwk', 'privateKeyJwk'];

type Read = PublicKey | 'malformed-method' | 'unsupported-method';

/** Methods do not change, and a key of ML-DSA takes longer to decode than to look up; forgotten with the document. */
const READ = new WeakMap<JsonObject, Read>();

/** The key, or why there is none; the same object each time for the same method. */
export function publicKeyOf(method: JsonObject): Read {
  const known = READ.get(method) ?? read(method);
  READ.set(method, known);
  return known;
}

function read(method: JsonObject): Read {
  const { type, publicKeyMultibase, publicKeyJwk } = method;
  if (type === undefined || SECRETS.some((name) => name in method)) return 'malformed-method';
  if (publicKeyMultibase !== undefined && publicKeyJwk !== undefined) return 'malformed-method';
  if (MULTIBASE_TYPES.has(type)) return fromText(publicKeyMultibase, MULTIBASE_TYPES.get(type));
  return JWK_TYPES.has(type) ? fromJwk(publicKeyJwk) : 'unsupported-method';
}

function fromText(text: JsonValue | undefined, kind: KeyKind | undefined): Read {
  const key = typeof text === 'string' ? fromMultikey(text) : undefined;
  return key !== undefined && (kind ?? key.kind) === key.kind ? key : 'malformed-method';
}

interface JwkKind {
  readonly kind: KeyKind;
  readonly bytes: number;
  /** Member that has the key. */
  readonly member: 'x' | 'pub';
}

const { ed25519, mlDsa44, mlDsa65, mlKem768 } = LENGTHS;

const JWK_KINDS: Readonly<Record<string, JwkKind>> = {
  'OKP Ed25519': { kind: 'Ed25519', bytes: 32, member: 'x' },
  'OKP X25519': { kind: 'X25519', bytes: 32, member: 'x' },
  'AKP ML-DSA-44': { kind: 'ML-DSA-44', bytes: LENGTHS.mlDsa44.publicKeyBytes, member: 'pub' },
  'AKP ML-DSA-65': { kind: 'ML-DSA-65', bytes: LENGTHS.mlDsa65.publicKeyBytes, member: 'pub' },
  'AKP ML-DSA-87': { kind: 'ML-DSA-87', bytes: LENGTHS.mlDsa87.publicKeyBytes, member: 'pub' },
  'AKP ML-DSA-44-Ed25519': {
    kind: 'COMPSIG-MLDSA44-Ed25519-SHA512',
    bytes: mlDsa44.publicKeyBytes + ed25519.publicKeyBytes,
    member: 'pub',
  },
  'AKP ML-DSA-65-Ed25519': {
    kind: 'COMPSIG-MLDSA65-Ed25519-SHA512',
    bytes: mlDsa65.publicKeyBytes + ed25519.publicKeyBytes,
    member: 'pub',
  },
  'AKP HPKE-11': { kind: 'X-Wing', bytes: mlKem768.publicKeyBytes + 32, member: 'pub' },
};

/**
 * Type and key of a verification method: a Multikey where the kind has a multicodec, else a JSON Web Key. What {@link publicKeyOf} reads.
 * @throws RangeError for a key of another length
 */
export function methodKeyOf(key: PublicKey): JsonObject & { readonly type: string } {
  if (isMultikeyKind(key.kind)) return { type: 'Multikey', publicKeyMultibase: toMultikey(key) };
  const [name, found] = Object.entries(JWK_KINDS).find(([, { kind }]) => kind === key.kind) ?? [];
  if (name === undefined || found?.bytes !== key.bytes.length)
    throw new RangeError(`${key.kind} public key: has ${key.bytes.length} bytes, must have ${found?.bytes}`);
  const [kty, alg] = name.split(' ') as [string, string];
  return { type: 'JsonWebKey', publicKeyJwk: { kty, alg, pub: toBase64Url(key.bytes) } };
}

function fromJwk(jwk: JsonValue | undefined): Read {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return 'malformed-method';
  const { kty, crv, alg, ...members } = jwk as JsonObject;
  if ('d' in members || 'priv' in members) return 'malformed-method';
  const name = `${String(kty)} ${String(kty === 'AKP' ? alg : crv)}`;
  const found = Object.hasOwn(JWK_KINDS, name) ? JWK_KINDS[name] : undefined;
  if (found === undefined) return 'unsupported-method';
  const text = members[found.member];
  const bytes = typeof text === 'string' ? fromBase64Url(text) : undefined;
  return bytes?.length === found.bytes ? { kind: found.kind, bytes } : 'malformed-method';
}
