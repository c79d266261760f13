/** Scores root causes against the truth: the first, all of them, false ones, and what their probabilities are worth. */
import { refText } from '@aia/cluster';
import type { AssessedRootCause, Assessment } from '@aia/contract';
import type { Truth } from './fault.ts';
import type { Group, Scenario } from './scenarios.ts';

export interface Outcome {
  readonly name: string;
  readonly group: Group;
  readonly seed: number;
  /** Whether the cause ranked first is true; for a control, whether nothing above low was named. */
  readonly isFirstRight: boolean;
  /**
   * Share of true causes among those named down to the rank where the last true one stands; 0 where one is never named. For
   * a control 1 or 0, by whether nothing above low was named.
   */
  readonly precision: number;
  /** Of each true cause, in their order: where it stands among those named, from 1; `undefined` where it is not named. */
  readonly ranks: readonly (number | undefined)[];
  readonly missed: readonly Truth[];
  readonly wrong: readonly string[];
  /** Each named cause: what was stated, and whether it is true. */
  readonly stated: readonly { readonly probability: number; readonly isTrue: boolean }[];
}

/** Judges one assessment. Truths by which nothing fails are also found by findings of low severity, which stand after the causes. */
export function judge(
  { name, group, seed, truths }: Omit<Scenario, 'snapshot'>,
  { rootCauses, findings }: Pick<Assessment, 'rootCauses' | 'findings'>,
): Outcome {
  const causes = rootCauses.filter(({ severity }) => severity !== 'low' && severity !== 'info');
  const found = new Map<Truth, number>();
  const hits = causes.map((cause, i) => {
    const truth = truths.find((one) => !found.has(one) && isSame(one, cause));
    if (truth !== undefined) found.set(truth, i + 1);
    return truth !== undefined;
  });
  for (const truth of truths.filter((one) => one.isMinor === true && !found.has(one)))
    if (findings.some(({ code, resource }) => isSame(truth, { class: code, resource })))
      found.set(truth, hits.push(true));
  const wanted = truths.filter(({ isHidden }) => isHidden !== true);
  const missed = wanted.filter((truth) => !found.has(truth));
  const last = hits.lastIndexOf(true);
  const precise = missed.length > 0 ? 0 : hits.slice(0, last + 1).filter(Boolean).length / (last + 1);
  return {
    name,
    group,
    seed,
    isFirstRight: group === 'control' ? causes.length === 0 : hits[0] === true,
    precision: group === 'control' ? Number(causes.length === 0) : precise,
    ranks: truths.map((truth) => found.get(truth)),
    missed,
    wrong: causes.filter((_, i) => hits[i] !== true).map(textOf),
    stated: causes.map(({ probability }, i) => ({ probability, isTrue: hits[i] === true })),
  };
}

function textOf({ class: name, resource, severity, probability }: AssessedRootCause): string {
  return `${name} at ${refText(resource)} (${severity}, ${probability})`;
}

/** One of the truth's entities and one of its classes. */
function isSame(
  { entities, classes }: Truth,
  { class: name, resource }: Pick<AssessedRootCause, 'class' | 'resource'>,
): boolean {
  return entities.some((one) => fits(one, refText(resource))) && classes.some((one) => fits(one, name));
}

/** `Node *` fits `Node a`. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  return star < 0
    ? pattern === text
    : text.startsWith(pattern.slice(0, star)) && text.endsWith(pattern.slice(star + 1));
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly stated: number;
  readonly observed: number;
}

export interface Calibration {
  /** Mean square of stated probability less truth: 0 is perfect, 0.25 what tossing a coin gives. */
  readonly brier: number;
  /** Mean distance of stated and observed over the bins, weighted by how many causes each has. */
  readonly error: number;
  readonly bins: readonly Bin[];
}

const EDGES = [0, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 1.001] as const;

/** How well stated probabilities agree with how often they are true. */
export function calibration(outcomes: readonly Outcome[]): Calibration {
  const all = outcomes.flatMap(({ stated }) => stated);
  const bins = EDGES.slice(1).flatMap((to, i) => {
    const from = EDGES[i] ?? 0;
    const own = all.filter(({ probability }) => probability >= from && probability < to);
    if (own.length === 0) return [];
    return [
      {
        from,
        to: Math.min(1, to),
        count: own.length,
        stated: mean(own.map(({ probability }) => probability)),
        observed: mean(own.map(({ isTrue }) => Number(isTrue))),
      },
    ];
  });
  return {
    brier: mean(all.map(({ probability, isTrue }) => (probability - Number(isTrue)) ** 2)),
    error: bins.reduce((sum, bin) => sum + (bin.count / all.length) * Math.abs(bin.stated - bin.observed), 0),
    bins,
  };
}

/** Mean of some values, 0 of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
