/** The group `aia identity`. */
import { Command } from 'commander';
import { createCommand, deactivateCommand, revokeCommand, rotateCommand, showCommand } from './agent-commands.ts';
import { issueCommand, presentCommand, resolveCommand, verifyCommand } from './credential-commands.ts';
import { passphraseCommand } from './passphrase-command.ts';

/** In the order in which help lists them. */
const SUBCOMMANDS: readonly ((invokedAs: string) => Command)[] = [
  ...[createCommand, showCommand, rotateCommand, revokeCommand, deactivateCommand],
  ...[resolveCommand, issueCommand, presentCommand, verifyCommand, passphraseCommand],
];

/** `aia identity …`, with the settings of the whole command line. */
export function identityCommand(program: Command, invokedAs: string): Command {
  const group = new Command('identity').description('keys, identifiers and credentials of agents and clusters');
  group.copyInheritedSettings(program);
  for (const define of SUBCOMMANDS) group.addCommand(define(invokedAs).copyInheritedSettings(program));
  group.addHelpText('after', EXIT_HELP);
  return group;
}

const EXIT_HELP = `
Exit codes:
  0  done; it resolves, it is verified
  1  the DID or the credential is refused, or the DID is deactivated
  2  the command line is wrong
  3  keys, files or origins could not be read or written, or the passphrase is wrong
  130  cancelled`;
