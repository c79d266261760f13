/**
 * Hybrid Public Key Encryption. Sources: RFC 9180 (all four modes) and draft-ietf-hpke-pq-05 (X-Wing, ML-KEM-768, the key derivation function in one
 * stage). Only the order of messages is kept here; who sent them is what a sealed box says.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { provider as defaultProvider } from '#provider';
import { NO_BYTES, type Aead, type CryptoProvider } from '../provider/provider.ts';
import { hpkeKem, KEM_IDS, type HpkeKem, type HpkeSecretKey, type KemName } from './hpke-kem.ts';
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

/** A suite put together. */
export interface HpkeMechanisms {
  readonly kem: HpkeKem;
  readonly kdf: LabelledKdf;
  /** `undefined` where secrets are only exported. */
  readonly cipher: Aead | undefined;
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
  return senderContext(mechanismsOf(suite, provider), publicKey, options);
}

/** `undefined` for what is no encapsulation. @throws TypeError, RangeError for options that do not fit */
export function setUpRecipient(
  suite: HpkeSuite,
  key: HpkeSecretKey,
  encapsulation: Uint8Array,
  options: RecipientOptions = {},
  provider: CryptoProvider = defaultProvider,
): RecipientContext | undefined {
  return recipientContext(mechanismsOf(suite, provider), key, encapsulation, options);
}

/** As {@link setUpSender}, with whatever mechanisms there are. */
export function senderContext(
  mechanisms: HpkeMechanisms,
  publicKey: Uint8Array,
  options: SenderOptions,
): SenderContext | undefined {
  const made = mechanisms.kem.encapsulate(publicKey, options.sender);
  if (made === undefined) return undefined;
  const schedule = scheduled(mechanisms, made.sharedSecret, options, options.sender !== undefined);
  const next = counted(schedule.baseNonce);
  return {
    encapsulation: made.ciphertext,
    seal: (plaintext, associated = NO_BYTES) => {
      const sealed = cipherOf(mechanisms).seal(schedule.key, next.nonce(), plaintext, associated);
      next.advance();
      return sealed;
    },
    exported: exporting(mechanisms, schedule),
  };
}

/** As {@link setUpRecipient}, with whatever mechanisms there are. */
export function recipientContext(
  mechanisms: HpkeMechanisms,
  key: HpkeSecretKey,
  encapsulation: Uint8Array,
  options: RecipientOptions,
): RecipientContext | undefined {
  const secret = key.decapsulate(encapsulation, options.senderPublicKey);
  if (secret === undefined) return undefined;
  const schedule = scheduled(mechanisms, secret, options, options.senderPublicKey !== undefined);
  const next = counted(schedule.baseNonce);
  return {
    open: (ciphertext, associated = NO_BYTES) => {
      const opened = cipherOf(mechanisms).open(schedule.key, next.nonce(), ciphertext, associated);
      if (opened !== undefined) next.advance();
      return opened;
    },
    exported: exporting(mechanisms, schedule),
  };
}

function scheduled(
  { kdf, cipher }: HpkeMechanisms,
  sharedSecret: Uint8Array,
  { info = NO_BYTES, psk }: HpkeOptions,
  isAuthenticated: boolean,
): Schedule {
  if (psk && (psk.secret.length < LEAST_PSK_BYTES || psk.id.length === 0))
    throw new RangeError(`psk: has ${psk.secret.length} bytes, must have ${LEAST_PSK_BYTES} and a name`);
  const mode = (psk ? 1 : 0) + (isAuthenticated ? 2 : 0);
  const secrets = { mode, sharedSecret, info, psk: psk?.secret ?? NO_BYTES, pskId: psk?.id ?? NO_BYTES };
  return kdf.schedule(secrets, cipher?.keyBytes ?? 0, cipher === undefined ? 0 : NONCE_BYTES);
}

function mechanismsOf({ kem, kdf, aead }: HpkeSuite, provider: CryptoProvider): HpkeMechanisms {
  const suiteId = hpkeSuiteId(KEM_IDS[kem], KDF_IDS[kdf], AEAD_IDS[aead]);
  return {
    kem: hpkeKem(kem, provider),
    kdf: labelledKdf(kdf, suiteId, provider),
    cipher: aeadOf(aead, provider),
  };
}

/** `suite_id` of the key schedule. */
export function hpkeSuiteId(...ids: readonly [kem: number, kdf: number, aead: number]): Uint8Array {
  return concatBytes(utf8ToBytes('HPKE'), ...ids.map(twoBytes));
}

/** `undefined` where secrets are only exported. */
export function aeadOf(name: AeadName, provider: CryptoProvider): Aead | undefined {
  switch (name) {
    case 'AES-128-GCM':
      return provider.aes128Gcm;
    case 'AES-256-GCM':
      return provider.aes256Gcm;
    case 'ChaCha20Poly1305':
      return provider.chaCha20Poly1305;
    case 'export-only':
      return undefined;
  }
}

function cipherOf({ cipher }: HpkeMechanisms): Aead {
  if (cipher === undefined) throw new TypeError('aead: this suite only exports secrets');
  return cipher;
}

function exporting({ kdf }: HpkeMechanisms, { exporterSecret }: Schedule): ExportSecret {
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
