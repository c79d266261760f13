/** The definitions of the commands about own identities. */
import { Command, Option } from 'commander';
import type {
  CreateArguments,
  DeactivateArguments,
  RevokeArguments,
  RotateArguments,
  ShowArguments,
} from '../commands/identity-agents.ts';
import { wholeNumber } from '../option-values.ts';
import { withHome, withKeys, withOut } from './home-options.ts';

/** `aia identity create`. */
export function createCommand(invokedAs: string): Command {
  const command = new Command('create')
    .description(
      'make an agent or cluster its keys and its DID: a did:webvh with a log that is to be published, or a did:key that never changes',
    )
    .summary('make keys and a DID')
    .argument('<name>', 'its name here: small letters, digits and hyphens')
    .option('--place <place>', 'where its log will be published, such as agents.example/orchestrator')
    .addOption(new Option('--ephemeral', 'a did:key instead, which is published nowhere').conflicts('place'));
  return withOut(withKeys(command))
    .addHelpText(
      'after',
      `
Examples:
  ${invokedAs} identity create orchestrator --place agents.example/orchestrator --out public/orchestrator
  ${invokedAs} identity create probe-17 --ephemeral`,
    )
    .action(async (name: string, options: CreateArguments) => {
      const { runCreate } = await import('../commands/identity-agents.ts');
      await runCreate(name, options);
    });
}

/** `aia identity show`. */
export function showCommand(invokedAs: string): Command {
  const command = new Command('show')
    .description('list own identities, or tell about one: its DID, its keys and what is to be published')
    .summary('list own identities, or tell about one')
    .argument('[name]', 'name or DID');
  return withOut(withHome(command))
    .addHelpText(
      'after',
      `
Examples:
  ${invokedAs} identity show
  ${invokedAs} identity show orchestrator --format json
  ${invokedAs} identity show orchestrator --out public/orchestrator   its log once more`,
    )
    .action(async (name: string | undefined, options: ShowArguments) => {
      const { runShow } = await import('../commands/identity-agents.ts');
      runShow(name, options);
    });
}

/** `aia identity rotate`. */
export function rotateCommand(invokedAs: string): Command {
  const command = new Command('rotate')
    .description('give an identity its next keys, to which its log is committed, and commit to those after them')
    .summary('give an identity its next keys')
    .argument('<name>', 'name or DID');
  return withOut(withKeys(command))
    .addHelpText('after', `\nExample:\n  ${invokedAs} identity rotate orchestrator --out public/orchestrator`)
    .action(async (name: string, options: RotateArguments) => {
      const { runRotate } = await import('../commands/identity-agents.ts');
      await runRotate(name, options);
    });
}

/** `aia identity revoke`. */
export function revokeCommand(invokedAs: string): Command {
  const command = new Command('revoke')
    .description(
      'take back credentials by the status list of their issuer, or keys by the next entry of the log, after which nothing that they signed verifies; with --out alone, sign the status list anew: each holds for seven days, and nothing that was issued verifies without one',
    )
    .summary('take back credentials or keys, sign the status list anew')
    .argument('<name>', 'name or DID of the identity that issued them, or whose keys they are')
    .option('--credential <file-or-id>', 'the credential, of a chain the last one, or its id (urn:uuid:…)')
    .addOption(
      new Option('--subject <did>', 'all credentials about it: a DID, or the name of an identity here').conflicts(
        'credential',
      ),
    )
    .addOption(
      new Option('--keys <version>', 'keys of this version')
        .argParser(wholeNumber(1, 2 ** 32 - 1))
        .conflicts(['credential', 'subject']),
    );
  return withOut(withKeys(command))
    .addHelpText(
      'after',
      `
Verifiers know when the new status list is published; they may keep the one before for five minutes.

Examples:
  ${invokedAs} identity revoke cluster --credential role.json --out public/cluster
  ${invokedAs} identity revoke cluster --subject did:key:z6Mk… --out public/cluster
  ${invokedAs} identity revoke orchestrator --keys 3 --out public/orchestrator
  ${invokedAs} identity revoke cluster --out public/cluster                     its status list, signed anew`,
    )
    .action(async (name: string, options: RevokeArguments) => {
      const { runRevoke } = await import('../commands/identity-agents.ts');
      await runRevoke(name, options);
    });
}

/** `aia identity deactivate`. */
export function deactivateCommand(invokedAs: string): Command {
  const command = new Command('deactivate')
    .description('end an identity for good: the last entry of its log names no key, and its keys are destroyed')
    .summary('end an identity for good')
    .argument('<name>', 'name or DID')
    .requiredOption('--yes', 'since nothing brings it back');
  return withOut(withKeys(command))
    .addHelpText('after', `\nExample:\n  ${invokedAs} identity deactivate orchestrator --yes --out public/orchestrator`)
    .action(async (name: string, options: DeactivateArguments) => {
      const { runDeactivate } = await import('../commands/identity-agents.ts');
      await runDeactivate(name, options);
    });
}
