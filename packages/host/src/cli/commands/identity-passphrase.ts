/** `aia identity passphrase`. */
import { openExistingHome, type Home } from '../../identity/home.ts';
import { changePassphrase, openKeystore } from '../../identity/keystore.ts';
import { passphraseOf, withHomeOf, type KeyArguments } from '../identity/home-session.ts';
import { told } from '../identity/tell.ts';

/** Options as the command line gives them. */
export interface PassphraseArguments extends KeyArguments {
  readonly newPassphraseFile?: string;
}

/** Another passphrase for the keys of a home. */
export async function runPassphrase(options: PassphraseArguments): Promise<void> {
  const work = async (home: Home) => {
    const before = await passphraseOf(options.passphraseFile, 'open');
    // A wrong one is told before another is asked for.
    openKeystore(home, before);
    changePassphrase(home, before, await passphraseOf(options.newPassphraseFile, 'change'));
    const { folder } = home;
    process.stdout.write(told(options.format, { home: folder }, () => [`changed the passphrase of ${folder}`]));
  };
  await withHomeOf(options, work, openExistingHome);
}
