/** Holds vector files against subjects, and counts. */
import { acvp } from './acvp.suite.ts';
import { composite } from './composite.suite.ts';
import { dataIntegrity } from './data-integrity.suite.ts';
import { didKeys } from './did-key.suite.ts';
import { dids } from './dids.suite.ts';
import { hpke } from './hpke.suite.ts';
import { jcsDocuments, jcsNumbers } from './jcs.suite.ts';
import { hybridKems, rfc8032, xWingDraft } from './plain-lists.suite.ts';
import { sdJwtDisclosures, sdJwtPayload, sdJwtSent } from './sd-jwt.suite.ts';
import { webvh } from './webvh.suite.ts';
import { wycheproof } from './wycheproof.suite.ts';
import { Cannot, NothingExpected, type Case, type Format, type Group, type VectorInput } from './case.suite.ts';
import type { Subject } from './subject.suite.ts';

/** All formats; the first that fits is taken. */
export const FORMATS: readonly Format[] = [
  ...[acvp, wycheproof, composite, rfc8032, xWingDraft, hybridKems, sdJwtDisclosures, sdJwtPayload, sdJwtSent],
  ...[hpke, webvh, didKeys, dataIntegrity, jcsDocuments, jcsNumbers, dids],
];

/** What became of a group on one subject. */
export interface Tally {
  readonly group: string;
  readonly subject: Subject['name'];
  readonly passed: number;
  readonly failed: number;
  /** Cases that this subject has no way to be asked, and another has; with the reasons. */
  readonly leftToOther: number;
  readonly reasons: readonly string[];
  readonly failures: readonly Finding[];
  /** What was found where the file does not say what must hold: neither passed nor failed. */
  readonly notes: readonly Finding[];
}

/** What became of a case. */
export interface Finding {
  readonly case: string;
  readonly reason: string;
}

/** Told before each case how many there are in the file, and how many are done. */
export type Progress = (done: number, all: number, group: string) => void;

/** What became of a file. */
export interface Judged {
  readonly path: string;
  readonly format: string;
  readonly passed: number;
  readonly failed: number;
  readonly groups: readonly Tally[];
}

/** The format that a file has; with the path of the file that it only completes, from its folder. */
export function recognise(input: VectorInput): { readonly format: Format; readonly belongsTo?: string } | undefined {
  for (const format of FORMATS) {
    const belongsTo = format.belongsTo?.(input);
    if (belongsTo !== undefined) return { format, belongsTo };
  }
  const format = FORMATS.find((one) => one.fits(input));
  return format && { format };
}

/** Runs all cases of a file on all subjects. */
export async function judge(
  format: Format,
  input: VectorInput,
  subjects: readonly Subject[],
  progress?: Progress,
): Promise<Judged> {
  const groups: Tally[] = [];
  const given = groupsOf(format, input);
  const all = given.reduce((sum, { cases }) => sum + cases.length, 0);
  let done = 0;
  for (const { name, cases } of given) {
    const tallies = subjects.map((subject) => ({ subject, tally: emptyTally(name, subject) }));
    for (const one of cases) {
      progress?.(done++, all, name);
      const outcomes = [];
      for (const { subject } of tallies) outcomes.push(await outcomeOf(one, subject));
      const isAnswered = outcomes.some(({ kind }) => kind === 'passed' || kind === 'failed');
      for (const [i, { tally }] of tallies.entries()) count(tally, one.id, outcomes[i] as Outcome, isAnswered);
    }
    groups.push(...tallies.map(({ tally }) => ({ ...tally, reasons: [...tally.reasons] })));
  }
  const sum = (field: 'passed' | 'failed') => groups.reduce((total, group) => total + group[field], 0);
  return {
    ...{ path: input.path, format: format.name },
    ...{ passed: sum('passed'), failed: sum('failed'), groups },
  };
}

/** A file that cannot be taken apart fails as a whole, and so does one without any case, which proves nothing. */
function groupsOf(format: Format, input: VectorInput): readonly Group[] {
  try {
    const groups = format.groups(input).filter(({ cases }) => cases.length > 0);
    if (groups.length === 0) throw new Error('there is no case in it');
    return groups;
  } catch (error) {
    const check = () => {
      throw error;
    };
    return [{ name: 'file', cases: [{ id: 'reading', check }] }];
  }
}

type Outcome =
  { readonly kind: 'passed' } | { readonly kind: 'failed' | 'cannot' | 'unexpected'; readonly reason: string };

async function outcomeOf({ check }: Case, subject: Subject): Promise<Outcome> {
  try {
    await check(subject);
    return { kind: 'passed' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof NothingExpected) return { kind: 'unexpected', reason };
    return { kind: error instanceof Cannot ? 'cannot' : 'failed', reason };
  }
}

function emptyTally(group: string, { name: subject }: Subject) {
  const findings = { failures: [] as Finding[], notes: [] as Finding[], reasons: new Set<string>() };
  return { group, subject, passed: 0, failed: 0, leftToOther: 0, ...findings };
}

/** @param isAnswered whether any subject could be asked: what none can do has failed */
function count(tally: ReturnType<typeof emptyTally>, id: string, outcome: Outcome, isAnswered: boolean): void {
  if (outcome.kind === 'passed') tally.passed++;
  else if (outcome.kind === 'unexpected') tally.notes.push({ case: id, reason: outcome.reason });
  else if (outcome.kind === 'cannot' && isAnswered) {
    tally.leftToOther++;
    tally.reasons.add(outcome.reason);
  } else {
    tally.failed++;
    tally.failures.push({ case: id, reason: outcome.reason });
  }
}
