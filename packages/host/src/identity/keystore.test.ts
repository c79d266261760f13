import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveKeySet, provider, type KeyOrigin } from '@aia/identity';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostError } from '../host-error.ts';
import { openHome, type Home } from './home.ts';
import { describeKeyCustody } from './key-custody.suite.ts';
import type { KeyCustody } from './key-custody.ts';
import { changePassphrase, createKeystore, custodyUnder, hasKeystore, openKeystore } from './keystore.ts';

const PASSPHRASE = 'correct horse battery';
/** The least that a header may ask for, so that tests are quick. */
const CHEAP = { memoryKiB: 19_456, passes: 1, lanes: 1 };
const AGENT = { agent: 'orchestrator', version: 1 };
const OTHER = { agent: 'other', version: 1 };

let folder: string;
let home: Home;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-keys-'));
  home = openHome(join(folder, 'home'));
});
afterEach(() => {
  home.close();
  rmSync(folder, { recursive: true, force: true });
});

const made = () => createKeystore(home, PASSPHRASE, CHEAP);
const sealedOf = ({ agent, version }: KeyOrigin, at = home) =>
  at.database.use((open) =>
    open.prepare('SELECT sealed FROM keys WHERE agent = ? AND version = ?').get(agent, version),
  )?.['sealed'] as Uint8Array;
const putSealed = ({ agent, version }: KeyOrigin, sealed: Uint8Array) =>
  home.database.use((open) => open.prepare('INSERT OR REPLACE INTO keys VALUES (?, ?, ?)').run(agent, version, sealed));
const changed = (text: Uint8Array, change: (fields: Record<string, unknown>) => unknown) =>
  Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(text).toString()) as Record<string, unknown>)));
const changeHeader = (change: (fields: Record<string, unknown>) => unknown) =>
  home.database.use((open) => {
    const header = open.prepare('SELECT header FROM keystore').get()?.['header'] as Uint8Array;
    open.prepare('UPDATE keystore SET header = ?').run(changed(header, change));
  });

describeKeyCustody('under a passphrase', () => ({ keys: made(), again: () => openKeystore(home, PASSPHRASE) }));
describeKeyCustody('under a key from elsewhere', () => {
  const master = provider.randomBytes(32);
  return { keys: custodyUnder(home.database, master), again: () => custodyUnder(home.database, master) };
});
describeKeyCustody('in memory', () => {
  const seeds = new Map<string, Uint8Array>();
  return { keys: inMemory(seeds), again: () => inMemory(seeds) };
});

/** Another process is quicker between the first reading and the first writing. */
function raced(use: Home['database']['use']): Home['database']['use'] {
  let reads = 0;
  return (work) => {
    if (reads++ === 1) changePassphrase(home, PASSPHRASE, 'another passphrase', CHEAP);
    return use(work);
  };
}

/** The smallest adapter: what a service would keep is in a map. */
function inMemory(seeds: Map<string, Uint8Array>): KeyCustody {
  const nameOf = ({ agent, version }: KeyOrigin) => {
    if (!/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/.test(agent)) throw new RangeError(`agent: is "${agent}"`);
    if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff) throw new RangeError('version: is none');
    return `${agent} ${version}`;
  };
  const keySetOf = (origin: KeyOrigin) => {
    const seed = seeds.get(nameOf(origin));
    if (seed === undefined) throw new HostError('key-missing', 'There are none.');
    return deriveKeySet(seed, origin);
  };
  return {
    ensure: async (origins) => {
      for (const name of origins.map(nameOf)) if (!seeds.has(name)) seeds.set(name, provider.randomBytes(32));
      return origins.map(keySetOf);
    },
    keySet: async (origin) => keySetOf(origin),
    versions: async (agent) =>
      [...seeds.keys()]
        .flatMap((name) => (name.startsWith(`${agent} `) ? [Number(name.split(' ')[1])] : []))
        .toSorted((a, b) => a - b),
    destroy: async (origins) => origins.forEach((origin) => void seeds.delete(nameOf(origin))),
  };
}

