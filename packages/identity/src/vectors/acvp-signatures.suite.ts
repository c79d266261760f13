/** ACVP of ML-DSA (FIPS 204) and SLH-DSA (FIPS 205): keyGen, sigGen and sigVer, with external and internal interface, pre-hashed and with external µ. */
import { concatBytes } from '@noble/hashes/utils.js';
import { Cannot, equal, same, unsupported, type Case } from './case.suite.ts';
import { flag, hex, hexOr, text, type Fields } from './fields.suite.ts';
import { preHashed } from './pre-hash.suite.ts';
import type { Representative, SignatureDoor } from './subject.suite.ts';

/** A case of one of the modes. */
export function signatureCase(id: string, algorithm: string, mode: string, test: Fields): Case {
  const check = Object.hasOwn(CHECKS, mode) ? CHECKS[mode] : undefined;
  if (check === undefined) return unsupported(id, `${algorithm} ${mode}`);
  return {
    id,
    check: (subject) => {
      const set = text(test, 'parameterSet');
      const door = subject.signatures(set);
      if (door === undefined) throw new Cannot(`${set} is not supported by this build`);
      check(door, test);
    },
  };
}

const CHECKS: Readonly<Record<string, (door: SignatureDoor, test: Fields) => void>> = {
  keyGen: (door, test) => {
    const seed =
      test['seed'] === undefined
        ? concatBytes(hex(test, 'skSeed'), hex(test, 'skPrf'), hex(test, 'pkSeed'))
        : hex(test, 'seed');
    const { pk, sk } = door.keyPair(seed);
    same('pk', pk, hex(test, 'pk'));
    same('sk', sk, hex(test, 'sk'));
  },
  sigGen: (door, test) => {
    const [sk, what, expected] = [keyOf(door, test), representative(test), hex(test, 'signature')];
    const pk = door.publicKey(sk);
    if (test['pk'] !== undefined) same('pk', pk, hex(test, 'pk'));
    equal('signature verifies', door.verify(pk, what, expected), true);
    if (door.signing === 'slow') return;
    if (door.signing === 'fresh')
      return equal('own signature verifies', door.verify(pk, what, door.sign(sk, what, false)), true);
    same('signature', door.sign(sk, what, randomness(test)), expected);
  },
  sigVer: (door, test) => {
    const verified = door.verify(hex(test, 'pk'), representative(test), hex(test, 'signature'));
    equal('verifies', verified, flag(test, 'testPassed'));
  },
};

/** Expanded, or as the seed that it is made of. */
function keyOf(door: SignatureDoor, test: Fields): Uint8Array {
  return test['keyFormat'] === 'seed' ? door.keyPair(hex(test, 'seed')).sk : hex(test, 'sk');
}

/** Files from before there was a choice know the internal interface alone. */
function representative(test: Fields): Representative {
  if (test['externalMu'] === true) return { kind: 'mu', mu: hex(test, 'mu') };
  const message = hex(test, 'message');
  const isExternal = test['signatureInterface'] === 'external' || test['context'] !== undefined;
  if (!isExternal) return { kind: 'internal', message };
  const context = hexOr(test, 'context');
  if (test['preHash'] !== 'preHash') return { kind: 'message', message, context };
  return { kind: 'internal', message: preHashed(text(test, 'hashAlg'), message, context) };
}

function randomness(test: Fields): Uint8Array | false {
  if (test['deterministic'] === true) return false;
  return test['rnd'] === undefined ? hex(test, 'additionalRandomness') : hex(test, 'rnd');
}
