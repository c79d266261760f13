import { describe, expect, it } from 'vitest';
import { toMultikey } from '../../encoding/multikey.ts';
import { provider } from '../../provider/node.ts';
import { didKey } from '../key.ts';
import { verifyLog, type VerifiedLog } from '../webvh/log.ts';
import { createLog, deactivateLog, updateLog, witnessFile, witnessProof, type WrittenLog } from '../webvh/write.ts';
import type { JsonValue } from '../../canonical/strict-json.ts';
import type { DidFiles, OriginAnswer, StoredDid } from './ports.ts';
import type { FoundDocument } from './resolution.ts';
import { RESOLVER_POLICY, type ResolverPolicy } from './policy.ts';
import { createResolver } from './resolver.ts';

const AT = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const NOW = AT + 10 * DAY;
const { readFreshMs, writeFreshMs, absentMs, circuit } = RESOLVER_POLICY;

const key = (n: number) => provider.ed25519.signingKey(new Uint8Array(32).fill(n));
const keys = (n: number) => ({ signing: key(n), next: [key(n + 1).publicKey, key(n + 100).publicKey] });
const verified = ({ did, text }: WrittenLog): VerifiedLog => {
  const verdict = verifyLog(did, text, { at: NOW });
  if (verdict.kind === 'refused') throw new Error(verdict.reason);
  return verdict.log;
};
const first = createLog({ segments: 'a.example', portable: true, keys: keys(1), at: AT });
const second = updateLog(verified(first), { keys: keys(2), at: AT + DAY });
const other = updateLog(verified(first), { keys: keys(101), at: AT + DAY });
const ended = deactivateLog(verified(second), { signing: key(3), at: AT + 2 * DAY });
const { did } = first;
const LOG = 'https://a.example/.well-known/did.jsonl';
const PROOFS = 'https://a.example/.well-known/did-witness.json';

/** Ports that can be changed, and count. */
class World {
  readonly files = new Map<string, string>();
  readonly stored = new Map<string, StoredDid>();
  peers: readonly DidFiles[] = [];
  isDown = false;
  readonly asked: string[] = [];

  resolver(policy: Partial<ResolverPolicy> = {}) {
    return createResolver(
      {
        store: {
          read: (name) => Promise.resolve(this.stored.get(name)),
          write: (name, stored) => Promise.resolve(void this.stored.set(name, stored)),
        },
        peers: { ask: () => Promise.resolve(this.peers) },
        origin: { read: (url) => this.read(url) },
      },
      policy,
    );
  }

  async read(url: string): Promise<OriginAnswer> {
    this.asked.push(url);
    await Promise.resolve();
    if (this.isDown) throw new Error('down');
    const text = this.files.get(url);
    return text === undefined ? { kind: 'absent' } : { kind: 'found', text };
  }
}
const worldWith = (log: WrittenLog): World => {
  const world = new World();
  world.files.set(LOG, log.text);
  return world;
};
const read = (at: number) => ({ at, purpose: 'read' }) as const;
const write = (at: number) => ({ at, purpose: 'write' }) as const;

