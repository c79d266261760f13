/** A keystore is a part of a home: a master key under a passphrase, and a sealed seed for each version of an agent's keys. */
import { deriveKeySet, KEY_SEED_BYTES, provider, type KeyOrigin, type KeySet } from '@aia/identity';
import { HostError } from '../host-error.ts';
import type { Database } from './database.ts';
import type { Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';
import { ARGON2_COST, openMasterKey, sealMasterKey, type Argon2Cost } from './master-key.ts';
import { openSeed, sealSeed } from './sealed-seed.ts';

/** Names of agents. */
export const AGENT_NAME = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/** Whether there is a keystore in a home. @throws HostError `store-failed` */
export function hasKeystore({ database }: Home): boolean {
  return headerIn(database) !== undefined;
}

/**
 * Makes a keystore in a home that has none, or opens the one that another process made in the meantime.
 * @throws HostError `keystore-refused` where that has another passphrase, `store-failed`
 */
export function createKeystore(home: Home, passphrase: string, cost: Argon2Cost = ARGON2_COST): KeyCustody {
  const { database } = home;
  const master = provider.randomBytes(32);
  const header = sealMasterKey(master, passphrase, cost);
  const { changes } = database.use((open) => open.prepare('INSERT OR IGNORE INTO keystore VALUES (1, ?)').run(header));
  return changes === 1 ? custodyUnder(database, master) : openKeystore(home, passphrase);
}

/**
 * Opens a keystore; the passphrase is asked for its price once.
 * @throws HostError `key-missing` where there is none, `keystore-refused` for a wrong passphrase or a changed header, `store-failed`
 */
export function openKeystore({ database }: Home, passphrase: string): KeyCustody {
  return custodyUnder(database, masterOf(database, passphrase).master);
}

/**
 * Seals the same master key with another passphrase; the keys stay as they are.
 * @throws HostError `output-exists` where another process changed it in the meantime, and as {@link openKeystore} does
 */
export function changePassphrase(
  { database }: Home,
  before: string,
  after: string,
  cost: Argon2Cost = ARGON2_COST,
): void {
  const { master, header } = masterOf(database, before);
  const sealed = sealMasterKey(master, after, cost);
  master.fill(0);
  const { changes } = database.use((open) =>
    open.prepare('UPDATE keystore SET header = ? WHERE header = ?').run(sealed, header),
  );
  if (changes !== 1)
    throw new HostError('output-exists', `The keystore in ${database.path} has another passphrase by now.`, {
      data: { path: database.path },
    });
}

function headerIn(database: Database): Uint8Array | undefined {
  const row = database.use((open) => open.prepare('SELECT header FROM keystore').get());
  return row?.['header'] as Uint8Array | undefined;
}

const REFUSED = {
  malformed: 'is none',
  unsupported: 'has a form or a price that this version does not know',
  'wrong-passphrase-or-changed': 'does not open: the passphrase is wrong, or it was changed',
};

function masterOf(
  database: Database,
  passphrase: string,
): { readonly master: Uint8Array; readonly header: Uint8Array } {
  const { path } = database;
  const header = headerIn(database);
  if (header === undefined)
    throw new HostError('key-missing', `There is no keystore in ${path}; "aia identity create" makes one.`, {
      data: { path },
    });
  const opened = openMasterKey(header, passphrase);
  if (opened.kind === 'opened') return { master: opened.master, header };
  throw new HostError('keystore-refused', `The keystore in ${path} ${REFUSED[opened.reason]}.`, {
    data: { path, reason: opened.reason },
  });
}

/** The keys in a database, sealed under a master key of 32 bytes, wherever that came from. */
export function custodyUnder(database: Database, master: Uint8Array): KeyCustody {
  const { use, change, path } = database;
  const select = use((open) => open.prepare('SELECT sealed FROM keys WHERE agent = ? AND version = ?'));
  const insert = use((open) => open.prepare('INSERT INTO keys VALUES (?, ?, ?)'));
  const list = use((open) => open.prepare('SELECT version FROM keys WHERE agent = ? ORDER BY version'));
  const remove = use((open) => open.prepare('DELETE FROM keys WHERE agent = ? AND version = ?'));
  const seedOf = (origin: KeyOrigin) => {
    const { agent, version } = required(origin);
    const sealed = select.get(agent, version)?.['sealed'] as Uint8Array | undefined;
    return sealed && unsealed(sealed, origin, master, path);
  };
  const drawn = (origin: KeyOrigin) => {
    const seed = provider.randomBytes(KEY_SEED_BYTES);
    insert.run(origin.agent, origin.version, sealSeed(seed, origin, master));
    return seed;
  };
  return {
    ensure: async (origins) => change(() => origins.map((origin) => keySetOf(seedOf(origin) ?? drawn(origin), origin))),
    keySet: async (origin) => keySetOf(use(() => seedOf(origin)) ?? missing(origin, path), origin),
    versions: async (agent) => use(() => list.all(agent).map(({ version }) => Number(version))),
    destroy: async (origins) => change(() => origins.forEach(({ agent, version }) => remove.run(agent, version))),
  };
}

function keySetOf(seed: Uint8Array, origin: KeyOrigin): KeySet {
  const set = deriveKeySet(seed, origin);
  seed.fill(0);
  return set;
}

const DAMAGED = {
  malformed: 'are no sealed keys',
  unsupported: 'have a form that this version does not know',
  'other-key': 'are those of another agent or version',
  changed: 'were changed, or belong to another keystore',
};

function unsealed(sealed: Uint8Array, origin: KeyOrigin, master: Uint8Array, path: string): Uint8Array {
  const opened = openSeed(sealed, origin, master);
  if (opened.kind === 'opened') return opened.seed;
  const { agent, version } = origin;
  throw new HostError(
    'key-damaged',
    `The keys of ${agent}, version ${version}, in ${path} ${DAMAGED[opened.reason]}.`,
    {
      data: { agent, version, path, reason: opened.reason },
    },
  );
}

function missing({ agent, version }: KeyOrigin, path: string): never {
  throw new HostError('key-missing', `There are no keys of ${agent}, version ${version}, in ${path}.`, {
    data: { agent, version, path },
  });
}

function required(origin: KeyOrigin): KeyOrigin {
  const { agent, version } = origin;
  if (!AGENT_NAME.test(agent))
    throw new RangeError(`agent: is "${agent}", must be 1 to 63 small letters, digits and hyphens, none at an end`);
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError(`version: is ${version}, must be an integer from 1 to ${0xffff_ffff}`);
  return origin;
}
