/** Several runs of many contexts, and what they say by kind, family and class of fault. */
import type { Split } from '@aia/cluster/faults';
import { mean } from '../score.ts';
import { judgeContext, type JudgedContext, type JudgedFault } from './contexts.ts';

/** A mean with how far the runs lie apart. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** What is true of the contexts that have a fault of a group. */
export interface GroupAccuracy {
  readonly name: string;
  /** Faults of the group in all runs, those that cannot be seen left out. */
  readonly faults: number;
  /** Share of them that are named at all. */
  readonly named: Spread;
  /** Average precision at full recall of contexts with such a fault. */
  readonly precision: Spread;
  /** Share of contexts with such a fault whose first-ranked cause is true. */
  readonly first: Spread;
}

/** Runs of a split; each run has its own seed, and the same gives the same. */
export async function runsOf(
  split: Split,
  { runs, contexts }: { readonly runs: number; readonly contexts: number },
  progress: (text: string) => void,
): Promise<readonly (readonly JudgedContext[])[]> {
  const all: (readonly JudgedContext[])[] = [];
  for (let run = 1; run <= runs; run++) {
    progress(`${split} contexts, run ${run} of ${runs}`);
    const judged: JudgedContext[] = [];
    for (let i = 0; i < contexts; i++) {
      const one = await judgeContext(`${split}-${run}-${i}`, split);
      if (one !== undefined) judged.push(one);
    }
    all.push(judged);
  }
  return all;
}

/** Groups of faults by a name of theirs, such as their family; all of them under `all`. */
export function accuracyBy(
  runs: readonly (readonly JudgedContext[])[],
  namesOf: (fault: JudgedFault) => readonly string[],
): readonly GroupAccuracy[] {
  const names = new Set(runs.flat().flatMap(({ faults }) => faults.flatMap(namesOf)));
  return [...names].sort().map((name) => accuracyOf(name, runs, (fault) => namesOf(fault).includes(name)));
}

/** All faults. */
export function accuracyOfAll(runs: readonly (readonly JudgedContext[])[]): GroupAccuracy {
  return accuracyOf('all', runs, () => true);
}

function accuracyOf(
  name: string,
  runs: readonly (readonly JudgedContext[])[],
  isOne: (fault: JudgedFault) => boolean,
): GroupAccuracy {
  const seen = ({ faults }: JudgedContext) => faults.filter((fault) => !fault.isHidden && isOne(fault));
  const touched = runs.map((run) => run.filter((context) => seen(context).length > 0));
  const spread = (of: (run: readonly JudgedContext[]) => readonly number[]) => spreadOf(touched.map(of));
  return {
    name,
    faults: touched.flat().flatMap(seen).length,
    named: spread((run) => run.flatMap(seen).map(({ rank }) => Number(rank !== undefined))),
    precision: spread((run) => run.map(({ outcome }) => outcome.precision)),
    first: spread((run) => run.map(({ outcome }) => Number(outcome.isFirstRight))),
  };
}

/** Means of the runs that have any. */
function spreadOf(runs: readonly (readonly number[])[]): Spread {
  const means = runs.filter((values) => values.length > 0).map(mean);
  return { mean: mean(means), least: Math.min(...means), most: Math.max(...means) };
}