describe('the ladder', () => {
  it('asks the origin once, then memory until it is too old', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver();
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'origin', ageMs: 0, isStale: false });
    expect(await resolve(did, read(NOW + readFreshMs))).toMatchObject({
      rung: 'memory',
      ageMs: readFreshMs,
      isStale: false,
    });
    expect(world.asked).toEqual([LOG]);
    expect(await resolve(did, read(NOW + readFreshMs + 1))).toMatchObject({ rung: 'origin', ageMs: 0 });
  });

  it('starts from the store, which it does not trust', async () => {
    const world = worldWith(first);
    await world.resolver().resolve(did, read(NOW));
    expect(await world.resolver().resolve(did, read(NOW + 5))).toMatchObject({ rung: 'store', ageMs: 5 });
    for (const [name, stored] of world.stored)
      world.stored.set(name, { ...stored, text: stored.text.replace('a.example', 'b.example') });
    const resolution = await world.resolver().resolve(did, read(NOW + 5));
    expect(resolution).toMatchObject({
      rung: 'origin',
      attempts: [{ rung: 'store', outcome: 'refused', reason: 'wrong-scid' }, {}, {}],
    });
  });

  it('takes from peers what is newer, as an answer that nobody confirmed', async () => {
    const world = worldWith(first);
    const resolver = world.resolver();
    await resolver.resolve(did, read(NOW));
    world.isDown = true;
    world.peers = [{ text: 'x' }, { text: first.text }, { text: second.text }, { text: first.text }];
    const at = NOW + 2 * readFreshMs;
    expect(await resolver.resolve(did, read(at))).toMatchObject({
      ...{ kind: 'resolved', rung: 'peers', ageMs: undefined, isStale: true },
      metadata: { versionId: second.versionId, versionNumber: 2, createdAt: AT, updatedAt: AT + DAY },
    });
    expect(await resolver.resolve(did, write(at))).toMatchObject({ kind: 'refused', reason: 'stale' });
  });

  it('does not let peers keep a write from the origin', async () => {
    const world = worldWith(second);
    world.peers = [{ text: first.text }];
    expect(await world.resolver().resolve(did, write(NOW))).toMatchObject({
      rung: 'origin',
      metadata: { versionNumber: 2 },
    });
    expect(await world.resolver().resolve(did, read(NOW + 2 * readFreshMs))).toMatchObject({
      metadata: { versionNumber: 2 },
    });
  });

  it('gives reads what is old when nobody answers, and refuses writes', async () => {
    const world = worldWith(first);
    const resolver = world.resolver();
    await resolver.resolve(did, write(NOW));
    world.isDown = true;
    expect(await resolver.resolve(did, write(NOW + writeFreshMs))).toMatchObject({ kind: 'resolved', rung: 'memory' });
    expect(await resolver.resolve(did, write(NOW + writeFreshMs + 1))).toMatchObject({
      kind: 'refused',
      reason: 'stale',
    });
    const later = await resolver.resolve(did, read(NOW + 5 * DAY));
    expect(later).toMatchObject({ kind: 'resolved', rung: 'memory', isStale: true, ageMs: 5 * DAY });
  });

  it('never goes back, and never to another history', async () => {
    const world = worldWith(second);
    const resolver = world.resolver();
    await resolver.resolve(did, read(NOW));
    const at = NOW + 2 * readFreshMs;
    world.files.set(LOG, first.text);
    expect(await resolver.resolve(did, read(at))).toMatchObject({
      rung: 'memory',
      isStale: true,
      metadata: { versionNumber: 2 },
    });
    expect(await resolver.resolve(did, write(at))).toMatchObject({ kind: 'refused', reason: 'truncated-log' });
    world.files.set(LOG, other.text);
    for (const options of [read(at), write(at)])
      expect(await resolver.resolve(did, options)).toMatchObject({ kind: 'refused', reason: 'forked-log' });
    expect(await world.resolver().resolve(did, read(at))).toMatchObject({ reason: 'forked-log' });
  });

  it('takes an origin with a log that does not hold for one that is away', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver();
    await resolve(did, read(NOW));
    const at = NOW + 2 * readFreshMs;
    const forged = [...second.text.split('\n').slice(0, 1), other.text.split('\n')[1]?.replace('z', 'y'), ''].join(
      '\n',
    );
    for (const [text, reason] of [
      ['<html>', 'malformed'],
      [forged, 'wrong-entry-hash'],
    ] as const) {
      world.files.set(LOG, text);
      expect(await resolve(did, read(at))).toMatchObject({
        ...{ kind: 'resolved', rung: 'memory', isStale: true, metadata: { versionNumber: 1 } },
        attempts: [{}, {}, { rung: 'origin', outcome: 'refused', reason }, {}],
      });
      expect(await resolve(did, write(at))).toMatchObject({ kind: 'refused', reason });
    }
  });

  it('relies on nothing once peers tell another history, unless the origin decides', async () => {
    const at = NOW + 2 * readFreshMs;
    const forked = { attempts: expect.arrayContaining([{ rung: 'peers', outcome: 'refused', reason: 'forked-log' }]) };
    for (const [known, answers] of [
      [first, [second, other]],
      [second, [other]],
      [first, [other, first, second]],
    ] as const) {
      const world = worldWith(known);
      const { resolve } = world.resolver();
      await resolve(did, read(NOW));
      world.peers = answers;
      world.isDown = true;
      expect(await resolve(did, read(at))).toMatchObject({ kind: 'refused', reason: 'forked-log', ...forked });
      world.isDown = false;
      expect(await resolve(did, read(at))).toMatchObject({
        kind: 'resolved',
        rung: 'origin',
        isStale: false,
        ...forked,
      });
    }
  });

  it('looks at the answers of eight peers', async () => {
    for (const others of [7, 8]) {
      const world = new World();
      world.peers = [...Array.from({ length: others }, () => ({ text: 'x' })), { text: first.text }];
      const kind = others < 8 ? 'resolved' : 'refused';
      expect(await world.resolver().resolve(did, read(NOW))).toMatchObject({ kind });
    }
  });

  it('takes the newest of what peers and origin have', async () => {
    const world = worldWith(first);
    world.peers = [{ text: second.text }];
    const { resolve } = world.resolver();
    const newest = { rung: 'peers', ageMs: undefined, isStale: true, metadata: { versionNumber: 2 } };
    expect(await resolve(did, read(NOW))).toMatchObject(newest);
    expect(await resolve(did, read(NOW))).toMatchObject({ ...newest, rung: 'memory' });
    expect(await resolve(did, write(NOW))).toMatchObject({ kind: 'refused', reason: 'truncated-log' });
    world.files.set(LOG, second.text);
    expect(await resolve(did, write(NOW))).toMatchObject({ kind: 'resolved', rung: 'origin', ageMs: 0 });
  });

  it('does not let what was stored replace what came while it was read', async () => {
    const [reading, answer] = [Promise.withResolvers<StoredDid>(), Promise.withResolvers<OriginAnswer>()];
    const readings = [Promise.resolve(undefined), reading.promise];
    const store = { read: () => readings.shift() ?? Promise.resolve(undefined), write: () => Promise.resolve() };
    const { resolve } = createResolver({ store, origin: { read: () => answer.promise } });
    const quick = resolve(did, read(NOW));
    await new Promise(setImmediate);
    const slow = resolve(did, read(NOW));
    answer.resolve({ kind: 'found', text: second.text });
    expect(await quick).toMatchObject({ rung: 'origin', metadata: { versionNumber: 2 } });
    reading.resolve({ text: first.text, confirmedAt: NOW });
    expect(await slow).toMatchObject({ metadata: { versionNumber: 2 } });
    expect(await resolve(did, write(NOW))).toMatchObject({ rung: 'memory', metadata: { versionNumber: 2 } });
  });

  it('says that a DID is no more, and still knows what it was', async () => {
    const { resolve } = worldWith(ended).resolver();
    const gone = await resolve(did, write(NOW));
    expect(gone).toMatchObject({ kind: 'deactivated', metadata: { deactivated: true, versionNumber: 3 } });
    const old = await resolve(`${did}?versionNumber=1`, read(NOW));
    expect(old).toMatchObject({
      kind: 'resolved',
      metadata: { deactivated: true, versionNumber: 1, supersededAt: AT + DAY },
    });
  });

  it('needs nobody any more for a DID that is no more', async () => {
    const world = new World();
    world.peers = [{ text: ended.text }];
    const { resolve } = world.resolver();
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'deactivated', rung: 'peers', isStale: false });
    world.peers = [];
    world.isDown = true;
    expect(await resolve(did, write(NOW + 99 * DAY))).toMatchObject({ kind: 'deactivated', rung: 'memory' });
  });
});