describe('a keystore', () => {
  it('is made once, whoever is quicker', async () => {
    expect(hasKeystore(home)).toBe(false);
    expect(() => openKeystore(home, PASSPHRASE)).toThrow(expect.objectContaining({ code: 'key-missing' }));
    await made().ensure([AGENT]);
    expect(hasKeystore(home)).toBe(true);
    await made().keySet(AGENT);
    expect(() => createKeystore(home, 'another passphrase', CHEAP)).toThrow(
      expect.objectContaining({ code: 'keystore-refused' }),
    );
  });

  it('takes another passphrase without touching keys', async () => {
    await made().ensure([AGENT]);
    const before = sealedOf(AGENT);
    changePassphrase(home, PASSPHRASE, 'another passphrase', CHEAP);
    expect(() => openKeystore(home, PASSPHRASE)).toThrow(expect.objectContaining({ code: 'keystore-refused' }));
    await openKeystore(home, 'another passphrase').keySet(AGENT);
    expect(sealedOf(AGENT)).toEqual(before);
  });

  it('takes another passphrase from whoever knows the one before', () => {
    made();
    expect(() => changePassphrase(home, 'a wrong passphrase', 'another passphrase', CHEAP)).toThrow(
      expect.objectContaining({ code: 'keystore-refused' }),
    );
    openKeystore(home, PASSPHRASE);
  });

  it('keeps the passphrase that another process gave it in the meantime', () => {
    made();
    const late = openHome(home.folder);
    const read = { ...late.database, use: raced(late.database.use) };
    expect(() => changePassphrase({ ...late, database: read }, PASSPHRASE, 'too late a passphrase', CHEAP)).toThrow(
      expect.objectContaining({ code: 'output-exists' }),
    );
    openKeystore(home, 'another passphrase');
    late.close();
  });

  it('clears seeds once keys are made of them', async () => {
    const keys = made();
    const drawn = vi.spyOn(provider, 'randomBytes');
    await keys.ensure([AGENT]);
    const [seed] = drawn.mock.results.map(({ value }) => value as Uint8Array);
    drawn.mockRestore();
    expect(seed).toEqual(new Uint8Array(32));
  });

  it('leaves nothing of what it destroyed in its files', async () => {
    const origins = Array.from({ length: 200 }, (_, i) => ({ agent: `agent-${i}`, version: 1 }));
    const keys = made();
    await keys.ensure(origins);
    const sealed = origins.map(
      (origin) => (JSON.parse(Buffer.from(sealedOf(origin)).toString()) as { sealed: string }).sealed,
    );
    await keys.destroy(origins.slice(1));
    home.close();
    const left = readFileSync(home.database.path, 'latin1');
    expect(sealed.map((text) => left.includes(text))).toEqual([true, ...sealed.slice(1).map(() => false)]);
    home = openHome(home.folder);
  });
});

describe('a keystore refuses', () => {
  it('a wrong passphrase and a changed header alike', () => {
    made();
    const refusal = expect.objectContaining({
      data: expect.objectContaining({ reason: 'wrong-passphrase-or-changed' }),
    });
    expect(() => openKeystore(home, `${PASSPHRASE}!`)).toThrow(refusal);
    changeHeader((header) => ({ ...header, passes: 2 }));
    expect(() => openKeystore(home, PASSPHRASE)).toThrow(refusal);
  });

  it('a later header before it pays any price', () => {
    made();
    changeHeader((header) => ({ ...header, version: 2 }));
    expect(() => openKeystore(home, PASSPHRASE)).toThrow(
      expect.objectContaining({ code: 'keystore-refused', data: expect.objectContaining({ reason: 'unsupported' }) }),
    );
  });

  it.each([
    ['changed', (fields: Record<string, unknown>) => ({ ...fields, sealed: 'A'.repeat(64) })],
    ['malformed', () => []],
  ])('keys that are %s', async (reason, change) => {
    await made().ensure([AGENT]);
    putSealed(AGENT, changed(sealedOf(AGENT), change));
    const keys = openKeystore(home, PASSPHRASE);
    const damaged = { code: 'key-damaged', data: { agent: 'orchestrator', version: 1, reason } };
    await expect(keys.keySet(AGENT)).rejects.toMatchObject(damaged);
    await expect(keys.ensure([AGENT])).rejects.toMatchObject(damaged);
  });

  it('keys in the place of others, also where they say so falsely', async () => {
    const keys = made();
    await keys.ensure([AGENT, { ...AGENT, version: 2 }, OTHER]);
    for (const from of [{ ...AGENT, version: 2 }, OTHER]) {
      const sealed = sealedOf(from);
      putSealed(AGENT, sealed);
      await expect(keys.keySet(AGENT)).rejects.toMatchObject({ data: { reason: 'other-key' } });
      putSealed(
        AGENT,
        changed(sealed, (fields) => ({ ...fields, agent: AGENT.agent, keyVersion: 1 })),
      );
      await expect(keys.keySet(AGENT)).rejects.toMatchObject({ data: { reason: 'changed' } });
    }
  });

  it('keys of another keystore', async () => {
    const other = openHome(join(folder, 'other'));
    await createKeystore(other, PASSPHRASE, CHEAP).ensure([AGENT]);
    putSealed(AGENT, sealedOf(AGENT, other));
    other.close();
    await expect(made().keySet(AGENT)).rejects.toMatchObject({ data: { reason: 'changed' } });
  });
});
