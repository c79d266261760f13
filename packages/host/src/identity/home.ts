/** A home: the folder with the keystore and the database of whoever runs this. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { agentRegister, type AgentRegister } from './agent-register.ts';
import { openDatabase } from './database.ts';
import { didStore, type DidStore } from './did-store.ts';

/** What is kept in it besides keys. */
export interface Home {
  readonly folder: string;
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

/** Opens or makes it. @throws HostError `file-exposed`, `store-failed`, `output-failed` */
export function openHome(folder: string): Home {
  const database = openDatabase(join(folder, 'identity.db'));
  return { folder, agents: agentRegister(database), dids: didStore(database), close: database.close };
}
