/** Project Wycheproof, in both versions of its schemas. Source of the fields: https://github.com/C2SP/wycheproof, `schemas/` and `doc/`. */
import { unsupported, type Case, type Format, type Group } from './case.suite.ts';
import { caseId, fieldsOf, listOf, text, type Fields } from './fields.suite.ts';
import { HPKE } from './hpke.suite.ts';
import { ML_KEM } from './wycheproof-ml-kem.suite.ts';
import type { Check } from './wycheproof-result.suite.ts';
import { SIGNATURES } from './wycheproof-signatures.suite.ts';
import { SYMMETRIC } from './wycheproof-symmetric.suite.ts';
import { XDH } from './wycheproof-xdh.suite.ts';

/** By the type of the group. */
const CHECKS: Readonly<Record<string, Check>> = { ...HPKE, ...ML_KEM, ...SIGNATURES, ...SYMMETRIC, ...XDH };

/** See {@link Format}. */
export const wycheproof: Format = {
  name: 'Wycheproof',
  fits: ({ json }) => {
    const file = fieldsOf(json);
    return (
      file !== undefined &&
      Array.isArray(file['testGroups']) &&
      typeof file['algorithm'] === 'string' &&
      (Object.hasOwn(file, 'numberOfTests') || Object.hasOwn(file, 'schema'))
    );
  },
  groups: ({ json }) => {
    const file = fieldsOf(json) ?? {};
    const groups = listOf(file['testGroups']).map((group) => groupOf(text(file, 'algorithm'), group));
    return [...merged(groups)];
  },
};

/** Files have a group for each key: what has one name is shown as one. */
function merged(groups: readonly Group[]): Iterable<Group> {
  const found = new Map<string, Group>();
  for (const { name, cases } of groups) found.set(name, { name, cases: [...(found.get(name)?.cases ?? []), ...cases] });
  return found.values();
}

const TRAITS = ['parameterSet', 'curve', 'keySize', 'ivSize', 'tagSize', 'kem', 'kdf', 'aead'];

function groupOf(algorithm: string, group: Fields): Group {
  const tests = listOf(group['tests']);
  const type = typeof group['type'] === 'string' ? group['type'] : typeOf(tests[0] ?? {});
  const traits = TRAITS.filter((name) => ['string', 'number'].includes(typeof group[name]));
  const name = [algorithm, type, ...traits.map((trait) => `${trait} ${String(group[trait])}`)].join(' ');
  return { name, cases: tests.map((test) => caseOf(algorithm, type, { ...group, tests: undefined, ...test })) };
}

/** Groups of ML-KEM need not say their type. */
function typeOf(test: Fields): string {
  if (Object.hasOwn(test, 'm')) return 'MLKEMEncapsTest';
  return Object.hasOwn(test, 'seed') ? 'MLKEMTest' : 'without type';
}

function caseOf(algorithm: string, type: string, test: Fields): Case {
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  const id = caseId(test);
  return check ? { id, check: (subject) => check(subject, test, algorithm) } : unsupported(id, `${algorithm} ${type}`);
}