describe('those who never answer', () => {
  const never = () => new Promise<never>(() => {});

  it('do not keep others from answering', async () => {
    const world = worldWith(first);
    const byOrigin = createResolver({ peers: { ask: never }, origin: { read: (url) => world.read(url) } });
    expect(await byOrigin.resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'origin' });
    world.files.set(LOG, second.text);
    const later = read(NOW + readFreshMs + 1);
    expect(await byOrigin.resolve(did, later)).toMatchObject({ rung: 'origin', metadata: { versionNumber: 2 } });
    const peers = { ask: () => Promise.resolve([{ text: first.text }]) };
    const byPeers = createResolver({ peers, origin: { read: never } });
    expect(await byPeers.resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'peers' });
  });

  it('are waited for as long as each caller likes', async () => {
    const answer = Promise.withResolvers<OriginAnswer>();
    const { resolve } = createResolver({ peers: { ask: never }, origin: { read: () => answer.promise } });
    const stop = new AbortController();
    const [impatient, patient] = [
      resolve(did, { ...read(NOW), signal: stop.signal }),
      resolve(did, { ...read(NOW), signal: new AbortController().signal }),
    ];
    stop.abort();
    expect(await impatient).toMatchObject({ kind: 'refused', reason: 'unreachable' });
    expect(await resolve(did, { ...read(NOW), signal: stop.signal })).toMatchObject({ reason: 'unreachable' });
    answer.resolve({ kind: 'found', text: first.text });
    expect(await patient).toMatchObject({ kind: 'resolved', rung: 'origin' });
    const at = NOW + 2 * readFreshMs;
    const known = await resolve(did, { ...read(at), signal: stop.signal });
    expect(known).toMatchObject({ kind: 'resolved', rung: 'memory', isStale: true });
    expect(await resolve(did, { ...write(at), signal: stop.signal })).toMatchObject({ reason: 'stale' });
  });
});

