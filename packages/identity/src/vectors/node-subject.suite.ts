/** `node:crypto` as a subject. It takes no coins and has no internal interfaces; expanded secret keys it imports. TurboSHAKE, which it lacks, is noble's. */
import { turboshake128, turboshake256 } from '@noble/hashes/sha3-addons.js';
import { concatBytes } from '@noble/hashes/utils.js';
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  getHashes,
  hkdfSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { tagged } from '../provider/der.ts';
import { provider } from '../provider/node.ts';
import type { KeyAgreement } from '../provider/provider.ts';
import { attempt, Cannot } from './case.suite.ts';
import { classical } from './node-classical.suite.ts';
import { ownGcm, schemeOf, type AeadDoor, type KemDoor, type SignatureDoor, type Subject } from './subject.suite.ts';

interface Algorithm {
  /** Last byte of the OBJECT IDENTIFIER; those of one family differ in nothing else. */
  readonly id: number;
  readonly publicBytes: number;
  readonly secretBytes: number;
}

/** Lengths: FIPS 203 table 3, FIPS 204 table 2. */
const KEMS: Readonly<Record<string, Algorithm>> = {
  'ML-KEM-512': { id: 1, publicBytes: 800, secretBytes: 1632 },
  'ML-KEM-768': { id: 2, publicBytes: 1184, secretBytes: 2400 },
  'ML-KEM-1024': { id: 3, publicBytes: 1568, secretBytes: 3168 },
};
const CIPHERTEXT_BYTES: Readonly<Record<string, number>> = {
  ...{ 'ML-KEM-512': 768, 'ML-KEM-768': 1088, 'ML-KEM-1024': 1568 },
};
const ML_DSA: Readonly<Record<string, Algorithm>> = {
  'ML-DSA-44': { id: 17, publicBytes: 1312, secretBytes: 2560 },
  'ML-DSA-65': { id: 18, publicBytes: 1952, secretBytes: 4032 },
  'ML-DSA-87': { id: 19, publicBytes: 2592, secretBytes: 4896 },
};
/** FIPS 205 table 2, in the order of their identifiers, from 20 on. */
const SLH_DSA = ['SHA2', 'SHAKE'].flatMap((hash) =>
  ['128s', '128f', '192s', '192f', '256s', '256f'].map((size) => `SLH-DSA-${hash}-${size}`),
);
const KEM_ARC = '6086480165030404';
const SIGNATURE_ARC = '6086480165030403';

