/** The group `aia simulate`: one definition per file, apart from what it does. */
import { Command } from 'commander';
import { faultsCommand } from './faults-command.ts';
import { runCommand } from './run-command.ts';
import { serveCommand } from './serve-command.ts';
import { whatIfCommand } from './what-if-command.ts';

/** In the order in which help lists them. */
const SUBCOMMANDS: readonly ((invokedAs: string) => Command)[] = [
  serveCommand,
  runCommand,
  whatIfCommand,
  faultsCommand,
];

/** `aia simulate …`, with the settings of the whole command line. */
export function simulateCommand(program: Command, invokedAs: string): Command {
  const group = new Command('simulate').description('a Kubernetes cluster in this process, to rehearse in');
  group.copyInheritedSettings(program);
  for (const define of SUBCOMMANDS) group.addCommand(define(invokedAs).copyInheritedSettings(program));
  return group;
}