describe('versions', () => {
  it('are found by name, number and time', async () => {
    const world = worldWith(second);
    const { resolve } = world.resolver();
    const numberOf = async (query: string) => {
      const resolution = await resolve(`${did}?${query}`, read(NOW));
      return resolution.kind === 'refused' ? resolution.reason : resolution.metadata.versionNumber;
    };
    expect(await numberOf(`versionId=${first.versionId}`)).toBe(1);
    expect(await numberOf(`versionId=${second.versionId}`)).toBe(2);
    expect(await numberOf('versionNumber=2')).toBe(2);
    expect(await numberOf('versionTime=2026-01-01T00:00:00Z')).toBe(1);
    expect(await numberOf('versionTime=2026-01-01T23:59:59Z')).toBe(1);
    expect(await numberOf('versionTime=2026-01-02T01:00:00%2B01:00')).toBe(2);
    expect(await numberOf('versionTime=2025-12-31T23:59:59Z')).toBe('unknown-version');
    expect(await numberOf('versionNumber=3')).toBe('unknown-version');
    expect(await numberOf(`versionId=${other.versionId}`)).toBe('unknown-version');
    expect(await numberOf('versionTime=2026-01-02T01:00:00+01:00')).toBe(2);
    expect(await numberOf('versionNumber=0')).toBe('unknown-version');
    expect(await numberOf('versionId=')).toBe('unknown-version');
    expect(await numberOf('')).toBe(2);
    for (const query of [
      'versionNumber=1&versionNumber=1',
      'service=a',
      'versionTime=x',
      'versionNumber=01',
      'toString=1',
    ])
      expect(await numberOf(query)).toBe('unsupported-query');
  });

  it('are found by all that is said of them, or not', async () => {
    const { resolve } = worldWith(second).resolver();
    const numberOf = async (query: string) => {
      const resolution = await resolve(`${did}?${query}`, read(NOW));
      return resolution.kind === 'refused' ? resolution.reason : resolution.metadata.versionNumber;
    };
    expect(await numberOf(`versionNumber=1&versionId=${first.versionId}`)).toBe(1);
    expect(await numberOf(`versionNumber=1&versionId=${second.versionId}`)).toBe('unknown-version');
    expect(await numberOf('versionNumber=2&versionTime=2026-01-05T00:00:00Z')).toBe(2);
    expect(await numberOf('versionNumber=1&versionTime=2026-01-05T00:00:00Z')).toBe('unknown-version');
  });

  it('that are not there yet are asked for again soon', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver();
    const url = `${did}?versionNumber=2`;
    expect(await resolve(url, read(NOW))).toMatchObject({ reason: 'unknown-version' });
    world.files.set(LOG, second.text);
    expect(await resolve(url, read(NOW + absentMs))).toMatchObject({ reason: 'unknown-version' });
    expect(world.asked).toHaveLength(1);
    expect(await resolve(url, read(NOW + absentMs + 1))).toMatchObject({ metadata: { versionNumber: 2 } });
  });

  it('that are there need nobody, whatever comes later', async () => {
    const world = worldWith(second);
    const resolver = world.resolver();
    await resolver.resolve(did, read(NOW));
    world.isDown = true;
    const at = NOW + 9 * DAY;
    const old = await resolver.resolve(`${did}?versionTime=2026-01-01T10:00:00Z`, read(at));
    expect(old).toMatchObject({ rung: 'memory', isStale: false, metadata: { versionNumber: 1 } });
    expect(await resolver.resolve(`${did}?versionTime=2026-01-05T10:00:00Z`, read(at))).toMatchObject({
      isStale: true,
    });
    const { versionId } = first;
    expect(await resolver.resolve(`${did}?versionId=${versionId}`, write(at))).toMatchObject({ reason: 'stale' });
  });

  it('hold although a later entry does not, for reads that name them', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver();
    world.files.set(LOG, `${first.text}{}\n`);
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'refused', reason: 'malformed-entry', entry: 2 });
    expect(await resolve(`${did}?versionNumber=1`, read(NOW))).toMatchObject({
      kind: 'resolved',
      metadata: { versionNumber: 1 },
    });
    expect(await resolve(`${did}?versionNumber=1`, write(NOW))).toMatchObject({ kind: 'refused' });
    expect(world.stored.size).toBe(0);
    const imposter = did.replace('a.example', 'evil.example');
    world.files.set('https://evil.example/.well-known/did.jsonl', `${first.text}{}\n`);
    expect(await resolve(`${imposter}?versionNumber=1`, read(NOW))).toMatchObject({ reason: 'malformed-entry' });
  });

  it('do not hold without their witnesses because a later entry does not', async () => {
    const rule = { threshold: 1, witnesses: [toMultikey({ kind: 'Ed25519', bytes: key(50).publicKey })] };
    const log = createLog({ segments: 'a.example', witness: rule, keys: keys(1), at: AT });
    const world = worldWith(log);
    world.files.set(LOG, `${log.text}{}\n`);
    const { resolve } = world.resolver();
    const url = `${log.did}?versionNumber=1`;
    expect(await resolve(url, read(NOW))).toMatchObject({ kind: 'refused', reason: 'missing-witness-proofs' });
    world.files.set(PROOFS, witnessFile(new Map([[log.versionId, [witnessProof(log.versionId, key(50), AT)]]])));
    expect(await resolve(url, read(NOW))).toMatchObject({ kind: 'resolved', metadata: { versionNumber: 1 } });
    expect(await resolve(log.did, read(NOW))).toMatchObject({ kind: 'refused', reason: 'malformed-entry', entry: 2 });
  });
});

