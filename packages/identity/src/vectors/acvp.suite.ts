/**
 * NIST's ACVP: `internalProjection.json`, which has everything, or `prompt.json` with the answers in `expectedResults.json` beside it. Source of the fields:
 * https://pages.nist.gov/ACVP/ (ML-KEM, ML-DSA, SLH-DSA).
 */
import { unsupported, type Case, type Format, type Group, type VectorInput } from './case.suite.ts';
import { caseId, fieldsOf, listOf, type Fields } from './fields.suite.ts';
import { mlKemCase } from './acvp-ml-kem.suite.ts';
import { signatureCase } from './acvp-signatures.suite.ts';

const ANSWERS = 'expectedResults.json';
const QUESTIONS = 'prompt.json';

/** See {@link Format}. */
export const acvp: Format = {
  name: 'ACVP',
  belongsTo: (input) =>
    isAcvp(input.json) && nameOf(input) === ANSWERS && input.names.includes(QUESTIONS) ? QUESTIONS : undefined,
  fits: ({ json }) => isAcvp(json),
  groups: (input) => {
    const file = fileOf(input.json);
    if (file === undefined) return [];
    const answers = nameOf(input) === QUESTIONS ? answersOf(input.beside(ANSWERS)) : undefined;
    return listOf(file['testGroups']).map((group) => groupOf(file, group, answers));
  },
};

function nameOf({ path }: VectorInput): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Newer servers wrap the file in a list behind the version of the protocol. */
function fileOf(json: unknown): Fields | undefined {
  return Array.isArray(json) ? fieldsOf(json[1]) : fieldsOf(json);
}

function isAcvp(json: unknown): boolean {
  const file = fileOf(json);
  return (
    file !== undefined && ['algorithm', 'mode', 'revision', 'testGroups'].every((name) => Object.hasOwn(file, name))
  );
}

type Answers = ReadonlyMap<unknown, Fields>;

function answersOf(content: string | undefined): Answers | undefined {
  if (content === undefined) return undefined;
  const file = fileOf(JSON.parse(content));
  return new Map(
    listOf(file?.['testGroups'])
      .flatMap((group) => listOf(group['tests']))
      .map((one) => [one['tcId'], one]),
  );
}

function groupOf(file: Fields, group: Fields, answers: Answers | undefined): Group {
  const words = [
    file['algorithm'],
    file['mode'],
    group['parameterSet'],
    group['function'],
    group['signatureInterface'],
  ];
  const more = [
    group['preHash'] === 'none' ? undefined : group['preHash'],
    group['externalMu'] === true ? 'external µ' : undefined,
    group['deterministic'] === undefined ? undefined : group['deterministic'] === true ? 'deterministic' : 'hedged',
  ];
  const name = [...words, ...more].filter((word) => word !== undefined).join(' ');
  const cases = listOf(group['tests']).map((test) => {
    const whole = { ...group, tests: undefined, ...test, ...answers?.get(test['tcId']) };
    return caseOf(file, whole);
  });
  return { name: `${String(group['tgId'] ?? '')} ${name}`.trim(), cases };
}

function caseOf(file: Fields, test: Fields): Case {
  const [algorithm, mode] = [String(file['algorithm']), String(file['mode'])];
  const id = caseId(test);
  if (algorithm === 'ML-KEM') return mlKemCase(id, mode, test);
  if (algorithm === 'ML-DSA' || algorithm === 'SLH-DSA') return signatureCase(id, algorithm, mode, test);
  return unsupported(id, `${algorithm} ${mode}`);
}
