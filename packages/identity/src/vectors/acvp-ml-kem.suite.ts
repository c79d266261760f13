/** ACVP of ML-KEM (FIPS 203): keyGen and encapDecap. */
import { concatBytes } from '@noble/hashes/utils.js';
import { attempt, Cannot, equal, same, unsupported, type Case } from './case.suite.ts';
import { flag, hex, text, type Fields } from './fields.suite.ts';
import type { KemDoor, Subject } from './subject.suite.ts';

/** A case of one of the modes and functions. */
export function mlKemCase(id: string, mode: string, test: Fields): Case {
  const job = mode === 'keyGen' ? mode : String(test['function']);
  const isMode = mode === 'keyGen' || mode === 'encapDecap';
  const check = isMode && Object.hasOwn(CHECKS, job) ? CHECKS[job] : undefined;
  if (check === undefined) return unsupported(id, `ML-KEM ${mode} ${job}`);
  return {
    id,
    check: (subject) => {
      const set = text(test, 'parameterSet');
      const door = subject.mlKem(set);
      if (door === undefined) throw new Cannot(`${set} is not supported by this build`);
      check(door, test, subject);
    },
  };
}

const CHECKS: Readonly<Record<string, (door: KemDoor, test: Fields, subject: Subject) => void>> = {
  keyGen: (door, test) => {
    const { ek, dk } = door.keyPair(concatBytes(hex(test, 'd'), hex(test, 'z')));
    same('ek', ek, hex(test, 'ek'));
    same('dk', dk, hex(test, 'dk'));
  },
  encapsulation: (door, test) => {
    const { ciphertext, secret, isFresh } = door.encapsulate(hex(test, 'ek'), hex(test, 'm'));
    if (isFresh) {
      // Fresh coins give another ciphertext; that key and secret belong together shows the other way round.
      if (test['dk'] === undefined) throw new Cannot('node:crypto takes no coins, and the file has no dk');
      const dk = hex(test, 'dk');
      same('k of a fresh encapsulation', door.decapsulate(dk, ciphertext), secret);
      same('k of c', door.decapsulate(dk, hex(test, 'c')), hex(test, 'k'));
      return;
    }
    same('c', ciphertext, hex(test, 'c'));
    same('k', secret, hex(test, 'k'));
  },
  decapsulation: (door, test) => {
    same('k', door.decapsulate(keyOf(door, test), hex(test, 'c')), hex(test, 'k'));
  },
  decapsulationKeyCheck: (door, test) => {
    equal('accepted', attempt(() => door.acceptsDk(keyOf(door, test))) === true, flag(test, 'testPassed'));
  },
  encapsulationKeyCheck: (door, test) => {
    const made = attempt(() => door.encapsulate(hex(test, 'ek'), new Uint8Array(32)));
    equal('accepted', made !== undefined, flag(test, 'testPassed'));
  },
};

/** Expanded, or as the seed that it is made of. */
function keyOf(door: KemDoor, test: Fields): Uint8Array {
  if (test['keyFormat'] !== 'seed') return hex(test, 'dk');
  return door.keyPair(concatBytes(hex(test, 'd'), hex(test, 'z'))).dk;
}
