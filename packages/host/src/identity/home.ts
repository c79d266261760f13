/** A home: the folder with the database of whoever runs this. */
import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { HostError } from '../host-error.ts';
import { agentRegister, type AgentRegister } from './agent-register.ts';
import { openDatabase, type Database } from './database.ts';
import { didStore, type DidStore } from './did-store.ts';

/** What is kept in it; keys are in the database as well. */
export interface Home {
  readonly folder: string;
  readonly database: Database;
  readonly agents: AgentRegister;
  readonly dids: DidStore;
  readonly close: () => void;
}

/** `AIA_HOME`, else `aia` in the user's folder for what programs keep (XDG). */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['AIA_HOME'] ?? '';
  if (own !== '') return own;
  const kept = env['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(kept) ? kept : join(homedir(), '.local/share'), 'aia');
}

const FILE = 'identity.db';

/** Opens a home, or makes it. @throws HostError as {@link openDatabase} does */
export function openHome(folder: string): Home {
  const database = openDatabase(join(folder, FILE));
  return { folder, database, agents: agentRegister(database), dids: didStore(database), close: database.close };
}

/** Opens a home, and makes none. @throws HostError `home-missing`, and as {@link openDatabase} does */
export function openExistingHome(folder: string): Home {
  if (isThere(join(folder, FILE))) return openHome(folder);
  throw new HostError(
    'home-missing',
    `There are no identities in ${folder}: make one with "aia identity create", or name another folder with --home or AIA_HOME.`,
    { data: { folder } },
  );
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Opening it says why it cannot be seen.
    return true;
  }
}
