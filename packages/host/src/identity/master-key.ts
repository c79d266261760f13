/**
 * The key that all seeds of a keystore are sealed with, itself sealed with a passphrase. Whoever has the header guesses passphrases at the price that argon2id asks;
 * a new passphrase means a new header and leaves the sealed seeds alone.
 */
import { argon2Sync } from 'node:crypto';
import {
  canonicalBytes,
  framed,
  fromBase64Url,
  parseJsonBytes,
  provider,
  toBase64Url,
  type JsonObject,
  type JsonValue,
} from '@aia/identity';

/** Costs of argon2id. */
export interface Argon2Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The second recommended option of RFC 9106 section 4, above OWASP's minimum (19 MiB, 2 passes, 1 lane): about 0.2 s here. */
export const ARGON2_COST: Argon2Cost = { memoryKiB: 65_536, passes: 3, lanes: 4 };

/** What a header may ask for: from OWASP's minimum to what a machine can spare, so that a changed header neither weakens nor exhausts. */
const BOUNDS: Readonly<Record<keyof Argon2Cost, readonly [least: number, most: number]>> = {
  memoryKiB: [19_456, 1_048_576],
  passes: [1, 16],
  lanes: [1, 16],
};

const MASTER_BYTES = 32;
const SALT_BYTES = 16;
const FORMAT = 'aia-keystore';
const VERSION = 1;
const NAMES: ReadonlySet<string> = new Set([
  'format',
  'version',
  'kdf',
  'aead',
  'salt',
  'sealed',
  ...Object.keys(BOUNDS),
]);
/** Every sealing key is made for one sealing, by a salt of its own. */
const NONCE = new Uint8Array(12);

/** A header that seals a master key with a passphrase. */
export function sealMasterKey(master: Uint8Array, passphrase: string, cost: Argon2Cost = ARGON2_COST): Uint8Array {
  const salt = provider.randomBytes(SALT_BYTES);
  const header = { format: FORMAT, version: VERSION, kdf: 'argon2id', aead: 'ChaCha20-Poly1305', ...cost };
  const bound: JsonObject = { ...header, salt: toBase64Url(salt) };
  const sealed = withKey(passphrase, salt, cost, (key) =>
    provider.chaCha20Poly1305.seal(key, NONCE, master, associated(bound)),
  );
  return canonicalBytes({ ...bound, sealed: toBase64Url(sealed) });
}

/** The master key, or why not. A wrong passphrase and a changed header look alike, since only the right passphrase could tell them apart. */
export type OpenedMasterKey =
  | { readonly kind: 'opened'; readonly master: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'unsupported' | 'wrong-passphrase-or-changed' };

/** Opens what {@link sealMasterKey} made. Never throws, whatever it is given. */
export function openMasterKey(text: Uint8Array, passphrase: string): OpenedMasterKey {
  const header = readHeader(text);
  if (typeof header === 'string') return { kind: 'refused', reason: header };
  const { bound, salt, sealed, cost } = header;
  const master = withKey(passphrase, salt, cost, (key) =>
    provider.chaCha20Poly1305.open(key, NONCE, sealed, associated(bound)),
  );
  return master === undefined ? { kind: 'refused', reason: 'wrong-passphrase-or-changed' } : { kind: 'opened', master };
}

interface Header {
  readonly bound: JsonObject;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
  readonly cost: Argon2Cost;
}

function readHeader(text: Uint8Array): Header | 'malformed' | 'unsupported' {
  const parsed = parseJsonBytes(text, { most: 4096, depth: 2 });
  if (parsed.kind === 'refused' || !isObject(parsed.value)) return 'malformed';
  const { sealed: sealedText, ...bound } = parsed.value;
  if (bound.format !== FORMAT) return 'malformed';
  if (bound.version !== VERSION || bound.kdf !== 'argon2id' || bound.aead !== 'ChaCha20-Poly1305') return 'unsupported';
  if (Object.keys(parsed.value).length !== NAMES.size || !Object.keys(parsed.value).every((name) => NAMES.has(name)))
    return 'malformed';
  const [salt, sealed] = [bytesOf(bound.salt), bytesOf(sealedText)];
  if (salt?.length !== SALT_BYTES || sealed?.length !== MASTER_BYTES + 16) return 'malformed';
  const cost = costOf(bound);
  return cost === undefined ? 'unsupported' : { bound, salt, sealed, cost };
}

function costOf(bound: JsonObject): Argon2Cost | undefined {
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = bound[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) return undefined;
  }
  const { memoryKiB, passes, lanes } = bound as unknown as Argon2Cost;
  return { memoryKiB, passes, lanes };
}

/** Uses a key made from a passphrase, and clears it. */
function withKey<T>(passphrase: string, nonce: Uint8Array, cost: Argon2Cost, use: (key: Uint8Array) => T): T {
  const message = Buffer.from(prepared(passphrase), 'utf8');
  const { memoryKiB: memory, passes, lanes: parallelism } = cost;
  let key: Uint8Array | undefined;
  try {
    key = argon2Sync('argon2id', { message, nonce, memory, passes, parallelism, tagLength: 32 });
    return use(key);
  } finally {
    message.fill(0);
    key?.fill(0);
  }
}

/** The same whichever keyboard composes its letters. Source: RFC 8265 section 4.2.2, OpaqueString */
function prepared(passphrase: string): string {
  return passphrase.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

function associated(header: JsonObject): Uint8Array {
  return framed('keystore', canonicalBytes(header));
}

function bytesOf(value: JsonValue | undefined): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64Url(value) : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