describe('a resolver', () => {
  it('asks once for all who ask at the same time', async () => {
    const world = worldWith(second);
    const { resolve } = world.resolver();
    const queries = ['', '?versionNumber=1', '?versionNumber=2', ''];
    const resolutions = await Promise.all(queries.map((query) => resolve(did + query, read(NOW))));
    expect(resolutions.map((one) => one.kind !== 'refused' && one.metadata.versionNumber)).toEqual([2, 1, 2, 2]);
    expect(world.asked).toEqual([LOG]);
  });

  it('believes for a while that there is nothing, and forgets what did not hold', async () => {
    const world = new World();
    const { resolve } = world.resolver();
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'refused', reason: 'not-found' });
    world.files.set(LOG, 'x');
    expect(await resolve(did, read(NOW + absentMs - 1))).toMatchObject({ reason: 'not-found' });
    expect(world.asked).toHaveLength(1);
    expect(await resolve(did, read(NOW + absentMs))).toMatchObject({ reason: 'malformed' });
    world.files.set(LOG, first.text);
    expect(await resolve(did, read(NOW + absentMs))).toMatchObject({ kind: 'resolved' });
  });

  it('leaves origins alone that do not answer, each by itself', async () => {
    const world = worldWith(first);
    world.isDown = true;
    const { resolve } = world.resolver();
    for (let i = 0; i < circuit.failures; i++)
      expect(await resolve(did, read(NOW))).toMatchObject({ reason: 'unreachable' });
    const open = await resolve(did, read(NOW + circuit.openMs - 1));
    expect(open).toMatchObject({ reason: 'unreachable', attempts: [{ rung: 'peers' }, { outcome: 'open-circuit' }] });
    expect(world.asked).toHaveLength(circuit.failures);
    await resolve(did.replace('a.example', 'b.example'), read(NOW));
    expect(world.asked).toHaveLength(circuit.failures + 1);
    const at = NOW + circuit.openMs;
    await Promise.all([resolve(did, read(at)), resolve(did, write(at))]);
    expect(world.asked).toHaveLength(circuit.failures + 2);
    world.isDown = false;
    expect(await resolve(did, read(at + circuit.openMs))).toMatchObject({ kind: 'resolved' });
    expect(await resolve(did, write(at + circuit.openMs + writeFreshMs + 1))).toMatchObject({
      kind: 'resolved',
      rung: 'origin',
    });
  });

  it('asks origins again whose files are not taken, which others may share', async () => {
    const asked: string[] = [];
    const unusable = { kind: 'unusable', cause: 'too large' } as const;
    const { resolve } = createResolver({ origin: { read: (url) => Promise.resolve((asked.push(url), unusable)) } });
    for (let i = 0; i <= circuit.failures; i++)
      expect(await resolve(did, read(NOW))).toMatchObject({
        ...{ reason: 'unreachable', attempts: [{ rung: 'origin', outcome: 'unusable' }] },
      });
    expect(asked).toHaveLength(circuit.failures + 1);
  });

  it('gives everybody the same document, which nobody can change', async () => {
    const { resolve } = worldWith(first).resolver();
    const { document, metadata } = (await resolve(did, read(NOW))) as FoundDocument;
    const changed = () => Object.assign(document, { authentication: [`${did}#mine`] });
    expect(changed).toThrow(TypeError);
    expect(() => (metadata.watchers as string[]).push('x')).toThrow(TypeError);
    const world = new World();
    world.files.set('https://w.example/.well-known/did.json', '{"id":"did:web:w.example","authentication":[]}');
    const web = (await world.resolver().resolve('did:web:w.example', read(NOW))) as FoundDocument;
    expect(() => (web.document.authentication as JsonValue[]).push('x')).toThrow(TypeError);
  });

  it('has to be told the time', async () => {
    for (const url of [did, didKey({ kind: 'Ed25519', bytes: key(1).publicKey })])
      await expect(worldWith(first).resolver().resolve(url, read(NaN))).rejects.toThrow(RangeError);
  });

  it('does not answer for another place with the same SCID', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver();
    await resolve(did, read(NOW));
    const imposter = did.replace('a.example', 'evil.example');
    world.files.set('https://evil.example/.well-known/did.jsonl', first.text);
    expect(await resolve(imposter, read(NOW))).toMatchObject({ kind: 'refused', reason: 'other-did' });
    expect(await world.resolver().resolve(imposter, read(NOW))).toMatchObject({ kind: 'refused', reason: 'other-did' });
  });

  it('knows a DID that moved by both its names', async () => {
    const moved = updateLog(verified(first), {
      keys: keys(2),
      at: AT + DAY,
      document: { id: did.replace('a.example', 'b.example') },
    });
    const world = worldWith(moved);
    const { resolve } = world.resolver();
    for (const name of [did, moved.did])
      expect(await resolve(name, read(NOW))).toMatchObject({
        did: name,
        document: { id: moved.did, alsoKnownAs: [did] },
      });
    expect(world.asked).toEqual([LOG]);
  });

  it('follows a move that it had not heard of, and no fork of what it knew', async () => {
    const moved = updateLog(verified(first), {
      keys: keys(2),
      at: AT + DAY,
      document: { id: did.replace('a.', 'b.') },
    });
    const fork = updateLog(verified(first), {
      keys: keys(101),
      at: AT + DAY,
      document: { id: did.replace('a.', 'c.') },
    });
    for (const isNew of [false, true]) {
      const world = worldWith(first);
      const known = world.resolver();
      await known.resolve(did, read(NOW));
      const resolver = () => (isNew ? world.resolver() : known);
      expect(await resolver().resolve(moved.did, read(NOW))).toMatchObject({ reason: 'not-found' });
      world.files.set('https://b.example/.well-known/did.jsonl', moved.text);
      expect(await resolver().resolve(moved.did, read(NOW + DAY))).toMatchObject({ kind: 'resolved', rung: 'origin' });
      world.files.set('https://c.example/.well-known/did.jsonl', fork.text);
      expect(await resolver().resolve(fork.did, read(NOW + DAY))).toMatchObject({ reason: 'forked-log' });
    }
  });

  it('reads the proofs of witnesses where they are needed, and keeps them', async () => {
    const rule = { threshold: 1, witnesses: [toMultikey({ kind: 'Ed25519', bytes: key(50).publicKey })] };
    const log = createLog({ segments: 'a.example', witness: rule, keys: keys(1), at: AT });
    const world = worldWith(log);
    const { resolve } = world.resolver();
    expect(await resolve(log.did, read(NOW))).toMatchObject({ kind: 'refused', reason: 'missing-witness-proofs' });
    world.files.set(PROOFS, witnessFile(new Map([[log.versionId, [witnessProof(log.versionId, key(50), AT)]]])));
    expect(await resolve(log.did, read(NOW))).toMatchObject({ kind: 'resolved', metadata: { witness: rule } });
    expect(await resolve(log.did, read(NOW + 2 * readFreshMs))).toMatchObject({ rung: 'origin' });
    world.isDown = true;
    expect(await world.resolver().resolve(log.did, read(NOW + 2 * readFreshMs))).toMatchObject({ rung: 'store' });
  });

  it('concedes to reads what it does not to writes', async () => {
    const witness = (threshold: number, ...ns: number[]) => ({
      threshold,
      witnesses: ns.map((n) => toMultikey({ kind: 'Ed25519', bytes: key(n).publicKey })),
    });
    const approvals = (log: WrittenLog, ...ns: number[]) =>
      [log.versionId, ns.map((n) => witnessProof(log.versionId, key(n), AT))] as const;
    const log = createLog({ segments: 'a.example', witness: witness(2, 50, 51), keys: keys(1), at: AT });
    const before = { text: log.text, versions: log.versions, concessions: [] };
    const fewer = updateLog(before, { witness: witness(1, 50), keys: keys(2), at: AT + DAY });
    const world = worldWith(fewer);
    world.files.set(PROOFS, witnessFile(new Map([approvals(log, 50, 51), approvals(fewer, 50)])));
    const { resolve } = world.resolver();
    expect(await resolve(log.did, read(NOW))).toMatchObject({ metadata: { concessions: ['reduced-witnesses'] } });
    expect(await resolve(log.did, write(NOW))).toMatchObject({ kind: 'refused', reason: 'conceded' });
  });

  it('does not take a time to come for a recent one', async () => {
    const world = worldWith(first);
    await world.resolver().resolve(did, read(NOW + 30 * DAY));
    world.isDown = true;
    expect(await world.resolver().resolve(did, write(NOW))).toMatchObject({ kind: 'refused', reason: 'stale' });
    expect(await world.resolver().resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', isStale: true });
  });

  it('answers as well when nothing can be kept', async () => {
    const world = worldWith(first);
    const { resolve } = world.resolver({ mostBytes: 1, most: 1 });
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'origin' });
    expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'store' });
    world.isDown = true;
    const old = await resolve(did, read(NOW + 9 * DAY));
    expect(old).toMatchObject({ kind: 'resolved', isStale: true });
    world.files.set(LOG, other.text);
    world.isDown = false;
    world.stored.set([...world.stored.keys()][0] ?? '', { text: second.text, confirmedAt: NOW });
    expect(await resolve(did, read(NOW + 9 * DAY))).toMatchObject({ kind: 'refused', reason: 'forked-log' });
  });

  it('goes on when a rung breaks', async () => {
    const broken = () => Promise.reject(new Error('broken'));
    const world = worldWith(first);
    const thrown = () => {
      throw new Error('broken');
    };
    for (const port of [broken, thrown]) {
      const ports = { store: { read: port, write: port }, peers: { ask: port } };
      const { resolve } = createResolver({ ...ports, origin: { read: (url) => world.read(url) } });
      expect(await resolve(did, read(NOW))).toMatchObject({ kind: 'resolved', rung: 'origin' });
      expect(await createResolver({ origin: { read: port } }).resolve(did, read(NOW))).toMatchObject({
        reason: 'unreachable',
      });
    }
  });

  it('reads did:web, which proves nothing, from its origin alone', async () => {
    const world = new World();
    const web = 'did:web:w.example:a';
    const url = 'https://w.example/a/did.json';
    world.peers = [{ text: JSON.stringify({ id: web }) }];
    const { resolve } = world.resolver();
    const attempts = [{ rung: 'origin', outcome: 'absent' }];
    expect(await resolve(web, read(NOW))).toEqual({ kind: 'refused', reason: 'not-found', attempts });
    world.files.set(url, JSON.stringify({ id: 'did:web:w.example:b' }));
    expect(await resolve(web, read(NOW + DAY))).toMatchObject({ reason: 'other-did' });
    world.files.set(url, JSON.stringify({ id: web, n: 1 }));
    expect(await resolve(web, read(NOW + DAY))).toMatchObject({ kind: 'resolved', document: { n: 1 }, rung: 'origin' });
    expect(await resolve(`${web}?versionNumber=1`, read(NOW + DAY))).toMatchObject({ reason: 'unsupported-query' });
  });

  it('needs nobody for did:key', async () => {
    const name = didKey({ kind: 'Ed25519', bytes: key(1).publicKey });
    const resolver = createResolver({});
    expect(await resolver.resolve(name, write(NOW))).toMatchObject({
      kind: 'resolved',
      rung: 'self',
      document: { id: name },
    });
    expect(await resolver.resolve(`${name}x`, write(NOW))).toMatchObject({ kind: 'refused' });
    expect(await resolver.resolve(did, read(NOW))).toMatchObject({ reason: 'unreachable' });
  });

  it.each([
    ['x', 'malformed-did-url'],
    ['did:example:1', 'unsupported-did-method'],
    ['did:web:127.0.0.1', 'ip-host'],
    ['did:web:localhost', 'local-host'],
    ['did:web:a.example:%2e%2e', 'malformed-path'],
    ['did:webvh:x:a.example', 'malformed-scid'],
    ['did:web:a.example/path', 'unsupported-query'],
  ])('asks nobody for %s', async (name, reason) => {
    const world = new World();
    expect(await world.resolver().resolve(name, read(NOW))).toMatchObject({ kind: 'refused', reason });
    expect(world.asked).toEqual([]);
  });

  it('asks again each time for what its controller does not want kept', async () => {
    const world = worldWith(createLog({ segments: 'a.example', ttlMs: 0, keys: keys(1), at: AT }));
    const { resolve } = world.resolver();
    const name =
      [...world.files.values()].map((text) => (JSON.parse(text) as { state: { id: string } }).state.id)[0] ?? '';
    await resolve(name, read(NOW));
    expect(await resolve(name, read(NOW + 1))).toMatchObject({ rung: 'origin' });
  });
});
