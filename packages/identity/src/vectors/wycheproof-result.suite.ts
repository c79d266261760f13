/** What Wycheproof expects of a case: `valid` must hold, `invalid` must be refused, and `acceptable` may be refused but not be wrong. */
import { attempt, same } from './case.suite.ts';
import { text, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

/** Checks a case, whose fields are its own and before them its group's. */
export type Check = (subject: Subject, test: Fields, algorithm: string) => void | Promise<void>;

const RESULTS = ['valid', 'acceptable', 'invalid'];

/** @throws TypeError for a result that is none, which would ask for nothing */
function resultOf(test: Fields): string {
  const result = text(test, 'result');
  if (!RESULTS.includes(result)) throw new TypeError(`result: ${result} is none of ${RESULTS.join(', ')}`);
  return result;
}

/** Holds what is calculated against the expected bytes. Nothing (`undefined`), or what throws, is a refusal. */
export function gives(test: Fields, what: string, calculate: () => Uint8Array | undefined, expected: Uint8Array): void {
  const result = resultOf(test);
  if (result === 'valid') return same(what, calculate(), expected);
  const given = attempt(calculate);
  if (given === undefined) return;
  if (result === 'invalid') throw new Error(`${what}: given, must be refused (${String(test['comment'] ?? '')})`);
  same(what, given, expected);
}

/** Holds a verdict against the expected one. */
export function holds(test: Fields, what: string, judge: () => boolean): void {
  const result = resultOf(test);
  const verdict = attempt(judge) === true;
  if (result === 'valid' && !verdict) throw new Error(`${what}: refused, must hold`);
  if (result === 'invalid' && verdict)
    throw new Error(`${what}: holds, must be refused (${String(test['comment'] ?? '')})`);
}
