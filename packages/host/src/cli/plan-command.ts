/** The definition of `aia plan`. */
import { Command } from 'commander';
import type { PlanArguments } from './commands/plan.ts';
import { connected, formatOption, withJudging, withSource, withTelling } from './reading-options.ts';
import { STRATEGY_FORMATS } from './strategy-formats.ts';

/** `aia plan`. */
export function planCommand(invokedAs: string): Command {
  const command = withSource(connected(new Command('plan')), 'plan for')
    .description(
      'say what to do about a cluster: assess it, plan, rehearse the plan on a simulated twin, and write the strategy; nothing is changed anywhere else',
    )
    .summary('plan and rehearse what to do about it')
    .option('--policy <file>', 'what the plan may do (aia-policy.yaml)')
    .addOption(formatOption(STRATEGY_FORMATS, 'text'))
    .option(
      '-o, --out <dir>',
      'write strategy.<format> to this directory, and the files that commands name to phase-N/; instead of printing',
    )
    .option('--diff <file>', 'say what changed since this earlier strategy (JSON)')
    .option('--gitops <dir>', 'write Kustomize overlays to this directory, a folder a phase')
    .option('--seed <text>', 'of the twin and of the forecast: same seed, same strategy', '0');
  return withTelling(withJudging(command))
    .addHelpText('after', help(invokedAs))
    .action(async (options: PlanArguments) => {
      const { runPlan } = await import('./commands/plan.ts');
      await runPlan(options);
    });
}

function help(name: string): string {
  return `
Exit codes:
  0  the plan reaches all that must be reached, or there is nothing to do
  1  critical or high causes stay open, or no plan is allowed
  3  the cluster could not be read, or too little of it to plan; the others as for ${name} itself

Examples:
  ${name} plan --example aia-system                     the reference incident
  ${name} plan --context prod --policy aia-policy.yaml  a live cluster, which is only read
  ${name} plan --dump bundle.tar.gz -f md,json -o strategy/
  ${name} plan --dump . --diff strategy/strategy.json    what changed since`;
}
