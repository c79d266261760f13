/** What the commands of `aia identity` work on: a home, and its keys where they are needed. */
import { homeFolder, openHome, type Home } from '../../identity/home.ts';
import type { KeyCustody } from '../../identity/key-custody.ts';
import { createKeystore, hasKeystore, openKeystore } from '../../identity/keystore.ts';
import { passphraseFrom, terminalQuestion } from '../../identity/passphrase.ts';
import { privateFolder } from '../../identity/private-file.ts';
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

/** Opens a home for as long as the work takes. */
export function withHomeOf<T>({ home: folder }: HomeArguments, work: (home: Home) => T): T {
  const home = openHome(folder ?? homeFolder(process.env));
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

/** As {@link withHomeOf}, with the keys; `isNew` makes a keystore where there is none. */
export function withAgents(
  options: KeyArguments,
  { isNew = false }: { readonly isNew?: boolean },
  work: (home: Home, keys: KeyCustody) => Promise<void>,
): Promise<void> {
  return withHomeOf(options, async (home) => work(home, await keysOf(home.folder, options, isNew)));
}

async function keysOf(folder: string, { passphraseFile: file }: KeyArguments, isNew: boolean): Promise<KeyCustody> {
  privateFolder(folder);
  const make = isNew && !hasKeystore(folder);
  const passphrase = await passphraseFrom({ file, env: process.env, ask: terminalQuestion() }, { isNew: make });
  return make ? createKeystore(folder, passphrase) : openKeystore(folder, passphrase);
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