const HASHES: Readonly<Record<string, string>> = {
  ...{ 'SHA-1': 'sha1', 'SHA-224': 'sha224', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' },
  ...{ 'SHA-512/224': 'sha512-224', 'SHA-512/256': 'sha512-256' },
  ...{ 'SHA3-224': 'sha3-224', 'SHA3-256': 'sha3-256', 'SHA3-384': 'sha3-384', 'SHA3-512': 'sha3-512' },
};

/** See {@link Subject}. */
export const subject: Subject = {
  name: 'node',
  provider,
  mlKem: (name) => kemDoor(name),
  signatures: (name) => signatureDoor(name),
  classical,
  hmac: (name) => {
    if (name === 'SHA-256') return provider.hmacSha256;
    const hash = hashOf(name);
    return hash === undefined
      ? undefined
      : (key, message) => Uint8Array.from(createHmac(hash, key).update(message).digest());
  },
  hkdf: (name) => {
    if (name === 'SHA-256') return provider.hkdfSha256;
    const hash = hashOf(name);
    return hash === undefined
      ? undefined
      : (input, salt, info, length) => new Uint8Array(hkdfSync(hash, input, salt, info, length));
  },
  agreement: (name) => {
    if (name === 'X448') return X448;
    return Object.hasOwn(CURVES, name) ? agreementOn(name) : undefined;
  },
  xof: (name) => (Object.hasOwn(XOFS, name) ? XOFS[name] : undefined),
  aead: (name) => {
    if (name === 'CHACHA20-POLY1305') return provider.chaCha20Poly1305;
    return name === 'AES-GCM' ? AES_GCM : undefined;
  },
};

function hashOf(name: string): string | undefined {
  const hash = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined;
  return hash !== undefined && getHashes().some((one) => one.toLowerCase() === hash) ? hash : undefined;
}

/** Names of OpenSSL, and bytes of a point: its first byte and two coordinates. */
const CURVES: Readonly<Record<string, readonly [string, number]>> = {
  'P-256': ['prime256v1', 65],
  'P-384': ['secp384r1', 97],
  'P-521': ['secp521r1', 133],
};

function agreementOn(name: string): KeyAgreement {
  const [curve, publicKeyBytes] = CURVES[name] ?? ['', 0];
  return {
    publicKeyBytes,
    agreementKey: (secret) => {
      const key = createECDH(curve);
      key.setPrivateKey(secret);
      return {
        publicKey: Uint8Array.from(key.getPublicKey()),
        sharedSecret: (publicKey) =>
          publicKey.length === publicKeyBytes
            ? attempt(() => Uint8Array.from(key.computeSecret(publicKey)))
            : undefined,
      };
    },
  };
}

const X448_OID = tagged(0x30, tagged(0x06, Uint8Array.of(0x2b, 0x65, 0x6f)));

const X448: KeyAgreement = {
  publicKeyBytes: 56,
  agreementKey: (secret) => {
    const privateKey = secretKey(X448_OID, exactly('X448 secret', secret, 56), OCTET_STRING);
    return {
      publicKey: rawPublic(privateKey, 56),
      sharedSecret: (bytes) =>
        bytes.length === 56
          ? attempt(() => Uint8Array.from(diffieHellman({ privateKey, publicKey: publicKey(X448_OID, bytes) })))
          : undefined,
    };
  },
};

const XOFS: Readonly<Record<string, (length: number, ...parts: readonly Uint8Array[]) => Uint8Array>> = {
  'SHAKE-128': (length, ...parts) =>
    Uint8Array.from(
      createHash('shake128', { outputLength: length })
        .update(concatBytes(...parts))
        .digest(),
    ),
  'TurboSHAKE-128': (length, ...parts) => turboshake128(concatBytes(...parts), { dkLen: length }),
  'TurboSHAKE-256': (length, ...parts) => turboshake256(concatBytes(...parts), { dkLen: length }),
};

const GCM_OPTIONS = { authTagLength: 16 };
const gcmOf = (key: Uint8Array) => `aes-${String(key.length * 8)}-gcm` as 'aes-256-gcm';

function shortEnough(nonce: Uint8Array): Uint8Array {
  if (nonce.length > 128) throw new Cannot('OpenSSL takes no nonce of more than 128 bytes');
  return nonce;
}

const AES_GCM: AeadDoor = {
  seal: (key, nonce, text, associated) => {
    const own = ownGcm(provider, key, nonce);
    if (own !== undefined) return own.seal(key, nonce, text, associated);
    const state = createCipheriv(gcmOf(key), key, shortEnough(nonce), GCM_OPTIONS);
    state.setAAD(associated, { plaintextLength: text.length });
    return Uint8Array.from(Buffer.concat([state.update(text), state.final(), state.getAuthTag()]));
  },
  open: (key, nonce, sealed, associated) => {
    const own = ownGcm(provider, key, nonce);
    if (own !== undefined) return own.open(key, nonce, sealed, associated);
    return attempt(() => {
      const state = createDecipheriv(gcmOf(key), key, shortEnough(nonce), GCM_OPTIONS);
      state.setAAD(associated, { plaintextLength: sealed.length - 16 });
      state.setAuthTag(sealed.subarray(-16));
      return Uint8Array.from(Buffer.concat([state.update(sealed.subarray(0, -16)), state.final()]));
    });
  },
};

function kemDoor(name: string): KemDoor | undefined {
  const algorithm = Object.hasOwn(KEMS, name) ? KEMS[name] : undefined;
  if (algorithm === undefined) return undefined;
  const oid = identifier(KEM_ARC, algorithm.id);
  const own = name === 'ML-KEM-768' ? provider.mlKem768 : undefined;
  const expanded = (dk: Uint8Array) => secretKey(oid, exactly('dk', dk, algorithm.secretBytes), OCTET_STRING);
  return {
    keyPair: (seed) => {
      const key = secretKey(oid, exactly('seed', seed, 64), SEED);
      const ek = rawPublic(key, algorithm.publicBytes);
      return { ek: own?.decapsulationKey(seed).publicKey ?? ek, dk: rawSecret(key, algorithm.secretBytes) };
    },
    decapsulate: (dk, ciphertext) =>
      Uint8Array.from(decapsulate(expanded(dk), exactly('c', ciphertext, CIPHERTEXT_BYTES[name] ?? 0))),
    encapsulate: (ek, coins) => {
      exactly('m', coins, 32);
      const made = own?.encapsulate(ek);
      if (made !== undefined) return { ciphertext: made.ciphertext, secret: made.sharedSecret, isFresh: true };
      if (own !== undefined) throw new Error('encapsulation key: refused');
      const { ciphertext, sharedKey } = encapsulate(publicKey(oid, exactly('ek', ek, algorithm.publicBytes)));
      return { ciphertext: Uint8Array.from(ciphertext), secret: Uint8Array.from(sharedKey), isFresh: true };
    },
    acceptsDk: (dk) => attempt(() => expanded(dk)) !== undefined,
  };
}

function signatureDoor(name: string): SignatureDoor | undefined {
  const mlDsa = Object.hasOwn(ML_DSA, name) ? ML_DSA[name] : undefined;
  const place = SLH_DSA.indexOf(name);
  if (mlDsa === undefined && place < 0) return undefined;
  const oid = identifier(SIGNATURE_ARC, mlDsa?.id ?? 20 + place);
  const half = Number(/-(\d+)[sf]$/.exec(name)?.[1] ?? 0) / 8;
  const publicBytes = mlDsa?.publicBytes ?? 2 * half;
  const own = schemeOf(provider, name);
  const imported = (sk: Uint8Array) =>
    secretKey(oid, exactly('sk', sk, mlDsa?.secretBytes ?? 4 * half), mlDsa ? OCTET_STRING : undefined);
  return {
    keyPair: (seed) => {
      if (own === undefined) throw new Cannot('node:crypto makes no SLH-DSA key from a seed');
      const pk = own.signingKey(seed).publicKey;
      if (mlDsa === undefined) return { pk, sk: Uint8Array.from([...seed, ...pk.subarray(half)]) };
      return { pk, sk: rawSecret(secretKey(oid, exactly('seed', seed, 32), SEED), mlDsa.secretBytes) };
    },
    publicKey: (sk) => rawPublic(imported(sk), publicBytes),
    verify: (pk, what, signature) => {
      if (what.kind !== 'message') throw new Cannot('node:crypto has no internal interface');
      const { message, context } = what;
      if (own !== undefined) return own.verifyingKey(pk)?.verify(message, signature, { context }) === true;
      const key = publicKey(oid, exactly('pk', pk, publicBytes));
      return attempt(() => verify(null, message, { key, context }, signature)) === true;
    },
    sign: (sk, what) => {
      const { message, context } = what.kind === 'message' ? what : { message: undefined, context: undefined };
      if (message === undefined) throw new Cannot('node:crypto has no internal interface');
      return Uint8Array.from(sign(null, message, { key: imported(sk), context }));
    },
    signing: mlDsa === undefined ? 'slow' : 'fresh',
  };
}

const SEED = 0x80;
const OCTET_STRING = 0x04;

function identifier(arc: string, id: number): Uint8Array {
  return tagged(0x30, tagged(0x06, Buffer.from(arc, 'hex'), Uint8Array.of(id)));
}

function publicKey(oid: Uint8Array, raw: Uint8Array): KeyObject {
  const der = tagged(0x30, oid, tagged(0x03, Uint8Array.of(0), raw));
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
}

function secretKey(oid: Uint8Array, raw: Uint8Array, tag: number | undefined): KeyObject {
  const inner = tag === undefined ? raw : tagged(tag, raw);
  const der = tagged(0x30, Uint8Array.of(2, 1, 0), oid, tagged(OCTET_STRING, inner));
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

function rawPublic(key: KeyObject, length: number): Uint8Array {
  return Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-length));
}

/** OpenSSL writes the seed and behind it the expanded key. */
function rawSecret(key: KeyObject, length: number): Uint8Array {
  return Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' }).subarray(-length));
}

function exactly(what: string, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${what}: has ${bytes.length} bytes, must have ${length}`);
  return bytes;
}
