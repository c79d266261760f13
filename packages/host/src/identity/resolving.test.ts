import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateLog, verifyLog, type DidResolver } from '@aia/identity';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUTHORITY, GOOD } from '../probes/certificates.suite.ts';
import { LoopbackServers } from '../probes/loopback-servers.suite.ts';
import { createAgent, knownAgent, rotateAgent } from './agents.ts';
import { openHome, type Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';
import { createKeystore } from './keystore.ts';
import { createOriginReader } from './origin-reader.ts';
import { publishedFiles } from './publishing.ts';
import { resolverOf, sourcesOf, type FoundList } from './resolving.ts';

const AT = Date.UTC(2026, 5, 1);
const HOUR_MS = 3_600_000;

const servers = new LoopbackServers();
/** What the origin has now, by path. */
const published = new Map<string, string>();
let port: number;
beforeAll(async () => {
  port = await servers.http((request, response) => {
    const text = published.get(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  }, GOOD);
});
afterAll(() => servers.close());

let folder: string;
let own: Home;
let visitor: Home;
let keys: KeyCustody;
let did: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-resolving-'));
  [own, visitor] = [openHome(join(folder, 'own')), openHome(join(folder, 'visitor'))];
  keys = createKeystore(own, 'correct horse battery', { memoryKiB: 19_456, passes: 1, lanes: 1 });
  ({ did } = await createAgent(own, keys, { name: 'cluster', place: `good.example:${port}/cluster`, at: AT }));
  publish(AT);
});
afterEach(() => {
  own.close();
  visitor.close();
  published.clear();
  rmSync(folder, { recursive: true, force: true });
});

function publish(at: number): void {
  for (const { name, text } of publishedFiles(knownAgent(own, 'cluster', at))) published.set(`/cluster/${name}`, text);
}

/** A log with another second entry, which holds as well as the one that was published. */
async function continued(text: string, at: number): Promise<string> {
  const verdict = verifyLog(did, text, { at });
  if (verdict.kind === 'refused') throw new Error(verdict.reason);
  const [signing, next] = await keys.ensure([2, 3].map((version) => ({ agent: 'cluster', version })));
  if (signing === undefined || next === undefined) throw new Error('no keys');
  const control = {
    signing: signing.signingKey('control', 'Ed25519'),
    next: [next.signingKey('control', 'Ed25519').publicKey],
  };
  return updateLog(verdict.log, { keys: control, at }).text;
}

const reader = createOriginReader({
  addressesOf: () => Promise.resolve(['127.0.0.1']),
  isAllowed: (address) => address === '127.0.0.1',
  authorities: AUTHORITY.cert,
});
const visiting = (): DidResolver => resolverOf(visitor, reader);
const numberOf = async (resolver: DidResolver, at: number, purpose: 'read' | 'write' = 'read') => {
  const resolution = await resolver.resolve(did, { at, purpose });
  if (resolution.kind === 'refused') return resolution.reason;
  return `${resolution.metadata.versionNumber} from ${resolution.rung}${resolution.isStale ? ', stale' : ''}`;
};

describe('a DID of somebody else', () => {
  it('comes from its origin, then from the store, also in the next process', async () => {
    expect(await numberOf(visiting(), AT)).toBe('1 from origin');
    expect(await numberOf(visiting(), AT + 1000)).toBe('1 from store');
  });

  it('is asked for again once it is old, and has moved on', async () => {
    await numberOf(visiting(), AT);
    await rotateAgent(own, keys, 'cluster', { at: AT + HOUR_MS });
    publish(AT + 2 * HOUR_MS);
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS)).toBe('2 from origin');
  });

  it('is still known where its origin is away, and not enough for a write', async () => {
    await numberOf(visiting(), AT);
    published.clear();
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS)).toBe('1 from memory, stale');
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS, 'write')).toBe('stale');
  });

  it('keeps its history: a shorter log is no answer to a write, and one that does not hold to nobody', async () => {
    const before = published.get('/cluster/did.jsonl') ?? '';
    await rotateAgent(own, keys, 'cluster', { at: AT + 1000 });
    publish(AT + 2000);
    expect(await numberOf(visiting(), AT + 2000)).toBe('2 from origin');
    published.set('/cluster/did.jsonl', before);
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS, 'write')).toBe('truncated-log');
    published.set('/cluster/did.jsonl', before.replace('"versionTime":"2026', '"versionTime":"2025'));
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS)).toBe('2 from memory, stale');
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS, 'write')).toBe('wrong-scid');
    published.set('/cluster/did.jsonl', await continued(before, AT + 3000));
    expect(await numberOf(visiting(), AT + 2 * HOUR_MS)).toBe('forked-log');
  });

  it('is read as did:web by those who know nothing else', async () => {
    const resolution = await visiting().resolve(`did:web:good.example%3A${port}:cluster`, { at: AT, purpose: 'read' });
    expect(resolution).toMatchObject({ kind: 'resolved', rung: 'origin', document: { alsoKnownAs: [did] } });
  });

  it('is not found where its origin has nothing', async () => {
    published.clear();
    expect(await numberOf(visiting(), AT)).toBe('not-found');
  });

  it('is not asked for without a reader', async () => {
    expect(await numberOf(resolverOf(visitor, undefined), AT)).toBe('unreachable');
  });
});

describe('a status list that was handed over', () => {
  it('does for reading, and not for what cannot be taken back', async () => {
    const url = 'https://a.example/status.json';
    const list = new TextEncoder().encode(JSON.stringify({ id: url }));
    const other = new TextEncoder().encode(JSON.stringify({ id: 'https://b.example/status.json' }));
    const found: FoundList[] = [];
    const sources = (purpose: 'read' | 'write') => {
      const statusLists = [other, list, new TextEncoder().encode('null')];
      const onStatusList = (one: FoundList) => void found.push(one);
      return sourcesOf(resolverOf(visitor, undefined), undefined, { at: AT, purpose, statusLists, onStatusList });
    };
    const reading = sources('read');
    expect(await reading.statusListOf(url)).toEqual({ text: list, readAt: AT });
    expect(await reading.statusListOf(url)).toBe(await reading.statusListOf(url));
    expect(await reading.statusListOf('https://c.example/status.json')).toBeUndefined();
    expect(await sources('write').statusListOf(url)).toBeUndefined();
    expect(found).toEqual([
      { url, from: 'handed-over', text: list },
      { url: 'https://c.example/status.json', from: 'nowhere', reason: 'not-asked' },
      { url, from: 'nowhere', reason: 'not-asked' },
    ]);
  });
});
