/** Signatures of `node:crypto` that stand beside ML-DSA in composites. Source: draft-ietf-lamps-pq-composite-sigs, section 6. */
import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { tagged } from '../provider/der.ts';
import { attempt } from './case.suite.ts';
import type { Subject } from './subject.suite.ts';

/** The curve's OBJECT IDENTIFIER, and the hash. */
const ECDSA: Readonly<Record<string, readonly [string, string]>> = {
  'ECDSA-P256': ['2a8648ce3d030107', 'sha256'],
  'ECDSA-P384': ['2b81040022', 'sha384'],
  'ECDSA-P521': ['2b81040023', 'sha512'],
  'ECDSA-brainpoolP256r1': ['2b2403030208010107', 'sha256'],
  'ECDSA-brainpoolP384r1': ['2b240303020801010b', 'sha384'],
};
const EC_PUBLIC_KEY = '2a8648ce3d0201';
const ED448 = '2b6571';

/** See {@link Subject}. */
export const classical: Subject['classical'] = (name) => {
  const [curve, hash] = (Object.hasOwn(ECDSA, name) ? ECDSA[name] : undefined) ?? [];
  if (curve !== undefined && hash !== undefined)
    return (pk, message, signature) =>
      holds(() => verify(hash, message, publicKey(pk, EC_PUBLIC_KEY, curve), signature));
  if (name === 'Ed448')
    return (pk, message, signature) => holds(() => verify(null, message, publicKey(pk, ED448), signature));
  const [, size, padding] = /^RSA(\d+)-(PSS|PKCS15)$/.exec(name) ?? [];
  return size === undefined ? undefined : rsa(Number(size), padding === 'PSS');
};

/** Keys of 4096 bits come with SHA-384, salts are as long as hashes. */
function rsa(bits: number, isPss: boolean): ReturnType<Subject['classical']> {
  const [hash, saltLength] = bits === 4096 ? ['sha384', 48] : ['sha256', 32];
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return (pk, message, signature) =>
    holds(() => {
      const key = createPublicKey({ key: Buffer.from(pk), format: 'der', type: 'pkcs1' });
      if (key.asymmetricKeyDetails?.modulusLength !== bits) return false;
      return verify(
        hash as string,
        message,
        { key, padding, ...(isPss && { saltLength: saltLength as number }) },
        signature,
      );
    });
}

function publicKey(raw: Uint8Array, ...oids: readonly string[]): KeyObject {
  const identifier = tagged(0x30, ...oids.map((oid) => tagged(0x06, Buffer.from(oid, 'hex'))));
  const der = tagged(0x30, identifier, tagged(0x03, Uint8Array.of(0), raw));
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
}

function holds(check: () => boolean): boolean {
  return attempt(check) === true;
}
