/**
 * NIST's ACVP: `internalProjection.json`, which has everything, or `prompt.json` with the answers in `expectedResults.json` beside it; what is registered and what the
 * server said of it lies there too and holds no cases. Source of the fields: https://pages.nist.gov/ACVP/ (ML-KEM, ML-DSA, SLH-DSA).
 */
import { unsupported, type Case, type Format, type Group, type VectorInput } from './case.suite.ts';
import { caseId, fieldsOf, listOf, type Fields } from './fields.suite.ts';
import { mlKemCase } from './acvp-ml-kem.suite.ts';
import { signatureCase } from './acvp-signatures.suite.ts';

const [QUESTIONS, ANSWERS, EVERYTHING] = ['prompt.json', 'expectedResults.json', 'internalProjection.json'] as const;
/** What lies beside questions, or beside everything. */
const BESIDE = /^(.*)(?:expectedResults|registration|validation)\.json$/;

/** See {@link Format}. */
export const acvp: Format = {
  name: 'ACVP',
  belongsTo: (input) => {
    const prefix = BESIDE.exec(nameOf(input))?.[1];
    const file = fileOf(input.json) ?? {};
    if (prefix === undefined || !['vsId', 'algorithm'].some((name) => Object.hasOwn(file, name))) return undefined;
    return [QUESTIONS, EVERYTHING].map((name) => prefix + name).find((name) => input.names.includes(name));
  },
  fits: ({ json }) => isAcvp(json),
  groups: (input) => {
    const file = fileOf(input.json);
    if (file === undefined) return [];
    const answers = answersTo(input);
    return listOf(file['testGroups']).map((group) => groupOf(file, group, answers));
  },
};

function nameOf({ path }: VectorInput): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parsed(content: string | undefined): unknown {
  return content === undefined ? undefined : JSON.parse(content);
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

type Answers = ReadonlyMap<string, Fields>;

/**
 * What questions leave out: the answers, and of some checks of keys the keys themselves, which only the file with everything has.
 * @throws Error where nobody has the answers
 */
function answersTo(input: VectorInput): Answers | undefined {
  const name = nameOf(input);
  if (!name.endsWith(QUESTIONS)) return undefined;
  const contents = [EVERYTHING, ANSWERS].map((one) => parsed(input.beside(name.replace(QUESTIONS, one))));
  if (contents.every((content) => content === undefined)) throw new Error(`${ANSWERS}: is not beside the questions`);
  const answers = new Map<string, Fields>();
  for (const group of contents.flatMap((content) => listOf(fileOf(content)?.['testGroups'])))
    for (const test of listOf(group['tests']))
      answers.set(placeOf(group, test), { ...answers.get(placeOf(group, test)), ...test });
  return answers;
}

function placeOf(group: Fields, test: Fields): string {
  return `${String(group['tgId'])} ${String(test['tcId'])}`;
}

function groupOf(file: Fields, group: Fields, answers: Answers | undefined): Group {
  const words = [
    file['algorithm'],
    file['mode'],
    group['parameterSet'],
    group['function'],
    group['signatureInterface'],
    group['keyFormat'] === 'seed' ? 'from seeds' : undefined,
  ];
  const more = [
    group['preHash'] === 'none' ? undefined : group['preHash'],
    group['externalMu'] === true ? 'external µ' : undefined,
    group['deterministic'] === undefined ? undefined : group['deterministic'] === true ? 'deterministic' : 'hedged',
  ];
  const name = [...words, ...more].filter((word) => word !== undefined).join(' ');
  const cases = listOf(group['tests']).map((test) => {
    const whole = { ...group, tests: undefined, ...answers?.get(placeOf(group, test)), ...test };
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
