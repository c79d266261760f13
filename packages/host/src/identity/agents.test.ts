import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFor, verifyCredential, verifyLog, type JsonObject, type KeySet } from '@aia/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertionVersions } from './agent-document.ts';
import { createAgent, createAgents, deactivateAgent, knownAgent, rotateAgent, storeKeyOf } from './agents.ts';
import { openHome, homeFolder, type Home } from './home.ts';
import { issueAs, revokeCredentials, statusListOf } from './issuing.ts';
import type { KeyCustody } from './key-custody.ts';
import { createKeystore } from './keystore.ts';
import { resolverOf, sourcesOf } from './resolving.ts';

const AT = Date.UTC(2026, 5, 1);
const MINUTE_MS = 60_000;

let folder: string;
let home: Home;
let keys: KeyCustody;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-agents-'));
  home = openHome(join(folder, 'home'));
  keys = createKeystore(home, 'correct horse battery', { memoryKiB: 19_456, passes: 1, lanes: 1 });
});
afterEach(() => {
  home.close();
  rmSync(folder, { recursive: true, force: true });
});

const made = (name = 'cluster', at = AT) => createAgent(home, keys, { name, place: `agents.example/${name}`, at });
const latestOf = (name = 'cluster', at = AT) => {
  const { latest } = knownAgent(home, name, at);
  if (latest === undefined) throw new Error('no log');
  return latest;
};

/** A custody that fails before or after one of its calls, as a process that ends does. */
function endingAfter(calls: number): KeyCustody {
  let left = calls;
  const ending =
    <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (left-- === 0) throw new Error('power');
      const result = await call(...args);
      if (left-- === 0) throw new Error('power');
      return result;
    };
  return {
    ensure: ending(keys.ensure),
    keySet: ending(keys.keySet),
    versions: ending(keys.versions),
    destroy: ending(keys.destroy),
  };
}

/** A credential of the cluster's, and what comes of verifying it with the list as it is now. */
const issued = () =>
  issueAs(home, keys, 'cluster', {
    subject: 'did:web:somebody.example',
    statement: { kind: 'role', role: 'mlops-specialist' },
    validUntil: AT + 60 * MINUTE_MS,
    at: AT,
  });
async function verdictOn(credential: JsonObject, at: number, issuer = home.agents.find('cluster')?.did ?? '') {
  const list = await statusListOf(home, keys, 'cluster', at);
  const statusLists = list && [Buffer.from(JSON.stringify(list))];
  const sources = sourcesOf(resolverOf(home, undefined), undefined, { at, purpose: 'read', statusLists });
  return verifyCredential(JSON.stringify(credential), { sources, demands: { issuers: [issuer] }, at });
}

