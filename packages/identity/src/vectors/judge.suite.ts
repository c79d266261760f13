/** Holds vector files against subjects, and counts. */
import { acvp } from './acvp.suite.ts';
import { composite } from './composite.suite.ts';
import { dataIntegrity } from './data-integrity.suite.ts';
import { didKeys } from './did-key.suite.ts';
import { hpke } from './hpke.suite.ts';
import { jcsDocuments, jcsNumbers } from './jcs.suite.ts';
import { hybridKems, rfc8032, sdJwt, sdJwtPayload, xWingDraft } from './plain-lists.suite.ts';
import { webvh } from './webvh.suite.ts';
import { wycheproof } from './wycheproof.suite.ts';
import { Cannot, type Case, type Format, type Group, type VectorInput } from './case.suite.ts';
import type { Subject } from './subject.suite.ts';

/** All formats; the first that fits is taken. */
export const FORMATS: readonly Format[] = [
  ...[acvp, wycheproof, composite, rfc8032, xWingDraft, hybridKems, sdJwt, sdJwtPayload],
  ...[hpke, webvh, didKeys, dataIntegrity, jcsDocuments, jcsNumbers],
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
  readonly failures: readonly { readonly case: string; readonly reason: string }[];
}

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

type Outcome = { readonly kind: 'passed' } | { readonly kind: 'failed' | 'cannot'; readonly reason: string };

/** Runs all cases of a file on all subjects. */
export async function judge(format: Format, input: VectorInput, subjects: readonly Subject[]): Promise<Judged> {
  const groups: Tally[] = [];
  for (const { name, cases } of groupsOf(format, input)) {
    const outcomes: (readonly [Case, ReadonlyMap<Subject, Outcome>])[] = [];
    for (const one of cases) {
      const found = new Map<Subject, Outcome>();
      for (const subject of subjects) found.set(subject, await outcomeOf(one, subject));
      outcomes.push([one, found]);
    }
    for (const subject of subjects) groups.push(tally(name, subject, outcomes));
  }
  const sum = (field: 'passed' | 'failed') => groups.reduce((all, group) => all + group[field], 0);
  // A file without any case proves nothing.
  const none = groups.every(({ passed, failed, leftToOther }) => passed + failed + leftToOther === 0);
  return {
    path: input.path,
    format: format.name,
    passed: sum('passed'),
    failed: sum('failed') + (none ? 1 : 0),
    groups,
  };
}

/** A file that cannot be taken apart fails as a whole. */
function groupsOf(format: Format, input: VectorInput): readonly Group[] {
  try {
    return format.groups(input).filter(({ cases }) => cases.length > 0);
  } catch (error) {
    const check = () => {
      throw error;
    };
    return [{ name: 'file', cases: [{ id: 'reading', check }] }];
  }
}

async function outcomeOf({ check }: Case, subject: Subject): Promise<Outcome> {
  try {
    await check(subject);
    return { kind: 'passed' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof Cannot ? 'cannot' : 'failed', reason };
  }
}

function tally(
  group: string,
  subject: Subject,
  outcomes: readonly (readonly [Case, ReadonlyMap<Subject, Outcome>])[],
): Tally {
  const failures: { case: string; reason: string }[] = [];
  const reasons = new Set<string>();
  let [passed, leftToOther] = [0, 0];
  for (const [{ id }, found] of outcomes) {
    const outcome = found.get(subject);
    if (outcome === undefined || outcome.kind === 'passed') passed++;
    else if (
      outcome.kind === 'cannot' &&
      [...found.values()].some(({ kind }) => kind === 'passed' || kind === 'failed')
    ) {
      leftToOther++;
      reasons.add(outcome.reason);
    } else failures.push({ case: id, reason: outcome.reason });
  }
  return {
    ...{ group, subject: subject.name, passed, failed: failures.length },
    ...{ leftToOther, reasons: [...reasons], failures },
  };
}
