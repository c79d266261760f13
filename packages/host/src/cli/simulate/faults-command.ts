/** The definition of `aia simulate faults`. */
import { Argument, Command, Option } from 'commander';
import type { SimulateFaultsArguments } from '../commands/simulate-faults.ts';

/** `aia simulate faults`. */
export function faultsCommand(invokedAs: string): Command {
  return new Command('faults')
    .description('list the faults that a simulated cluster can be given, or tell all about one')
    .summary('list the faults that a simulated cluster can be given')
    .addArgument(new Argument('[name]', 'tell all about this one'))
    .addOption(new Option('-f, --format <format>', 'how').choices(['text', 'json']).default('text'))
    .configureHelp({ sortOptions: false })
    .addHelpText('after', examples(invokedAs))
    .action(async (name: string | undefined, options: SimulateFaultsArguments) => {
      const { runSimulateFaults } = await import('../commands/simulate-faults.ts');
      runSimulateFaults(name, options);
    });
}

function examples(name: string): string {
  return `
Examples:
  ${name} simulate faults                             all of them, by family
  ${name} simulate faults image-missing               one: its parameters, what is true about it, what helps
  ${name} simulate serve --example aia-system --fault image-missing`;
}
