/**
 * Hybrid Public Key Encryption. Sources: RFC 9180 (all four modes) and draft-ietf-hpke-pq-05 (X-Wing, ML-KEM-768, the key derivation function in one
 * stage). Only the order of messages is kept here; who sent them is what a sealed box says.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { provider as defaultProvider } from '#provider';
import { NO_BYTES, type Aead, type CryptoProvider } from '../provider/provider.ts';
import { hpkeKem, KEM_IDS, type HpkeSecretKey, type KemName } from './hpke-kem.ts';
import { KDF_IDS, labelledKdf, twoBytes, type KdfName, type LabelledKdf, type Schedule } from './labelled-kdf.ts';

/** HPKE's identifiers of ciphers. Source: https://www.iana.org/assignments/hpke */
export const AEAD_IDS = {
  'AES-128-GCM': 0x0001,
  'AES-256-GCM': 0x0002,
  ChaCha20Poly1305: 0x0003,
  'export-only': 0xffff,
} as const;

/** Name of a cipher. */
export type AeadName = keyof typeof AEAD_IDS;

/** What a context is made with. */
export interface HpkeSuite {
  readonly kem: KemName;
  readonly kdf: KdfName;
  readonly aead: AeadName;
}

/** What both sides have to say alike. */
export interface HpkeOptions {
  /** What the messages are about; default nothing. */
  readonly info?: Uint8Array;
  /** A secret of at least 32 bytes that both sides have already, and its name. */
  readonly psk?: { readonly secret: Uint8Array; readonly id: Uint8Array };
}

/** What the sender may say in addition. */
export interface SenderOptions extends HpkeOptions {
  /** Its own key, of mechanisms that authenticate the sender. */
  readonly sender?: HpkeSecretKey;
}

/** What the recipient may ask for in addition. */
export interface RecipientOptions extends HpkeOptions {
  /** Public key of whom it must be from. */
  readonly senderPublicKey?: Uint8Array;
}

/** A secret for uses other than messages. RFC 9180 section 5.3. @throws RangeError for more bytes than the function gives */
export type ExportSecret = (context: Uint8Array, length: number) => Uint8Array;

/** Seals messages one after the other. */
export interface SenderContext {
  readonly encapsulation: Uint8Array;
  /** @throws TypeError where the suite only exports */
  readonly seal: (plaintext: Uint8Array, associated?: Uint8Array) => Uint8Array;
  readonly exported: ExportSecret;
}

/** Opens messages in the order in which they were sealed. */
export interface RecipientContext {
  /** `undefined` for what is not the next message; the same one may be tried again. @throws TypeError where the suite only exports */
  readonly open: (ciphertext: Uint8Array, associated?: Uint8Array) => Uint8Array | undefined;
  readonly exported: ExportSecret;
}

const NONCE_BYTES = 12;
const LEAST_PSK_BYTES = 32;

/** `undefined` for what is no public key. @throws TypeError, RangeError for options that do not fit */
export function setUpSender(
  suite: HpkeSuite,
  publicKey: Uint8Array,
  options: SenderOptions = {},
  provider: CryptoProvider = defaultProvider,
): SenderContext | undefined {
  const made = hpkeKem(suite.kem, provider).encapsulate(publicKey, options.sender);
  if (made === undefined) return undefined;
  const { schedule, kdf } = scheduled(suite, made.sharedSecret, options, options.sender !== undefined, provider);
  const next = counted(schedule.baseNonce);
  return {
    encapsulation: made.ciphertext,
    seal: (plaintext, associated = NO_BYTES) => {
      const sealed = cipherOf(suite, provider).seal(schedule.key, next.nonce(), plaintext, associated);
      next.advance();
      return sealed;
    },
    exported: exporting(kdf, schedule),
  };
}

/** `undefined` for what is no encapsulation. @throws TypeError, RangeError for options that do not fit */
export function setUpRecipient(
  suite: HpkeSuite,
  key: HpkeSecretKey,
  encapsulation: Uint8Array,
  options: RecipientOptions = {},
  provider: CryptoProvider = defaultProvider,
): RecipientContext | undefined {
  const secret = key.decapsulate(encapsulation, options.senderPublicKey);
  if (secret === undefined) return undefined;
  const { schedule, kdf } = scheduled(suite, secret, options, options.senderPublicKey !== undefined, provider);
  const next = counted(schedule.baseNonce);
  return {
    open: (ciphertext, associated = NO_BYTES) => {
      const opened = cipherOf(suite, provider).open(schedule.key, next.nonce(), ciphertext, associated);
      if (opened !== undefined) next.advance();
      return opened;
    },
    exported: exporting(kdf, schedule),
  };
}

function scheduled(
  suite: HpkeSuite,
  sharedSecret: Uint8Array,
  { info = NO_BYTES, psk }: HpkeOptions,
  isAuthenticated: boolean,
  provider: CryptoProvider,
): { readonly schedule: Schedule; readonly kdf: LabelledKdf } {
  if (psk && (psk.secret.length < LEAST_PSK_BYTES || psk.id.length === 0))
    throw new RangeError(`psk: has ${psk.secret.length} bytes, must have ${LEAST_PSK_BYTES} and a name`);
  const kdf = labelledKdf(suite.kdf, suiteIdOf(suite), provider);
  const mode = (psk ? 1 : 0) + (isAuthenticated ? 2 : 0);
  const secrets = { mode, sharedSecret, info, psk: psk?.secret ?? NO_BYTES, pskId: psk?.id ?? NO_BYTES };
  const isExportOnly = suite.aead === 'export-only';
  const keyBytes = isExportOnly ? 0 : cipherOf(suite, provider).keyBytes;
  return { schedule: kdf.schedule(secrets, keyBytes, isExportOnly ? 0 : NONCE_BYTES), kdf };
}

function suiteIdOf({ kem, kdf, aead }: HpkeSuite): Uint8Array {
  const ids = [KEM_IDS[kem], KDF_IDS[kdf], AEAD_IDS[aead]];
  return concatBytes(utf8ToBytes('HPKE'), ...ids.map(twoBytes));
}

function cipherOf({ aead }: HpkeSuite, provider: CryptoProvider): Aead {
  switch (aead) {
    case 'AES-128-GCM':
      return provider.aes128Gcm;
    case 'AES-256-GCM':
      return provider.aes256Gcm;
    case 'ChaCha20Poly1305':
      return provider.chaCha20Poly1305;
    case 'export-only':
      throw new TypeError('aead: this suite only exports secrets');
  }
}

function exporting(kdf: LabelledKdf, { exporterSecret }: Schedule): ExportSecret {
  return (context, length) => kdf.exported(exporterSecret, context, length);
}

/** The nonce of each message: the base nonce with the sequence number on its last bytes. RFC 9180 section 5.2. */
function counted(base: Uint8Array): { readonly nonce: () => Uint8Array; readonly advance: () => void } {
  let sequence = 0n;
  return {
    nonce: () => {
      const nonce = Uint8Array.from(base);
      for (let at = nonce.length - 1, rest = sequence; rest > 0n; at--, rest >>= 8n)
        nonce[at] = (nonce[at] as number) ^ Number(rest & 0xffn);
      return nonce;
    },
    advance: () => {
      // 2^96 − 1 messages are out of reach of this counter.
      sequence += 1n;
    },
  };
}
