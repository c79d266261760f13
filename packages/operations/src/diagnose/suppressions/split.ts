/** Divides findings into those that stand and those that suppressions take out. */
import { refKey } from '@aia/cluster';
import type { AppliedSuppression } from '@aia/contract';
import { severityRank, type Finding } from '../finding.ts';
import { isExpired, matcherOf, type Suppression } from './suppression.ts';

/** Findings with what became of them. */
export interface Split {
  readonly standing: readonly Finding[];
  /** Each with the position of the suppression that took it out. */
  readonly suppressed: readonly (Finding & { readonly suppressedBy: number })[];
  /** Every suppression with how much it took out, in the order of the file. */
  readonly applied: readonly AppliedSuppression[];
}

/**
 * The first suppression in force that matches a finding takes it out.
 * @throws RangeError for a suppression that would take out everything
 */
export function splitBy(suppressions: readonly Suppression[], findings: readonly Finding[], now: number): Split {
  const match = matcherOf(suppressions, now);
  const standing: Finding[] = [];
  const suppressed: (Finding & { readonly suppressedBy: number })[] = [];
  for (const finding of findings) {
    const suppressedBy = match(finding);
    if (suppressedBy < 0) standing.push(finding);
    else suppressed.push({ ...finding, suppressedBy });
  }
  const counts = Map.groupBy(suppressed, ({ suppressedBy }) => suppressedBy);
  return {
    standing,
    suppressed,
    applied: suppressions.map((suppression, i) => ({
      ...suppression,
      expired: isExpired(suppression, now),
      findings: counts.get(i)?.length ?? 0,
    })),
  };
}

/** What no longer counts against the cluster. */
export interface Excused {
  /** Keys of pods of which nothing of weight stands. */
  readonly pods: ReadonlySet<string>;
  /** Keys of workloads whose failed pods one suppressed finding tells together; those that are accused on their own count. */
  readonly workloads: ReadonlySet<string>;
  readonly accused: ReadonlySet<string>;
  /** Names of quotas, as findings call them. */
  readonly quotas: ReadonlySet<string>;
  /** Whether findings of these codes were found, and none of them stands. */
  hasOnly(codes: RegExp): boolean;
}

const LOW = severityRank('low');

/** Works out what suppressed findings excuse. */
export function excusedBy({ standing, suppressed }: Pick<Split, 'standing' | 'suppressed'>): Excused {
  const weighty = standing.filter(({ resource, severity }) => resource.kind === 'Pod' && severityRank(severity) < LOW);
  const accused = new Set(weighty.map(({ resource }) => refKey(resource)));
  const pods = suppressed.filter(({ resource }) => resource.kind === 'Pod' && !accused.has(refKey(resource)));
  const grouped = suppressed.filter(({ facts }) => typeof facts['pods'] === 'number' && facts['pods'] > 1);
  return {
    pods: new Set(pods.map(({ resource }) => refKey(resource))),
    accused,
    workloads: new Set(grouped.map(({ facts }) => facts['workload']).filter((key) => typeof key === 'string')),
    quotas: new Set(
      suppressed.filter(({ resource }) => resource.kind === 'Quota').map(({ resource }) => resource.name),
    ),
    hasOnly: (codes) =>
      suppressed.some(({ code }) => codes.test(code)) && !standing.some(({ code }) => codes.test(code)),
  };
}

/** Nothing is excused. */
export const NOTHING_EXCUSED: Excused = excusedBy({ standing: [], suppressed: [] });
