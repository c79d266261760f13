/** What the commands of `aia identity` work on: a home, and its keys where they are needed. */
import { homeFolder, openExistingHome, openHome, type Home } from '../../identity/home.ts';
import type { KeyCustody } from '../../identity/key-custody.ts';
import { createKeystore, hasKeystore, openKeystore } from '../../identity/keystore.ts';
import { passphraseFrom, terminalQuestion, type PassphraseUse } from '../../identity/passphrase.ts';
import { UsageError } from '../exit.ts';

/** Options as the command line gives them. */
export interface HomeArguments {
  readonly home?: string;
  readonly format: 'text' | 'json';
}

/** Options as the command line gives them. */
export interface KeyArguments extends HomeArguments {
  readonly passphraseFile?: string;
}

/** Opens a home for as long as the work takes; `open` says whether one is made. */
export function withHomeOf<T>(
  { home: folder = '' }: HomeArguments,
  work: (home: Home) => T,
  open: (folder: string) => Home = openHome,
): T {
  const home = open(folder === '' ? homeFolder(process.env) : folder);
  let result: T;
  try {
    result = work(home);
  } catch (error) {
    home.close();
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => home.close()) as T;
  home.close();
  return result;
}

/** As {@link withHomeOf}, with the keys; `isNew` makes a home and a keystore where there is none. */
export function withAgents(
  options: KeyArguments,
  { isNew = false }: { readonly isNew?: boolean },
  work: (home: Home, keys: KeyCustody) => Promise<void>,
): Promise<void> {
  const run = async (home: Home) => work(home, await keysOf(home, options, isNew));
  return withHomeOf(options, run, isNew ? openHome : openExistingHome);
}

async function keysOf(home: Home, options: KeyArguments, isNew: boolean): Promise<KeyCustody> {
  const make = isNew && !hasKeystore(home);
  const passphrase = await passphraseOf(options.passphraseFile, make ? 'make' : 'open');
  return make ? createKeystore(home, passphrase) : openKeystore(home, passphrase);
}

/** Of a file, the environment, or whoever sits at the terminal. */
export function passphraseOf(file: string | undefined, use: PassphraseUse): Promise<string> {
  return passphraseFrom({ file, env: process.env, ask: terminalQuestion() }, use);
}

/** What a caller got wrong, which here is whoever typed the command. */
export async function usageOf<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