describe('an agent', () => {
  it('has a log that others verify, and keys for every use', async () => {
    const { did } = await made();
    const text = home.dids.get(storeKeyOf(did))?.text ?? '';
    const verdict = verifyLog(did, text, { at: AT });
    expect(verdict.kind).toBe('verified');
    const { document, parameters } = latestOf();
    expect(parameters.nextKeyHashes).toHaveLength(1);
    const found = (
      [
        ['assertion-1', 'assertionMethod', 'Ed25519'],
        ['assertion-ml-dsa-1', 'assertionMethod', 'ML-DSA-44'],
        ['assertion-composite-1', 'assertionMethod', 'COMPSIG-MLDSA65-Ed25519-SHA512'],
        ['authentication-1', 'authentication', 'Ed25519'],
        ['authentication-ml-dsa-1', 'authentication', 'ML-DSA-44'],
        ['authentication-composite-1', 'authentication', 'COMPSIG-MLDSA65-Ed25519-SHA512'],
        ['agreement-1', 'keyAgreement', 'X-Wing'],
      ] as const
    ).map(([name, use, kind]) => [keyFor(document, `${did}#${name}`, use, AT), kind] as const);
    for (const [key, kind] of found) expect(key).toMatchObject({ kind: 'key', key: { kind } });
    expect(keyFor(document, `${did}#agreement-1`, 'assertionMethod', AT).kind).toBe('refused');
  });

  it('is rotated to the keys that its log is committed to, again and again', async () => {
    const { did } = await made();
    for (let i = 1; i <= 3; i++) await rotateAgent(home, keys, 'cluster', { at: AT + i * MINUTE_MS });
    const { number, document } = latestOf('cluster', AT + 9 * MINUTE_MS);
    expect(number).toBe(4);
    expect(keyFor(document, `${did}#authentication-4`, 'authentication', AT).kind).toBe('key');
    expect(keyFor(document, `${did}#authentication-3`, 'authentication', AT).kind).toBe('refused');
    expect(assertionVersions(document).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(await keys.versions('cluster')).toEqual([3, 4, 5]);
  });

  it('is made again where making it was interrupted, with the keys that are there', async () => {
    const interrupted: KeyCustody = {
      ...keys,
      ensure: async (origins) => {
        await keys.ensure(origins.slice(0, 1));
        throw new Error('power');
      },
    };
    await expect(
      createAgent(home, interrupted, { name: 'cluster', place: 'agents.example/x', at: AT }),
    ).rejects.toThrow('power');
    expect(await keys.versions('cluster')).toEqual([1]);
    await made();
    expect(await keys.versions('cluster')).toEqual([1, 2]);
  });

  it('is not rotated twice to one version by two processes', async () => {
    await made();
    const other = openHome(home.folder);
    const late: KeyCustody = {
      ...keys,
      keySet: async (origin): Promise<KeySet> => {
        const set = await keys.keySet(origin);
        if (origin.version === 2) await rotateAgent(other, keys, 'cluster', { at: AT + 2 * MINUTE_MS });
        return set;
      },
    };
    await expect(rotateAgent(home, late, 'cluster', { at: AT + MINUTE_MS })).rejects.toMatchObject({
      code: 'store-failed',
    });
    expect(latestOf('cluster', AT + 9 * MINUTE_MS).number).toBe(2);
    other.close();
  });

  it('is what it was or what it becomes, wherever the work on it ends, and is brought there by doing it again', async () => {
    const steps: readonly (readonly [string, (custody: KeyCustody, at: number) => Promise<unknown>])[] = [
      ['create', (custody, at) => createAgent(home, custody, { name: 'cluster', place: 'agents.example/x', at })],
      ['rotate', (custody, at) => rotateAgent(home, custody, 'cluster', { at })],
      ['revoke', (custody, at) => rotateAgent(home, custody, 'cluster', { at, revoked: [2] })],
      ['deactivate', (custody, at) => deactivateAgent(home, custody, 'cluster', at)],
    ];
    let at = AT;
    for (const [name, step] of steps)
      for (let calls = 0; ; calls++) {
        at += MINUTE_MS;
        const isDone = await step(endingAfter(calls), at).then(
          () => true,
          (error: unknown) => (error as Error).message !== 'power',
        );
        if (isDone) break;
        if (name !== 'create') expect(latestOf('cluster', at).number).toBeGreaterThan(0);
        expect(calls, name).toBeLessThan(9);
      }
    expect(latestOf('cluster', at).parameters.deactivated).toBe(true);
    expect(await keys.versions('cluster')).toEqual([]);
  });

  it('is made with many others at once, or with none of them', async () => {
    const many = ['a', 'b', 'c'].map((name) => ({ name, place: `agents.example/${name}`, at: AT }));
    const agents = await createAgents(home, keys, [...many, { name: 'd', place: undefined, at: AT }]);
    expect(agents.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(agents.map(({ name }) => knownAgent(home, name, AT).agent)).toEqual(agents);
    const twice = ['e', 'f', 'e'].map((name) => ({ name, place: undefined, at: AT }));
    await expect(createAgents(home, keys, twice)).rejects.toMatchObject({ code: 'identity-exists' });
    expect(home.agents.list().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes no keys of an identity that was lost', async () => {
    await keys.ensure([{ agent: 'cluster', version: 3 }]);
    await expect(made()).rejects.toMatchObject({ code: 'identity-exists' });
    expect(await keys.versions('cluster')).toEqual([3]);
  });

  it('has a DID of plain letters, wherever its log lies', async () => {
    const place = "https://Bücher.example:443/Ärzte/o'neill~(1)/";
    const { did } = await createAgent(home, keys, { name: 'cluster', place, at: AT });
    expect(did.replace(/^did:webvh:\w+:/, '')).toBe('xn--bcher-kva.example:%C3%84rzte:o%27neill%7E%281%29');
    expect((await verdictOn(await issued(), AT)).kind).toBe('verified');
  });

  it('is ended also where ending it was interrupted before its keys were destroyed', async () => {
    await made();
    const interrupted: KeyCustody = { ...keys, destroy: () => Promise.reject(new Error('power')) };
    await expect(deactivateAgent(home, interrupted, 'cluster', AT + MINUTE_MS)).rejects.toThrow('power');
    expect(await keys.versions('cluster')).toEqual([1, 2]);
    await deactivateAgent(home, keys, 'cluster', AT + 2 * MINUTE_MS);
    expect(await keys.versions('cluster')).toEqual([]);
    await expect(deactivateAgent(home, keys, 'cluster', AT + 3 * MINUTE_MS)).rejects.toThrow(/deactivated/);
  });

  it('is ended for good, its keys destroyed', async () => {
    await made();
    const { latest } = await deactivateAgent(home, keys, 'cluster', AT + MINUTE_MS);
    expect(latest).toMatchObject({ number: 2, parameters: { deactivated: true } });
    expect(await keys.versions('cluster')).toEqual([]);
    await expect(rotateAgent(home, keys, 'cluster', { at: AT + 2 * MINUTE_MS })).rejects.toThrow(/deactivated/);
    await expect(issued()).rejects.toThrow();
  });

  it('of a did:key signs and never changes', async () => {
    const { did } = await createAgent(home, keys, { name: 'probe', place: undefined, at: AT });
    const credential = await issueAs(home, keys, 'probe', {
      subject: did,
      statement: { kind: 'attestation', claims: { observed: 7 } },
      validUntil: AT + MINUTE_MS,
      at: AT,
    });
    const sources = sourcesOf(resolverOf(home, undefined), undefined, { at: AT, purpose: 'read' });
    const verify = (at: number) =>
      verifyCredential(JSON.stringify(credential), { sources, demands: { issuers: [did] }, at });
    expect((await verify(AT)).kind).toBe('verified');
    expect(await verify(AT + MINUTE_MS)).toMatchObject({ kind: 'refused', reason: 'expired' });
    await expect(rotateAgent(home, keys, 'probe', { at: AT })).rejects.toThrow(/did:key/);
  });

  it.each(['127.0.0.1/x', 'localhost/x', 'agents.example/../x', 'agents.example:0/x', '', 'a b.example'])(
    'has no log at %j',
    async (place) => {
      await expect(createAgent(home, keys, { name: 'cluster', place, at: AT })).rejects.toThrow(RangeError);
      expect(home.agents.list()).toEqual([]);
    },
  );

  it('has one name alone', async () => {
    await made();
    await expect(made()).rejects.toMatchObject({ code: 'identity-exists' });
    expect(() => knownAgent(home, 'nobody', AT)).toThrow(expect.objectContaining({ code: 'identity-missing' }));
  });
});

describe('credentials of an agent', () => {
  it('hold with both proofs and a status, also after its keys were rotated', async () => {
    await made();
    const credential = await issued();
    const verdict = await verdictOn(credential, AT);
    expect(verdict.kind === 'verified' && verdict.verified.map(({ what }) => what)).toEqual([
      ...['proof', 'proof', 'issuer', 'validity', 'status'],
    ]);
    await rotateAgent(home, keys, 'cluster', { at: AT + MINUTE_MS });
    expect((await verdictOn(credential, AT + 2 * MINUTE_MS)).kind).toBe('verified');
  });

  it('do not hold once they are revoked, and others still do', async () => {
    await made();
    const [credential, other] = [await issued(), await issued()];
    revokeCredentials(home, 'cluster', { id: String(credential.id) }, AT);
    expect(await verdictOn(credential, AT)).toMatchObject({ reason: 'revoked' });
    expect((await verdictOn(other, AT)).kind).toBe('verified');
  });

  it('do not hold once the keys are revoked that signed them', async () => {
    await made();
    const credential = await issued();
    await rotateAgent(home, keys, 'cluster', { at: AT + MINUTE_MS, revoked: [1] });
    expect(await verdictOn(credential, AT + 2 * MINUTE_MS)).toMatchObject({ kind: 'refused', reason: 'revoked-key' });
    expect(await keys.versions('cluster')).toEqual([2, 3]);
    await expect(rotateAgent(home, keys, 'cluster', { at: AT + 3 * MINUTE_MS, revoked: [1] })).rejects.toThrow(
      /version 1/,
    );
  });

  it('have places in the list by chance, each its own', async () => {
    await made();
    const indexes = Array.from(
      { length: 20 },
      (_, i) =>
        home.agents.issue({ id: `c${i}`, issuer: 'cluster', subject: 'did:web:x.example', issuedAt: AT }, 64)
          .statusIndex,
    );
    expect(new Set(indexes).size).toBe(20);
    expect(indexes).not.toEqual(indexes.toSorted((a, b) => a - b));
  });

  it('are revoked by whoever issued them alone', async () => {
    await made();
    await made('other');
    const { id } = await issued();
    expect(() => revokeCredentials(home, 'other', { id: String(id) }, AT)).toThrow(
      expect.objectContaining({ code: 'identity-missing' }),
    );
  });
});

describe('a home', () => {
  it('is where the environment says', () => {
    expect(homeFolder({ AIA_HOME: '/srv/aia', XDG_DATA_HOME: '/data' })).toBe('/srv/aia');
    expect(homeFolder({ AIA_HOME: '', XDG_DATA_HOME: '/data' })).toBe('/data/aia');
    expect(homeFolder({ XDG_DATA_HOME: 'relative' })).toMatch(/\/\.local\/share\/aia$/);
  });
});
