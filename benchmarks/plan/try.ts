/**
 * Tries single faults or contexts and prints what came of them: `node --conditions=source benchmarks/plan/try.ts FAULT…`, `… FAULT#ROUND` (other
 * draws of it), `… family:NAME`, or `… context:SEED`, all from the ranges that actions may be developed against. The benchmark itself, `bench.ts`, tries held-out ones.
 */
import { FAULT_KINDS } from '@aia/cluster/faults';
import { NO_OUTCOMES } from '@aia/operations';
import { contextOfSeed } from '../diagnosis/simulated/contexts.ts';
import { kindsNamed, runTrial, trialAlone, trialOfContext, type Trial, type TrialOutcome } from './outcomes.ts';

for (const argument of process.argv.slice(2))
  for (const make of trialsOf(argument)) print(await runTrial(make(), make, NO_OUTCOMES));

function trialsOf(argument: string): readonly (() => Trial)[] {
  const [what = '', value = ''] = argument.split(':');
  if (what === 'context') return [() => trialOfContext(contextOfSeed(value, 'training'), value, 'training')];
  const [fault = '', round = '0'] = argument.split('#');
  const kinds =
    what === 'family' ? [...FAULT_KINDS.values()].filter(({ family }) => family === value) : kindsNamed([fault]);
  return kinds.map((kind) => () => trialAlone(kind, 'training', Number(round)));
}

function print({ name, faults, isResolved, wasOpen, open, shortfalls, damage, carriedOut, plans }: TrialOutcome): void {
  console.log(
    `${!wasOpen ? 'calm    ' : isResolved ? 'resolved' : 'OPEN    '} ${name} [${faults.join(', ')}] plans: ${plans.join(', ')}`,
  );
  if (!isResolved) {
    for (const kind of open) console.log(`    cause still there: ${kind}`);
    for (const { entity, message } of shortfalls) console.log(`    short: ${entity}: ${message}`);
  }
  for (const { entity, message } of damage) console.log(`    DAMAGE: ${entity}: ${message}`);
  for (const { action, outcome, message } of carriedOut)
    console.log(`    ${outcome.padEnd(9)} ${action.id} ${message.slice(0, 160)}`);
}
