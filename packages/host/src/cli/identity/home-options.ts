/** Options that the commands of `aia identity` share. */
import { Option, type Command } from 'commander';

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
  return command.option('--offline', 'ask nobody; answer from what is kept alone');
}
