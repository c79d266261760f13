/** The key encapsulation mechanisms of HPKE that are used here: DHKEM(X25519, HKDF-SHA256) of RFC 9180, X-Wing and ML-KEM-768 of draft-ietf-hpke-pq-05. */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  NO_BYTES,
  requireBytes,
  type AgreementKey,
  type CryptoProvider,
  type Encapsulation,
  type Kem,
} from '../provider/provider.ts';
import { hkdfSha256, labelledDerive, twoBytes, type TwoStageParts } from './labelled-kdf.ts';
import { xWing } from './x-wing.ts';

/** HPKE's identifiers of key encapsulation mechanisms. Source: https://www.iana.org/assignments/hpke */
export const KEM_IDS = { X25519: 0x0020, 'ML-KEM-768': 0x0041, 'X-Wing': 0x647a } as const;

/** Name of a key encapsulation mechanism. */
export type KemName = keyof typeof KEM_IDS;

/** A mechanism as HPKE uses it. */
export interface HpkeKem {
  /** DeriveKeyPair: the secret key, as it is serialised. */
  readonly deriveSecret: (input: Uint8Array) => Uint8Array;
  /** @throws RangeError for a secret of another length */
  readonly secretKey: (secret: Uint8Array) => HpkeSecretKey;
  /**
   * `undefined` for what is no public key.
   * @throws TypeError where a sender is given and the mechanism has no authentication of its own
   */
  readonly encapsulate: (publicKey: Uint8Array, sender?: HpkeSecretKey) => Encapsulation | undefined;
}

/** A secret key that is ready to decapsulate, and where the mechanism has authentication to send. */
export interface HpkeSecretKey {
  readonly publicKey: Uint8Array;
  /** `undefined` for what is no encapsulation, or no public key of a sender. @throws TypeError as {@link HpkeKem.encapsulate} */
  readonly decapsulate: (encapsulation: Uint8Array, senderPublicKey?: Uint8Array) => Uint8Array | undefined;
  /** Diffie–Hellman, which authentication rests on. */
  readonly agreement?: AgreementKey;
}

/** See {@link HpkeKem}. */
export function hpkeKem(name: KemName, provider: CryptoProvider): HpkeKem {
  const suiteId = kemSuiteId(KEM_IDS[name]);
  if (name === 'X25519') return dhKem(x25519(provider), hkdfSha256(suiteId, provider), provider);
  return unauthenticated(name === 'X-Wing' ? xWing(provider) : provider.mlKem768, suiteId, provider);
}

/** `suite_id` within a mechanism. */
export function kemSuiteId(id: number): Uint8Array {
  return concatBytes(utf8ToBytes('KEM'), twoBytes(id));
}

/** A mechanism without authentication of its own. Section 4 of draft-ietf-hpke-pq-05. */
export function unauthenticated(kem: Kem, suiteId: Uint8Array, { shake256 }: CryptoProvider): HpkeKem {
  const labels = { suiteId, label: 'DeriveKeyPair', context: NO_BYTES };
  return {
    deriveSecret: (input) => labelledDerive(input, labels, kem.seedBytes, shake256),
    secretKey: (secret) => {
      const { publicKey, decapsulate } = kem.decapsulationKey(secret);
      return { publicKey, decapsulate: (text, sender) => decapsulate(withoutSender(text, sender)) };
    },
    encapsulate: (publicKey, sender) => kem.encapsulate(withoutSender(publicKey, sender)),
  };
}

function withoutSender(bytes: Uint8Array, sender: unknown): Uint8Array {
  if (sender !== undefined) throw new TypeError('sender: this key encapsulation mechanism authenticates none');
  return bytes;
}

/** What a mechanism on Diffie–Hellman is made of. */
export interface DhGroup {
  /** Nsk, and Nsecret, in bytes. */
  readonly secretBytes: number;
  readonly sharedSecretBytes: number;
  readonly agreementKey: (secret: Uint8Array) => AgreementKey;
  /** Makes a secret key of what is expanded for a label. RFC 9180 section 7.1.3. */
  readonly deriveSecret: (expand: (label: string, info: Uint8Array) => Uint8Array) => Uint8Array;
}

function x25519({ x25519: { agreementKey } }: CryptoProvider): DhGroup {
  return {
    ...{ secretBytes: 32, sharedSecretBytes: 32 },
    agreementKey: (secret) => agreementKey(requireBytes('X25519 secret', secret, 32)),
    deriveSecret: (expand) => expand('sk', NO_BYTES),
  };
}

/** RFC 9180 section 4.1. */
export function dhKem(
  { secretBytes, sharedSecretBytes, agreementKey, deriveSecret }: DhGroup,
  { extract, expand }: TwoStageParts,
  { randomBytes }: Pick<CryptoProvider, 'randomBytes'>,
): HpkeKem {
  const derived = (input: Uint8Array) => {
    const secret = extract(NO_BYTES, 'dkp_prk', input);
    return deriveSecret((label, info) => expand(secret, label, info, secretBytes));
  };
  const secretOf = (agreed: readonly (Uint8Array | undefined)[], context: readonly Uint8Array[]) => {
    const known = agreed.filter((one) => one !== undefined);
    if (known.length !== agreed.length) return undefined;
    const secret = extract(NO_BYTES, 'eae_prk', concatBytes(...known));
    return expand(secret, 'shared_secret', concatBytes(...context), sharedSecretBytes);
  };
  return {
    deriveSecret: derived,
    secretKey: (secret) => {
      const own = agreementKey(secret);
      return {
        publicKey: own.publicKey,
        agreement: own,
        decapsulate: (encapsulation, sender) =>
          secretOf([encapsulation, ...(sender ? [sender] : [])].map(own.sharedSecret), [
            encapsulation,
            own.publicKey,
            sender ?? NO_BYTES,
          ]),
      };
    },
    encapsulate: (publicKey, sender) => {
      const ephemeral = agreementKey(derived(randomBytes(secretBytes)));
      const keys = [ephemeral, ...(sender ? [agreementOf(sender)] : [])];
      const sharedSecret = secretOf(
        keys.map((key) => key.sharedSecret(publicKey)),
        [ephemeral.publicKey, publicKey, sender?.publicKey ?? NO_BYTES],
      );
      return sharedSecret && { ciphertext: ephemeral.publicKey, sharedSecret };
    },
  };
}

function agreementOf({ agreement }: HpkeSecretKey): AgreementKey {
  if (agreement === undefined) throw new TypeError('sender: is no key of Diffie–Hellman');
  return agreement;
}
