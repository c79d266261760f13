import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../canonical/jcs.ts';
import type { JsonObject } from '../canonical/strict-json.ts';
import { deriveKeySet } from '../keys/key-set.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey, type KnownKey } from '../signatures/signature.ts';
import { COMPOSITE, type SuiteName } from '../signatures/suite.ts';
import {
  checkEnvelope,
  createEnvelope,
  MOST_LIFETIME_MS,
  readEnvelope,
  type Audience,
  type EnvelopeHeader,
  type EnvelopeVerdict,
  type Expectation,
} from './envelope.ts';
import { EMPTY_WINDOW } from './replay-window.ts';

const SENDER = 'did:example:planner';
const KEY = `${SENDER}#auth`;
const AT = 1_800_000_000_000;
const PAYLOAD = utf8ToBytes('plan 7');
const TO: Audience = { kind: 'recipient', did: 'did:example:executor' };
const HEADER: EnvelopeHeader = { audience: TO, sequence: 7, sentAt: AT, expiresAt: AT + 60_000 };

describe.each([node, noble])('envelopes with $name', (provider) => {
  const keys = deriveKeySet(new Uint8Array(32).fill(1), { agent: 'planner', version: 1 }, provider);
  const signer = (suite: SuiteName = COMPOSITE, url = KEY) => ({ url, key: keys.signingKey('authentication', suite) });
  const known = (suite: SuiteName = COMPOSITE, url = KEY) =>
    knownKey(url, { kind: suite, bytes: signer(suite).key.publicKey }, provider) as KnownKey;
  const expected: Expectation = { audience: TO, at: AT, known: known(), minimum: COMPOSITE, window: EMPTY_WINDOW };
  const made = createEnvelope(PAYLOAD, HEADER, signer(), provider);
  const members = JSON.parse(Buffer.from(made).toString()) as JsonObject;

  const received = (bytes: Uint8Array, change: Partial<Expectation> = {}, payload = PAYLOAD) => {
    const read = readEnvelope(bytes);
    return read.kind === 'refused' ? read : checkEnvelope(read.envelope, payload, { ...expected, ...change }, provider);
  };
  const why = (...given: Parameters<typeof received>) => {
    const verdict = received(...given);
    return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  };
  const altered = (change: Readonly<Record<string, unknown>>) => {
    const all = { ...members, ...change };
    return canonicalBytes(
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JsonObject,
    );
  };

  it('are accepted once, and say what held', () => {
    const verdict = received(made) as Extract<EnvelopeVerdict, { kind: 'accepted' }>;
    expect(verdict).toMatchObject({ kind: 'accepted', verified: [{ key: KEY, suite: COMPOSITE }] });
    expect(why(made, { window: verdict.window })).toBe('replayed');
  });

  it('tell who sends what to whom before anything is verified', () => {
    expect(readEnvelope(made)).toMatchObject({ envelope: { ...HEADER, sender: SENDER, senderKey: KEY } });
    expect(members).toMatchObject({ type: 'aia/envelope/v1', suite: COMPOSITE });
  });

  it('reach all who read a topic, and no other topic', () => {
    const audience: Audience = { kind: 'topic', topic: 'cluster/votes' };
    const bytes = createEnvelope(PAYLOAD, { ...HEADER, audience }, signer(), provider);
    expect(why(bytes, { audience })).toBe('accepted');
    expect(why(bytes, { audience: { kind: 'topic', topic: 'cluster/vote' } })).toBe('other-topic');
    expect(why(bytes)).toBe('other-topic');
  });

  it.each<[string, Partial<Expectation>, string]>([
    ['another recipient', { audience: { kind: 'recipient', did: 'did:example:other' } }, 'other-recipient'],
    ['a topic with the name of the recipient', { audience: { kind: 'topic', topic: TO.did } }, 'other-recipient'],
    ['the moment it expires', { at: AT + 60_000 }, 'expired'],
    ['a clock far behind', { at: AT - CLOCK_SKEW_MS - 1 }, 'from-future'],
    ['another key of the sender', { known: known(COMPOSITE, `${SENDER}#other`) }, 'other-key'],
    ['a higher minimum', { minimum: 'ML-DSA-87' }, 'suite-below-minimum'],
    ['a window far ahead', { window: { highest: 5000, seen: 1n } }, 'behind-window'],
  ])('are refused by %s', (_, change, reason) => {
    expect(why(made, change)).toBe(reason);
  });

  it('are accepted within the skew of clocks', () => {
    expect(why(made, { at: AT - CLOCK_SKEW_MS })).toBe('accepted');
  });

  it('are refused with another payload', () => {
    expect(why(made, {}, utf8ToBytes('plan 8'))).toBe('other-payload');
    expect(why(made, {}, new Uint8Array())).toBe('other-payload');
    // What has the same numbers but is no bytes.
    const numbers = [...PAYLOAD].map((byte) => byte + 256);
    for (const payload of [[...PAYLOAD], numbers, new Uint16Array(numbers), Buffer.from(PAYLOAD).toString(), null])
      expect(why(made, {}, payload as unknown as typeof PAYLOAD)).toBe('other-payload');
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another sequence', { sequence: 8 }, 'broken-classical-half'],
    ['a longer life', { expiresAt: AT + 70_000 }, 'broken-classical-half'],
    ['a suite stripped to its classical half', { suite: 'Ed25519' }, 'other-suite'],
    ['a suite that is none', { suite: 'x' }, 'unknown-suite'],
    ['the key of another DID', { key: 'did:example:mallory#auth' }, 'other-sender'],
    ['the sender of another key', { sender: 'did:example:mallory' }, 'other-sender'],
    ['a key that is no DID URL', { key: 'planner' }, 'other-sender'],
    ['a key without a name', { key: SENDER }, 'other-sender'],
    ['a key with an empty name', { key: `${SENDER}#` }, 'other-sender'],
    ['a key of a path', { key: `${SENDER}/x#auth` }, 'other-sender'],
    ['a key of a version', { key: `${SENDER}?versionId=1#auth` }, 'other-sender'],
    ['another version', { type: 'aia/envelope/v2' }, 'other-type'],
    ['the type of another domain', { type: 'aia/sealed-box/v1' }, 'other-type'],
    ['a critical member that is not understood', { crit: ['x'] }, 'malformed'],
    ['a recipient and a topic', { topic: 'x' }, 'malformed'],
    ['neither recipient nor topic', { recipient: undefined }, 'malformed'],
    ['a recipient that is no DID', { recipient: 'executor' }, 'malformed'],
    ['a topic with a space', { recipient: undefined, topic: 'a b' }, 'malformed'],
    ['sequence 0', { sequence: 0 }, 'malformed'],
    ['a sequence as text', { sequence: '7' }, 'malformed'],
    ['an end before its beginning', { expiresAt: AT }, 'malformed'],
    ['a life of months', { expiresAt: AT + MOST_LIFETIME_MS + 1 }, 'malformed'],
    ['a time with a fraction', { sentAt: AT + 0.5 }, 'malformed'],
    ['a digest that is too short', { payload: 'AAAA' }, 'malformed'],
    ['no signature', { signature: undefined }, 'malformed-signature'],
    ['a signature with padding', { signature: `${String(members.signature)}=` }, 'malformed-signature'],
    ['half a signature', { signature: String(members.signature).slice(0, 4412) }, 'malformed-signature'],
  ])('are refused with %s', (_, change, reason) => {
    expect(why(altered(change))).toBe(reason);
  });

  it('have one text', () => {
    const text = Buffer.from(made).toString();
    expect(why(utf8ToBytes(`${text} `))).toBe('not-canonical');
    expect(why(utf8ToBytes(JSON.stringify(members, null, 1)))).toBe('not-canonical');
    expect(why(utf8ToBytes(text.replace('"sequence":7', '"sequence":7.0')))).toBe('not-canonical');
    expect(why(utf8ToBytes(text.replace('"sequence":7', '"sequence":7,"sequence":7')))).toBe('malformed');
    expect(why(utf8ToBytes('[]'))).toBe('malformed');
    expect(why(new Uint8Array(64 * 1024))).toBe('too-long');
  });

  it('detect any changed bit of themselves and of the payload', () => {
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    fc.assert(
      fc.property(fc.nat(8 * made.length - 1), fc.nat(8 * PAYLOAD.length - 1), (bit, other) => {
        expect(received(flip(made, bit)).kind).toBe('refused');
        expect(why(made, {}, flip(PAYLOAD, other))).toBe('other-payload');
      }),
      { numRuns: provider === node ? 300 : 60 },
    );
    // All bits before the signature, which is the last but two of the members.
    for (let bit = 0; bit < 8 * Buffer.from(made).indexOf('"signature"'); bit++)
      expect(received(flip(made, bit)).kind).toBe('refused');
  });

  it('never throw, whatever stands in place of a member or of all', () => {
    const names = fc.constantFrom(...Object.keys(members), '__proto__', 'constructor', 'x');
    fc.assert(
      fc.property(names, fc.jsonValue(), fc.uint8Array({ maxLength: 200 }), (name, value, bytes) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(members[name]));
        const changed = Object.defineProperty({ ...members }, name, { value, enumerable: true });
        expect(received(utf8ToBytes(JSON.stringify(changed))).kind).toBe('refused');
        expect(received(canonicalBytes({ ...members, [name]: JSON.stringify(value) })).kind).toBe('refused');
        expect(received(bytes).kind).toBe('refused');
      }),
      { numRuns: provider === node ? 200 : 20 },
    );
  });

  it('name what a sender gets wrong', () => {
    const create = (change: Partial<EnvelopeHeader>, url = KEY) =>
      createEnvelope(PAYLOAD, { ...HEADER, ...change }, signer(COMPOSITE, url), provider);
    expect(() => create({ sequence: 0 })).toThrow(RangeError);
    expect(() => create({ expiresAt: AT })).toThrow(RangeError);
    expect(() => create({ expiresAt: AT + MOST_LIFETIME_MS + 1 })).toThrow(RangeError);
    expect(() => create({ audience: { kind: 'topic', topic: '' } })).toThrow(TypeError);
    expect(() => create({ audience: { kind: 'recipient', did: 'x' } })).toThrow(TypeError);
    for (const url of ['planner', SENDER, `${SENDER}#`]) expect(() => create({}, url)).toThrow(TypeError);
    expect(() => createEnvelope('plan 7' as unknown as Uint8Array, HEADER, signer(), provider)).toThrow(TypeError);
  });
});
