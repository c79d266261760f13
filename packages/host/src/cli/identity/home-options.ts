/** Options that the commands of `aia identity` share. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { publicOrIn } from '../../identity/public-address.ts';
import { collectNames } from '../reading-options.ts';

function collectNetworks(value: string, previous: readonly string[] | undefined): readonly string[] {
  const networks = collectNames(value, previous);
  try {
    publicOrIn(networks);
  } catch (error) {
    throw new InvalidArgumentError((error as RangeError).message);
  }
  return networks;
}

/** Where identities are kept, and how to tell what came of it. */
export function withHome(command: Command): Command {
  return command
    .option('--home <dir>', 'folder of keys and identities; default: AIA_HOME, else ~/.local/share/aia')
    .addOption(new Option('-f, --format <format>', 'how to tell it').choices(['text', 'json']).default('text'))
    .configureHelp({ sortOptions: false });
}

/** For commands that use keys. */
export function withKeys(command: Command): Command {
  return withHome(command).option(
    '--passphrase-file <file>',
    'file with the passphrase of the keystore; default: AIA_PASSPHRASE_FILE, AIA_PASSPHRASE, else it is asked for',
  );
}

/** For commands that change what is published. */
export function withOut(command: Command): Command {
  return command.option('-o, --out <dir>', 'write the files that are to be published into this folder');
}

/** For commands that ask origins. */
export function withOrigins(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--allow-network <cidrs>',
        'networks of your own to which names may lead besides public addresses, such as 10.0.0.0/8; repeat or separate with commas',
      ).argParser(collectNetworks),
    )
    .option('--offline', 'ask nobody; answer from what is kept alone');
}
