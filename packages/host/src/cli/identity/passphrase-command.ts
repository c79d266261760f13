/** The definition of `aia identity passphrase`. */
import { Command } from 'commander';
import type { PassphraseArguments } from '../commands/identity-passphrase.ts';
import { withKeys } from './home-options.ts';

/** `aia identity passphrase`. */
export function passphraseCommand(invokedAs: string): Command {
  const command = new Command('passphrase')
    .description(
      'give the keystore another passphrase; keys stay as they are, and a copy of the home that was made before still opens with the passphrase before',
    )
    .summary('give the keystore another passphrase');
  return withKeys(command)
    .option(
      '--new-passphrase-file <file>',
      'file with the passphrase that follows; default: AIA_NEW_PASSPHRASE_FILE, AIA_NEW_PASSPHRASE, else it is asked for',
    )
    .addHelpText(
      'after',
      `
Examples:
  ${invokedAs} identity passphrase
  ${invokedAs} identity passphrase --passphrase-file old --new-passphrase-file new`,
    )
    .action(async (options: PassphraseArguments) => {
      const { runPassphrase } = await import('../commands/identity-passphrase.ts');
      await runPassphrase(options);
    });
}
