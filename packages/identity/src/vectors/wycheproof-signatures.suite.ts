/** Wycheproof's EdDSA and ML-DSA. */
import { Cannot, equal, same } from './case.suite.ts';
import { fieldsOf, hex, hexOr, text, type Fields } from './fields.suite.ts';
import type { Representative, SignatureDoor, Subject } from './subject.suite.ts';
import { gives, holds, type Check } from './wycheproof-result.suite.ts';

const eddsaVerified: Check = ({ provider }, test) => {
  const key = fieldsOf(test['publicKey']) ?? fieldsOf(test['key']) ?? {};
  const curve = String(key['curve']);
  if (curve !== 'edwards25519') throw new Cannot(`${curve} is not supported by this build`);
  const verify = () =>
    provider.ed25519.verifyingKey(hex(key, 'pk'))?.verify(hex(test, 'msg'), hex(test, 'sig')) === true;
  holds(test, 'signature', verify);
};

function doorOf(subject: Subject, algorithm: string): SignatureDoor {
  const door = subject.signatures(algorithm);
  if (door === undefined) throw new Cannot(`${algorithm} is not supported by this build`);
  return door;
}

/** The message with its context, or µ where nothing else is given. */
function representative(test: Fields): Representative {
  if (test['msg'] === undefined) return { kind: 'mu', mu: hex(test, 'mu') };
  return { kind: 'message', message: hex(test, 'msg'), context: hexOr(test, 'ctx') };
}

const mlDsaVerified: Check = (subject, test, algorithm) => {
  const door = doorOf(subject, algorithm);
  const pk = () => hex(test, test['publicKey'] === undefined ? 'public_key' : 'publicKey');
  holds(test, 'signature', () => door.verify(pk(), representative(test), hex(test, 'sig')));
};

/** Deterministic, but where randomness is given. */
const mlDsaSigned: Check = (subject, test, algorithm) => {
  const door = doorOf(subject, algorithm);
  const what = representative(test);
  const randomness = test['rnd'] === undefined ? false : hex(test, 'rnd');
  const secret = () => {
    const seed = test['privateSeed'] ?? test['seed'];
    return typeof seed === 'string' ? door.keyPair(hex({ seed }, 'seed')).sk : hex(test, 'privateKey');
  };
  const isValid = text(test, 'result') === 'valid';
  if (isValid) {
    const pk = door.publicKey(secret());
    if (typeof test['publicKey'] === 'string') same('public key', pk, hex(test, 'publicKey'));
    if (what.kind === 'message' && test['mu'] !== undefined) same('mu', muOf(subject, pk, what), hex(test, 'mu'));
    equal('signature verifies', door.verify(pk, what, hex(test, 'sig')), true);
    if (door.signing !== 'exact') {
      equal('own signature verifies', door.verify(pk, what, door.sign(secret(), what, false)), true);
      return;
    }
  }
  gives(test, 'signature', () => door.sign(secret(), what, randomness), hexOr(test, 'sig'));
};

/** Source: FIPS 204 algorithms 2 and 7. */
function muOf({ provider }: Subject, pk: Uint8Array, { message, context }: Representative & { kind: 'message' }) {
  return provider.shake256(64, provider.shake256(64, pk), Uint8Array.of(0, context.length), context, message);
}

/** By the type of the group. */
export const SIGNATURES: Readonly<Record<string, Check>> = {
  EddsaVerify: eddsaVerified,
  EddsaVer: eddsaVerified,
  MlDsaVerify: mlDsaVerified,
  MlDsaSign: mlDsaSigned,
};
