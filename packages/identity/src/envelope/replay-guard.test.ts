import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeySet } from '../keys/key-set.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import { provider } from '../provider/node.ts';
import { knownKey, type KnownKey } from '../signatures/signature.ts';
import { createEnvelope, readEnvelope, type Audience, type Envelope } from './envelope.ts';
import { createReplayGuard, type GuardMemory, type ReplayGuard } from './replay-guard.ts';

// How envelopes are verified is shown elsewhere; here a fast suite does.
const SUITE = 'Ed25519';
const AT = 1_800_000_000_000;
const PAYLOAD = utf8ToBytes('payload');
const VOTES: Audience = { kind: 'topic', topic: 'votes' };

const signerOf = (agent: string, version = 1) => ({
  url: `did:example:${agent}#v${version}`,
  key: deriveKeySet(new Uint8Array(32).fill(version), { agent, version }).signingKey('authentication', SUITE),
});
type Signer = ReturnType<typeof signerOf>;
const [alice, bob] = [signerOf('alice'), signerOf('bob')];

function envelope(signer: Signer, sequence: number, sentAt = AT, audience = VOTES, lifeMs = 60_000): Envelope {
  const read = readEnvelope(
    createEnvelope(PAYLOAD, { audience, sequence, sentAt, expiresAt: sentAt + lifeMs }, signer),
  );
  if (read.kind === 'refused') throw new Error(read.reason);
  return read.envelope;
}

function check(
  guard: ReplayGuard,
  made: Envelope,
  at = AT,
  signer = made.sender.endsWith('bob') ? bob : alice,
): string {
  const known = knownKey(signer.url, { kind: SUITE, bytes: signer.key.publicKey }, provider) as KnownKey;
  const verdict = guard.check(made, PAYLOAD, { audience: made.audience, at, known, minimum: SUITE });
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
}

describe('replay guards', () => {
  it('accept each envelope once, whatever is said again and in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6 })), { maxLength: 25 }), (sent) => {
        const guard = createReplayGuard();
        const seen = new Set<string>();
        for (const [isAlice, sequence] of sent) {
          const name = `${isAlice} ${sequence}`;
          expect(check(guard, envelope(isAlice ? alice : bob, sequence))).toBe(
            seen.has(name) ? 'replayed' : 'accepted',
          );
          seen.add(name);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('count for each audience apart', () => {
    const guard = createReplayGuard();
    const other: Audience = { kind: 'topic', topic: 'plans' };
    const same: Audience = { kind: 'recipient', did: 'did:example:votes' };
    for (const audience of [VOTES, other, same]) {
      expect(check(guard, envelope(alice, 1, AT, audience))).toBe('accepted');
      expect(check(guard, envelope(alice, 1, AT, audience))).toBe('replayed');
    }
  });

  it('go on counting when the sender changes its key', () => {
    const guard = createReplayGuard();
    const next = signerOf('alice', 2);
    expect(check(guard, envelope(alice, 1))).toBe('accepted');
    expect(check(guard, envelope(next, 1), AT, next)).toBe('replayed');
    expect(check(guard, envelope(next, 2), AT, next)).toBe('accepted');
  });

  it('remember nothing of what is refused: nobody uses up the numbers of others', () => {
    const guard = createReplayGuard();
    const forged = { ...alice, key: bob.key };
    expect(check(guard, envelope(forged, 9))).toBe('broken-signature');
    expect(guard.memory().streams).toEqual([]);
    expect(check(guard, envelope(alice, 9))).toBe('accepted');
  });

  /** As after a restart. */
  const again = (guard: ReplayGuard): ReplayGuard =>
    createReplayGuard(JSON.parse(JSON.stringify(guard.memory())) as GuardMemory);

  it('keep what they know over a restart', () => {
    const first = createReplayGuard();
    for (const sequence of [1, 2, 5]) check(first, envelope(alice, sequence));
    const second = again(first);
    for (const sequence of [1, 2, 5]) expect(check(second, envelope(alice, sequence))).toBe('replayed');
    expect(check(second, envelope(alice, 3))).toBe('accepted');
    expect(check(again(again(second)), envelope(alice, 3))).toBe('replayed');
    const kept = { stream: 'a', window: '1:1', until: AT };
    expect(() => createReplayGuard({ streams: [{ ...kept, window: 'x' }] })).toThrow(TypeError);
    expect(() => createReplayGuard({ streams: [{ ...kept, until: Number.NaN }] })).toThrow(TypeError);
  });

  it('refuse what may have been accepted before a memory that is lost, also once its stream is known again', () => {
    const lost = [envelope(alice, 1, AT - 1000), envelope(alice, 2, AT + CLOCK_SKEW_MS)];
    const guard = createReplayGuard({ knownSince: AT });
    const later = AT + CLOCK_SKEW_MS + 1;
    for (const made of lost) expect(check(guard, made, later - 1)).toBe('sent-before-memory');
    expect(check(guard, envelope(alice, 3, later), later)).toBe('accepted');
    for (const made of lost)
      for (const one of [guard, again(guard)]) expect(check(one, made, later)).toBe('sent-before-memory');
  });

  it('keep a stream as long as the longest of its messages lives', () => {
    const guard = createReplayGuard({ mostStreams: 1 });
    const long = envelope(alice, 1, AT, VOTES, 3_600_000);
    for (const made of [long, envelope(alice, 2)]) expect(check(guard, made)).toBe('accepted');
    const later = AT + 120_000;
    expect(check(guard, envelope(bob, 1, later), later)).toBe('too-many-streams');
    expect(check(guard, long, later)).toBe('replayed');
  });

  it('have an end to what they keep, and forget what has expired first', () => {
    const guard = createReplayGuard({ mostStreams: 1 });
    expect(check(guard, envelope(alice, 1))).toBe('accepted');
    expect(check(guard, envelope(bob, 1))).toBe('too-many-streams');
    expect(check(guard, envelope(alice, 2))).toBe('accepted');
    const later = AT + 60_000;
    expect(check(guard, envelope(bob, 1, later), later)).toBe('accepted');
    expect(guard.memory().streams?.map(({ stream }) => stream)).toEqual(['did:example:bob topic votes']);
    // A clock that goes back does not bring back what was forgotten.
    for (const one of [guard, again(guard)]) expect(check(one, envelope(alice, 1), AT)).toBe('sent-before-memory');
    // Nor when there is room for its stream again.
    const roomy = createReplayGuard({ ...guard.memory(), mostStreams: 2 });
    expect(check(roomy, envelope(alice, 3, later), later)).toBe('accepted');
    expect(check(roomy, envelope(alice, 1), AT)).toBe('sent-before-memory');
  });
});
