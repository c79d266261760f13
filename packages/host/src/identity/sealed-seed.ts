/**
 * Seeds at rest. A text seals one seed; its header says whose it is and is bound to it, so that a text which is exchanged for that of another agent or version,
 * or changed, does not open.
 */
import {
  canonicalBytes,
  framed,
  fromBase64Url,
  KEY_SEED_BYTES,
  parseJsonBytes,
  provider,
  toBase64Url,
  type JsonObject,
  type KeyOrigin,
} from '@aia/identity';

const FORMAT = 'aia-key';
const VERSION = 1;
const SALT_BYTES = 32;
/** Every text has a key of its own, derived with its salt, which seals once. */
const NONCE = new Uint8Array(12);
const NAMES: readonly string[] = ['format', 'version', 'aead', 'agent', 'keyVersion', 'salt', 'sealed'];

/** The text that seals a seed. */
export function sealSeed(seed: Uint8Array, { agent, version }: KeyOrigin, master: Uint8Array): Uint8Array {
  const salt = provider.randomBytes(SALT_BYTES);
  const header: JsonObject = {
    ...{ format: FORMAT, version: VERSION, aead: 'ChaCha20-Poly1305' },
    ...{ agent, keyVersion: version, salt: toBase64Url(salt) },
  };
  const sealed = withOwnKey(master, salt, (key) =>
    provider.chaCha20Poly1305.seal(key, NONCE, seed, framed('keyFile', canonicalBytes(header))),
  );
  return canonicalBytes({ ...header, sealed: toBase64Url(sealed) });
}

/** A seed, or why not: of a later form, for another agent or version, or changed or sealed in another keystore. */
export type OpenedSeed =
  | { readonly kind: 'opened'; readonly seed: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'unsupported' | 'other-key' | 'changed' };

/** Opens what {@link sealSeed} made for that origin. Never throws, whatever it is given. */
export function openSeed(text: Uint8Array, { agent, version }: KeyOrigin, master: Uint8Array): OpenedSeed {
  const parsed = parseJsonBytes(text, { most: 4096, depth: 2 });
  const fields = parsed.kind === 'value' ? parsed.value : null;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return refused('malformed');
  const { sealed: sealedText, ...header } = fields as JsonObject;
  if (header.format !== FORMAT) return refused('malformed');
  if (header.version !== VERSION || header.aead !== 'ChaCha20-Poly1305') return refused('unsupported');
  if (Object.keys(fields).toSorted().join() !== NAMES.toSorted().join()) return refused('malformed');
  const salt = typeof header.salt === 'string' ? fromBase64Url(header.salt) : undefined;
  const sealed = typeof sealedText === 'string' ? fromBase64Url(sealedText) : undefined;
  if (salt?.length !== SALT_BYTES || sealed?.length !== KEY_SEED_BYTES + 16) return refused('malformed');
  if (header.agent !== agent || header.keyVersion !== version) return refused('other-key');
  const seed = withOwnKey(master, salt, (key) =>
    provider.chaCha20Poly1305.open(key, NONCE, sealed, framed('keyFile', canonicalBytes(header))),
  );
  return seed === undefined ? refused('changed') : { kind: 'opened', seed };
}

function withOwnKey<T>(master: Uint8Array, salt: Uint8Array, use: (key: Uint8Array) => T): T {
  const key = provider.hkdfSha256(master, salt, framed('keyFile'), 32);
  try {
    return use(key);
  } finally {
    key.fill(0);
  }
}

function refused(reason: 'malformed' | 'unsupported' | 'other-key' | 'changed'): OpenedSeed {
  return { kind: 'refused', reason };
}
