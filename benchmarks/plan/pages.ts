/** What the benchmark of plans writes: its page of the documentation, and recorded outcomes as a module. */
import { OUTSIDE } from '@aia/cluster/faults';
import type { OutcomePriors } from '@aia/operations';
import { isResolvable, shareOf, type PlanResult } from './bench.ts';
import type { Calibration } from './calibration.ts';
import type { TrialOutcome } from './outcomes.ts';

/** `docs/plan-accuracy.md`. */
export function accuracyPage({ alone, composed, calibration }: PlanResult): string {
  const single = alone.filter((one) => one.wasOpen && isResolvable(one));
  const several = composed.filter(isResolvable);
  const everything = [...alone, ...composed];
  return [
    '<!-- Written by "npm run bench -- plan --write". -->',
    '# What plans achieve',
    'Each kind of [simulated fault](faults.md) alone, and drawn clusters with one to three faults and noise: parameters and clusters from ranges that nothing was',
    'developed against. The cluster is observed as `aia plan` would observe it, planned for, and the plan carried out over an API that is slow and refuses',
    'requests now and then; at most three times, since a cause may hide behind another. An oracle that planning cannot see judges what came of it.',
    '',
    table([
      ['', 'tried', 'resolvable', 'resolved of these'],
      ['one fault', alone.length, single.length, percent(shareOf(single, ({ isResolved }) => isResolved))],
      [
        'one to three, with noise',
        composed.length,
        several.length,
        percent(shareOf(several, ({ isResolved }) => isResolved)),
      ],
    ]),
    '',
    `New damage: ${everything.reduce((sum, { damage }) => sum + damage.length, 0)}. What is not resolvable from the cluster and its cloud was marked so before anything was tried.`,
    '',
    '## Each kind alone',
    table([
      ['Fault', 'Resolved', 'Actions', 'Kinds of action'],
      ...alone.map((one) => [one.name, verdictOf(one), one.actions, kindsOf(one)]),
    ]),
    '',
    '## How true forecasts are',
    `${calibration.plans} plans in held-out clusters; a plan succeeds when every critical and high cause that it set out to remove is gone at its first attempt. ${percent(calibration.succeeded)} did.`,
    `Brier score ${calibration.brier.toFixed(3)}, against ${calibration.baseBrier.toFixed(3)} for whoever always says the share of successes in training. Of ${calibration.groups} groups of 20 plans of like forecasts, ${percent(calibration.coverage)} have as many successes as their 90 % interval says.`,
    '',
    reliabilityTable(calibration),
    '',
  ].join('\n');
}

function verdictOf(one: TrialOutcome): string {
  const outside = one.faults.map((name) => (Object.hasOwn(OUTSIDE, name) ? OUTSIDE[name] : undefined)).find(Boolean);
  if (one.isResolved) return one.wasOpen ? 'yes' : 'nothing was wrong any more';
  return outside === undefined ? 'no' : `beyond the cluster: ${outside}`;
}

function kindsOf({ carriedOut }: TrialOutcome): string {
  const held = carriedOut.filter(({ outcome }) => outcome === 'held' || outcome === 'by-person');
  return [
    ...new Set(
      held.map(({ action, outcome }) => (outcome === 'by-person' ? `${action.kind} (a person)` : action.kind)),
    ),
  ].join(', ');
}

function reliabilityTable({ bins }: Calibration): string {
  return table([
    ['Forecast', 'Plans', 'Mean forecast', 'Succeeded', ''],
    ...bins.map(({ from, to, plans, forecast, succeeded }) => [
      `${percent(from)} to ${percent(to)}`,
      plans,
      percent(forecast),
      percent(succeeded),
      '█'.repeat(Math.round(succeeded * 20)),
    ]),
  ]);
}

function table([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `packages/operations/src/priors/recorded-outcomes.ts`. */
export function outcomesModule(outcomes: OutcomePriors): string {
  return [
    '/** Written by `npm run bench -- plan --write`: what became of plans in simulated clusters of the training ranges. */',
    "import type { OutcomePriors } from './outcomes.ts';",
    '',
    '/** What forecasts start from where nothing else was recorded. */',
    `export const RECORDED_OUTCOMES: OutcomePriors = Object.freeze(${JSON.stringify(outcomes)});`,
    '',
  ].join('\n');
}
