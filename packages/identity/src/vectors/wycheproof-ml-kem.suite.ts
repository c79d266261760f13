/** Wycheproof's ML-KEM: keys from seeds, encapsulation with given coins, decapsulation with seeds and with expanded keys. */
import { Cannot, same } from './case.suite.ts';
import { hex, hexOr, text, type Fields } from './fields.suite.ts';
import type { KemDoor, Subject } from './subject.suite.ts';
import { gives, holds, type Check } from './wycheproof-result.suite.ts';

function doorOf(subject: Subject, test: Fields): KemDoor {
  const door = subject.mlKem(text(test, 'parameterSet'));
  if (door === undefined) throw new Cannot(`${text(test, 'parameterSet')} is not supported by this build`);
  return door;
}

/** A key from the seed, whose encapsulation key is as expected, and what it makes of the ciphertext. */
const fromSeed: Check = (subject, test) => {
  const door = doorOf(subject, test);
  const decapsulate = () => {
    const { ek, dk } = door.keyPair(hex(test, 'seed'));
    if (test['ek'] !== undefined && test['result'] === 'valid') same('ek', ek, hex(test, 'ek'));
    return door.decapsulate(dk, hex(test, 'c'));
  };
  gives(test, 'K', decapsulate, hexOr(test, 'K'));
};

const fromExpanded: Check = (subject, test) => {
  const door = doorOf(subject, test);
  const decapsulate = () => door.decapsulate(hex(test, 'dk'), hex(test, 'c'));
  if (test['K'] === undefined) holds(test, 'decapsulation', () => decapsulate().length === 32);
  else gives(test, 'K', decapsulate, hex(test, 'K'));
};

const encapsulated: Check = (subject, test) => {
  const door = doorOf(subject, test);
  if (test['result'] !== 'valid') {
    holds(test, 'encapsulation', () => door.encapsulate(hex(test, 'ek'), hex(test, 'm')).secret.length === 32);
    return;
  }
  const { ciphertext, secret, isFresh } = door.encapsulate(hex(test, 'ek'), hex(test, 'm'));
  // The key was taken; what it gives cannot be foreseen.
  if (isFresh) return;
  same('c', ciphertext, hex(test, 'c'));
  same('K', secret, hex(test, 'K'));
};

const generated: Check = (subject, test) => {
  const door = doorOf(subject, test);
  gives(test, 'ek', () => door.keyPair(hex(test, 'seed')).ek, hexOr(test, 'ek'));
  if (test['dk'] !== undefined) gives(test, 'dk', () => door.keyPair(hex(test, 'seed')).dk, hex(test, 'dk'));
};

/** Decapsulation in one of both forms, by the fields. */
const decapsulated: Check = (subject, test, algorithm) =>
  test['dk'] === undefined ? fromSeed(subject, test, algorithm) : fromExpanded(subject, test, algorithm);

/** By the type of the group. */
export const ML_KEM: Readonly<Record<string, Check>> = {
  MLKEMTest: decapsulated,
  MLKEMDecapsTest: decapsulated,
  MLKEMDecapsSeedTest: decapsulated,
  MLKEMDecapsValidationTest: decapsulated,
  MLKEMEncapsTest: encapsulated,
  MLKEMEncapsSeedTest: encapsulated,
  MLKEMKeyGen: generated,
  MLKEMKeyGenTest: generated,
};
