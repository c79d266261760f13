/**
 * A keystore is a folder: `keystore.json` with the master key under a passphrase, and `keys/AGENT.VERSION.json` with a sealed seed each. All of it is for its
 * owner alone, which is checked at every reading.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deriveKeySet, KEY_SEED_BYTES, provider, type KeyOrigin, type KeySet } from '@aia/identity';
import { HostError } from '../host-error.ts';
import type { KeyCustody } from './key-custody.ts';
import { ARGON2_COST, openMasterKey, sealMasterKey, type Argon2Cost } from './master-key.ts';
import { privateFolder, readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';
import { openSeed, sealSeed } from './sealed-seed.ts';

const HEADER = 'keystore.json';
const MOST_BYTES = 4096;

/** Names of agents in a keystore, which are names of files too. */
export const AGENT_NAME = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/** Whether there is a keystore in a folder. */
export function hasKeystore(folder: string): boolean {
  return readPrivateFile(join(folder, HEADER), { mostBytes: MOST_BYTES }) !== undefined;
}

/**
 * Makes a keystore in a folder that has none.
 * @throws HostError `output-exists`, `file-exposed`, `output-failed`
 */
export function createKeystore(folder: string, passphrase: string, cost: Argon2Cost = ARGON2_COST): KeyCustody {
  privateFolder(folder);
  const master = provider.randomBytes(32);
  writePrivateFile(join(folder, HEADER), sealMasterKey(master, passphrase, cost), { replace: false });
  return custodyOf(folder, master);
}

/**
 * Opens a keystore; the passphrase is asked for its price once.
 * @throws HostError `key-missing` where there is none, `keystore-refused` for a wrong passphrase or a changed header, `file-exposed`
 */
export function openKeystore(folder: string, passphrase: string): KeyCustody {
  return custodyOf(folder, masterOf(folder, passphrase));
}

/** Seals the same master key with another passphrase; the keys stay as they are. @throws HostError as {@link openKeystore} does */
export function changePassphrase(folder: string, before: string, after: string, cost: Argon2Cost = ARGON2_COST): void {
  const master = masterOf(folder, before);
  writePrivateFile(join(folder, HEADER), sealMasterKey(master, after, cost), { replace: true });
  master.fill(0);
}

const REFUSED = {
  malformed: 'is no keystore',
  unsupported: 'has a form or a price that this version does not know',
  'wrong-passphrase-or-changed': 'does not open: the passphrase is wrong, or the file was changed',
};

function masterOf(folder: string, passphrase: string): Uint8Array {
  const path = join(folder, HEADER);
  privateFolder(folder);
  const text = readPrivateFile(path, { mostBytes: MOST_BYTES });
  if (text === undefined)
    throw new HostError('key-missing', `There is no keystore in ${folder}; create an identity first.`, {
      data: { folder },
    });
  const opened = openMasterKey(text, passphrase);
  if (opened.kind === 'opened') return opened.master;
  throw new HostError('keystore-refused', `${path} ${REFUSED[opened.reason]}.`, {
    data: { path, reason: opened.reason },
  });
}

function custodyOf(folder: string, master: Uint8Array): KeyCustody {
  const keys = join(folder, 'keys');
  privateFolder(keys);
  const pathOf = ({ agent, version }: KeyOrigin) => join(keys, `${requireName(agent)}.${requireVersion(version)}.json`);
  return {
    create: async (origin) => {
      const path = pathOf(origin);
      const seed = provider.randomBytes(KEY_SEED_BYTES);
      writePrivateFile(path, sealSeed(seed, origin, master), { replace: false });
      return keySetOf(seed, origin);
    },
    keySet: async (origin) => keySetOf(seedIn(pathOf(origin), origin, master), origin),
    versions: async (agent) => versionsIn(keys, requireName(agent)),
    destroy: async (origin) => removePrivateFile(pathOf(origin)),
  };
}

function keySetOf(seed: Uint8Array, origin: KeyOrigin): KeySet {
  const set = deriveKeySet(seed, origin);
  seed.fill(0);
  return set;
}

const DAMAGED = {
  malformed: 'is no sealed key',
  unsupported: 'has a form that this version does not know',
  'other-key': 'is the key of another agent or version',
  changed: 'was changed, or belongs to another keystore',
};

function seedIn(path: string, origin: KeyOrigin, master: Uint8Array): Uint8Array {
  const { agent, version } = origin;
  const text = readPrivateFile(path, { mostBytes: MOST_BYTES });
  if (text === undefined)
    throw new HostError('key-missing', `There is no version ${version} of the keys of ${agent}: ${path} is missing.`, {
      data: { agent, version, path },
    });
  const opened = openSeed(text, origin, master);
  if (opened.kind === 'opened') return opened.seed;
  throw new HostError('key-damaged', `${path} ${DAMAGED[opened.reason]}.`, {
    data: { agent, version, path, reason: opened.reason },
  });
}

function versionsIn(keys: string, agent: string): readonly number[] {
  return readdirSync(keys)
    .flatMap((name) => {
      const [, of, version] = /^([a-z\d-]+)\.([1-9]\d{0,9})\.json$/.exec(name) ?? [];
      return of === agent ? [Number(version)] : [];
    })
    .toSorted((a, b) => a - b);
}

function requireName(agent: string): string {
  if (!AGENT_NAME.test(agent))
    throw new RangeError(`agent: is "${agent}", must be 1 to 63 small letters, digits and hyphens, none at an end`);
  return agent;
}

function requireVersion(version: number): number {
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError(`version: is ${version}, must be an integer from 1 to ${0xffff_ffff}`);
  return version;
}
