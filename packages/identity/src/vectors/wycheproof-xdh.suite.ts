/** Wycheproof's X25519, with keys as bytes, in DER, PEM and as JWK. Keys in DER are taken in the one encoding of RFC 8410 and no other. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { base64, base64urlnopad } from '@scure/base';
import { didKey, documentOfDidKey } from '../did/key.ts';
import { fromMultikey } from '../encoding/multikey.ts';
import { Cannot } from './case.suite.ts';
import { fieldsOf, fromHex, hex, hexOr, listOf, text, type Fields } from './fields.suite.ts';
import { gives, type Check } from './wycheproof-result.suite.ts';

type Reading = (test: Fields, name: 'public' | 'private') => Uint8Array;

/** Everything before the 32 bytes of a key. */
const HEADERS = {
  public: hexToBytes('302a300506032b656e032100'),
  private: hexToBytes('302e020100300506032b656e04220420'),
};

function agreed(read: Reading): Check {
  return ({ provider }, test) => {
    const curve = String(test['curve']);
    if (curve !== 'curve25519') throw new Cannot(`${curve} is not supported by this build`);
    const calculate = () => provider.x25519.agreementKey(read(test, 'private')).sharedSecret(read(test, 'public'));
    gives(test, 'shared secret', calculate, hex(test, 'shared'));
  };
}

function unwrapped(der: Uint8Array, kind: 'public' | 'private'): Uint8Array {
  const header = HEADERS[kind];
  if (der.length !== header.length + 32 || header.some((byte, i) => der[i] !== byte))
    throw new Error(`${kind} key: is no X25519 key in DER`);
  return der.subarray(header.length);
}

const fromPem: Reading = (test, name) => {
  const label = name === 'public' ? 'PUBLIC KEY' : 'PRIVATE KEY';
  const pattern = new RegExp(`^-----BEGIN ${label}-----\\s([\\s\\S]*?)\\s-----END ${label}-----\\s*$`);
  return unwrapped(base64.decode((pattern.exec(text(test, name))?.[1] ?? '').replace(/\s/g, '')), name);
};

const fromJwk: Reading = (test, name) => {
  const jwk = fieldsOf(test[name]) ?? {};
  if (jwk['kty'] !== 'OKP' || jwk['crv'] !== 'X25519') throw new Error(`${name} key: is no JWK of X25519`);
  return base64urlnopad.decode(text(jwk, name === 'public' ? 'x' : 'd'));
};

/** The key agreement key of a did:key, which is made of the key that signs. */
const converted: Check = ({ provider }, test) => {
  if (test['edwardsCurve'] !== 'edwards25519')
    throw new Cannot(`${String(test['edwardsCurve'])} is not supported by this build`);
  const convert = () => {
    const did = didKey({ kind: 'Ed25519', bytes: hex(test, 'publicKey') });
    const [method] = listOf((documentOfDidKey(did, provider) as Fields | undefined)?.['keyAgreement']);
    return method && fromMultikey(text(method, 'publicKeyMultibase'))?.bytes;
  };
  gives(test, 'converted key', convert, hexOr(test, 'convertedPublicKey'));
};

/** By the type of the group. */
export const XDH: Readonly<Record<string, Check>> = {
  ...{ XdhComp: agreed(hex), XDHComp: agreed(hex) },
  XdhAsnComp: agreed((test, name) => unwrapped(fromHex(name, text(test, name)), name)),
  XdhPemComp: agreed(fromPem),
  XdhJwkComp: agreed(fromJwk),
  EddsaToXdh: converted,
};
