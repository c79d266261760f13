/** Attacks on those who resolve DIDs: by whoever answers them, and by keeping answers from them. */
import { createResolver, type ResolveOptions } from '../did/resolver/resolver.ts';
import type { DidFiles, OriginAnswer } from '../did/resolver/ports.ts';
import { updateLog } from '../did/webvh/write.ts';
import { Chronicle } from './dids.suite.ts';
import { decided, type Attack, type SceneOf } from './attack.suite.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 3);

/** What an answer is asked for, and who answers; by hours from now. */
interface Turn {
  readonly purpose: ResolveOptions['purpose'];
  readonly atMs?: number;
  readonly url?: string;
  readonly origin?: string | 'absent' | 'away';
  readonly peers?: readonly DidFiles[];
}

/** The resolver. */
export const resolver: SceneOf = (provider) => {
  const chronicle = new Chronicle(provider);
  const [one, two] = [chronicle.log(1), chronicle.log(2)];
  const did = one.versions[0]?.document.id ?? '';
  const web = 'did:web:agents.example';
  const fork = updateLog(one, { keys: chronicle.keys(2), at: NOW - DAY }, provider);
  const witness = { threshold: 1, witnesses: [chronicle.multikey(11)] };
  const witnessed = chronicle.created({ witness, at: NOW - DAY });
  const unseen = { text: witnessed.text, did: witnessed.versions[0]?.document.id ?? '' };
  /** The last of several turns with one resolver. */
  const last = async (...turns: readonly Turn[]): Promise<string> => {
    let now: Turn = { purpose: 'read' };
    const read = (): Promise<OriginAnswer> => {
      const { origin = 'away' } = now;
      if (origin === 'away') return Promise.resolve({ kind: 'unreachable', cause: 'no route' });
      return Promise.resolve(origin === 'absent' ? { kind: 'absent' } : { kind: 'found', text: origin });
    };
    const { resolve } = createResolver(
      { origin: { read }, peers: { ask: () => Promise.resolve(now.peers ?? []) } },
      {},
      provider,
    );
    const verdicts: string[] = [];
    for (const turn of turns) {
      now = turn;
      verdicts.push(decided(await resolve(turn.url ?? did, { at: NOW + (turn.atMs ?? 0), purpose: turn.purpose })));
    }
    return verdicts.at(-1) ?? '';
  };
  const learnt: Turn = { purpose: 'read', origin: two.text };
  return {
    what: 'a resolver',
    honest: () => last(learnt, { purpose: 'write', atMs: 2 * DAY, origin: two.text }),
    attacks: [
      ['the origin is kept away from a write', 'stale', () => last(learnt, { purpose: 'write', atMs: 2 * DAY })],
      [
        'peers answer a write in its place',
        'unreachable',
        () => last({ purpose: 'write', peers: [{ text: two.text }] }),
      ],
      [
        'the origin goes back to an old version',
        'truncated-log',
        () => last(learnt, { purpose: 'write', atMs: 2 * DAY, origin: one.text }),
      ],
      [
        'the origin tells another history',
        'forked-log',
        () => last(learnt, { purpose: 'read', atMs: 2 * DAY, origin: fork.text }),
      ],
      [
        'peers tell a changed history to a read',
        'unreachable',
        () => last({ purpose: 'read', peers: [{ text: two.text.replace('"n":2', '"n":7') }] }),
      ],
      [
        'peers tell two histories',
        'forked-log',
        () => last({ purpose: 'read', peers: [{ text: two.text }, { text: fork.text }] }),
      ],
      [
        'peers tell another history than the one that is known',
        'forked-log',
        () => last(learnt, { purpose: 'read', atMs: 2 * DAY, peers: [{ text: fork.text }] }),
      ],
      [
        'the origin has what nobody signed, for a write',
        'wrong-entry-hash',
        () => last(learnt, { purpose: 'write', atMs: 2 * DAY, origin: two.text.replace('"n":2', '"n":7') }),
      ],
      [
        'a version is named that its witnesses did not see, before an entry that breaks the log',
        'malformed-witness-proofs',
        () => last({ purpose: 'read', url: `${unseen.did}?versionNumber=1`, origin: `${unseen.text}x\n` }),
      ],
      [
        'a version is named in two ways that do not agree',
        'unknown-version',
        () => last({ ...learnt, url: `${did}?versionNumber=1&versionId=${two.versions[1]?.versionId ?? ''}` }),
      ],
      [
        'the origin has the log of another DID',
        'other-scid',
        () => last({ purpose: 'read', origin: chronicle.created({ segments: 'agents.example', at: NOW - DAY }).text }),
      ],
      ['there is nothing', 'not-found', () => last({ purpose: 'read', origin: 'absent' })],
      [
        'a version is asked for that is not there',
        'unknown-version',
        () => last({ ...learnt, url: `${did}?versionId=9-zQm` }),
      ],
      ['a query is not understood', 'unsupported-query', () => last({ ...learnt, url: `${did}?hl=zQm` })],
      [
        'the DID leads to an address',
        'ip-host',
        () => last({ ...learnt, url: did.replace('agents.example', '127.0.0.1') }),
      ],
      ['the method is not known', 'unsupported-did-method', () => last({ ...learnt, url: 'did:none:agents.example' })],
      ['the text is no DID', 'malformed-did-url', () => last({ ...learnt, url: 'https://agents.example' })],
      ['a did:key is none', 'malformed-did', () => last({ ...learnt, url: 'did:key:z6MkNone' })],
      [
        'a document of did:web is another DID’s',
        'other-did',
        () => last({ purpose: 'read', url: web, origin: '{"id":"did:web:mallory.example"}' }),
      ],
      [
        'a document of did:web has a name twice',
        'duplicate-name',
        () => last({ purpose: 'read', url: web, origin: `{"id":"${web}","id":"${web}"}` }),
      ],
      ['the DID is no more', 'deactivated', () => last({ purpose: 'read', origin: chronicle.ended().text })],
    ] satisfies readonly Attack[],
  };
};
