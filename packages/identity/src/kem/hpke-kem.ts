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
import { labelledDerive, twoBytes, twoStageParts } from './labelled-kdf.ts';
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
  const suiteId = concatBytes(utf8ToBytes('KEM'), twoBytes(KEM_IDS[name]));
  if (name === 'X25519') return dhKem(suiteId, provider);
  return unauthenticated(name === 'X-Wing' ? xWing(provider) : provider.mlKem768, suiteId, provider);
}

/** Section 4 of draft-ietf-hpke-pq-05: no authentication of their own. */
function unauthenticated(kem: Kem, suiteId: Uint8Array, provider: CryptoProvider): HpkeKem {
  const labels = { suiteId, label: 'DeriveKeyPair', context: NO_BYTES };
  return {
    deriveSecret: (input) => labelledDerive(input, labels, kem.seedBytes, provider),
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

/** RFC 9180 section 4.1. */
function dhKem(suiteId: Uint8Array, provider: CryptoProvider): HpkeKem {
  const { extract, expand } = twoStageParts('HKDF-SHA256', suiteId, provider);
  const { agreementKey } = provider.x25519;
  const deriveSecret = (input: Uint8Array) => expand(extract(NO_BYTES, 'dkp_prk', input), 'sk', NO_BYTES, 32);
  const secretOf = (agreed: readonly (Uint8Array | undefined)[], context: readonly Uint8Array[]) => {
    const known = agreed.filter((one) => one !== undefined);
    if (known.length !== agreed.length) return undefined;
    return expand(extract(NO_BYTES, 'eae_prk', concatBytes(...known)), 'shared_secret', concatBytes(...context), 32);
  };
  return {
    deriveSecret,
    secretKey: (secret) => {
      const own = agreementKey(requireBytes('X25519 secret', secret, 32));
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
      const ephemeral = agreementKey(deriveSecret(provider.randomBytes(32)));
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
  if (agreement === undefined) throw new TypeError('sender: is no key of X25519');
  return agreement;
}
