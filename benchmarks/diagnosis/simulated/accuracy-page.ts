/** The page that says how well causes are found in drawn clusters, and where they are not. */
import type { Split } from '@aia/cluster/faults';
import type { JudgedContext } from './contexts.ts';
import { OBSERVED_AFTER_MS, SIZES } from './contexts.ts';
import { accuracyBy, accuracyOfAll, type GroupAccuracy, type Spread } from './runs.ts';
import { falseClasses, missedKinds } from './shortfalls.ts';

/** Runs of one split. */
export interface SplitRuns {
  readonly split: Split;
  readonly runs: readonly (readonly JudgedContext[])[];
}

/** From the root. */
export const ACCURACY_PAGE = 'docs/diagnosis-accuracy.md';

/** All figures, held-out contexts after those of training. */
export function accuracyPage(splits: readonly SplitRuns[]): string {
  return [INTRODUCTION, totals(splits), ...splits.flatMap(splitSections)].join('\n\n').concat('\n');
}

const between = ([from, to]: readonly [number, number]) => `${from} to ${to}`;

const INTRODUCTION = `<!-- Written by "npm run bench -- diagnosis --size full --write". -->

# How well root causes are found

Drawn clusters in a simulated cloud, each with ${between(SIZES.fault_count)} [faults](faults.md) and noise: ${between(SIZES.nodes)} nodes and
${between(SIZES.namespaces)} namespaces of teams, so that hundreds fit into some minutes; all other dimensions are drawn as for any context.
The clusters are observed as live ones are, once what befell them shows in full and at least ${OBSERVED_AFTER_MS / 60_000} minutes after, and assessed without any knowledge of the simulation.
Training contexts may be looked at while the diagnosis is improved. Held-out ones differ in at least one dimension, in all names, machines
and places, and are only counted.

A true cause is named where a root cause above low has one of its resources and one of its classes. Precision is the share of true causes
among those named down to the last true one, 0 where a true one is never named: whatever else is named above it costs precision, a second name
for the same thing included. A true cause that cannot be seen is not asked for; the cluster decides that, and not the diagnosis: of what
the fault alone brings about in this cluster (states of containers, the scheduler's reasons, warnings, conditions) nothing shows beside the
other faults, as where a webhook refuses the pods whose image is missing. The ranges are the least and most of the runs.`;

function totals(splits: readonly SplitRuns[]): string {
  const rows = splits.map(({ split, runs }) => {
    const { faults, named, precision, first } = accuracyOfAll(runs);
    const contexts = runs.map((run) => run.length).join(' + ');
    const hidden = runs.flat().flatMap((one) => one.faults.filter(({ isHidden }) => isHidden)).length;
    return [split, contexts, faults, hidden, ...[precision, first, named].map(spreadText)];
  });
  return table(
    ['Contexts', 'Runs', 'Faults', 'Not to be seen', 'Average precision at full recall', 'First-ranked right', 'Named'],
    rows,
  );
}

function splitSections({ split, runs }: SplitRuns): readonly string[] {
  return [
    `## ${split === 'training' ? 'Training' : 'Held-out'} contexts`,
    groupTable(
      'Family',
      accuracyBy(runs, ({ family }) => [family]),
    ),
    groupTable(
      'Kind',
      accuracyBy(runs, ({ kind }) => [kind]),
    ),
    groupTable(
      'True class',
      accuracyBy(runs, ({ truth }) => truth.classes),
    ),
    ...shortfalls(runs.flat()),
  ];
}

function groupTable(what: string, groups: readonly GroupAccuracy[]): string {
  return table(
    [what, 'Faults', 'Named', 'Precision of its contexts', 'First right in its contexts'],
    groups.map(({ name, faults, named, precision, first }) => [
      `\`${name}\``,
      faults,
      ...[named, precision, first].map(spreadText),
    ]),
  );
}

function shortfalls(contexts: readonly JudgedContext[]): readonly string[] {
  const missed = missedKinds(contexts);
  const wrong = falseClasses(contexts);
  return [
    '### What falls short',
    missed.length === 0
      ? 'Every true cause was named.'
      : table(
          ['True cause not named', 'Missed', 'Why', 'For example'],
          missed.map((one) => [
            `\`${one.kind}\``,
            `${one.missed} of ${one.of}`,
            one.reasons.map(([reason, count]) => `${reason} (${count})`).join('; '),
            one.seed,
          ]),
        ),
    wrong.length === 0
      ? 'Nothing was named that is not true.'
      : table(
          ['Named and not true', 'Times', 'Above a true one', 'Beside', 'For example'],
          wrong.map((one) => [
            `\`${one.name}\``,
            one.count,
            one.above,
            one.beside.join(', '),
            `${one.example}, ${one.seed}`,
          ]),
        ),
  ];
}

function spreadText({ mean, least, most }: Spread): string {
  if (!Number.isFinite(least)) return '';
  return least === most ? mean.toFixed(3) : `${mean.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
