/** The definition of `aia simulate run`. */
import { CONTEXT_DIMENSIONS } from '@aia/cluster/faults';
import { Command, Option } from 'commander';
import { CandidateOption, faultCandidates } from '../candidates.ts';
import type { SimulateRunArguments } from '../commands/simulate-run.ts';
import { durationUpTo } from '../option-values.ts';

/** Events are kept for an hour, and the diagnosis is made at the end. */
const LONGEST_MS = 24 * 3_600_000;

/** `aia simulate run`. */
export function runCommand(invokedAs: string): Command {
  return new Command('run')
    .description(
      'draw a cluster of a context and what goes wrong in it, let time pass, and hold what the diagnosis finds against the truth',
    )
    .summary('draw a cluster, let faults befall it, and tell what comes of it')
    .addOption(
      new CandidateOption('--context <context>', CONTEXT, () => [
        'training',
        'held-out',
        ...DIMENSIONS.map((name) => `${name}=`),
      ]),
    )
    .option(
      '--held-out',
      'draw names, images, machines and regions from those that nothing is trained on; so does --context held-out',
    )
    .option('--seed <text>', 'same context and seed, same run', '0')
    .addOption(
      new CandidateOption(
        '--faults <kinds>',
        'these in place of drawn ones, with commas between them',
        faultCandidates,
      ),
    )
    .addOption(
      new Option('--for <duration>', 'how much time passes after everything has settled')
        .argParser(durationUpTo(LONGEST_MS))
        .default(30 * 60_000, '30m'),
    )
    .addOption(new Option('-f, --format <format>', 'how to tell it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--color <when>', 'colours in text').choices(['auto', 'always', 'never']).default('auto'))
    .configureHelp({ sortOptions: false })
    .addHelpText('after', help(invokedAs))
    .action(async (options: SimulateRunArguments) => {
      const { runSimulation } = await import('../commands/simulate-run.ts');
      await runSimulation(options);
    });
}

const DIMENSIONS = Object.keys(CONTEXT_DIMENSIONS);
const CONTEXT = 'numbers such as nodes=20,load=0.7, a JSON file of them, or "training" or "held-out" to draw them all';

function help(name: string): string {
  const width = Math.max(...DIMENSIONS.map((one) => one.length));
  const lines = Object.entries(CONTEXT_DIMENSIONS).map(
    ([one, { summary, min, max, default: at }]) =>
      `  ${one.padEnd(width)}  ${summary}: ${min} to ${max}; default ${at}`,
  );
  return `
Context:
${lines.join('\n')}

Examples:
  ${name} simulate run                                      a small cluster with one fault
  ${name} simulate run --context nodes=20,load=0.7,fault_count=3 --seed 7
  ${name} simulate run --faults image-missing,node-lost --for 10m
  ${name} simulate run --context held-out --format json`;
}
