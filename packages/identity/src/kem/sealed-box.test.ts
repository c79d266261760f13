import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { deriveKeySet } from '../keys/key-set.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey, type KnownKey } from '../signatures/signature.ts';
import { signObject } from '../signatures/signed-object.ts';
import { COMPOSITE } from '../signatures/suite.ts';
import { MOST_BOX_BYTES, openBox, readBox, sealBox, type BoxOpening } from './sealed-box.ts';

const URLS = { alice: 'did:example:alice#auth', mallory: 'did:example:mallory#auth', bob: 'did:example:bob#box' };
const CONTENT = utf8ToBytes('the key of the vault');

describe.each([node, noble])('sealed boxes with $name', (provider) => {
  const other = provider === node ? noble : node;
  const keysOf = (agent: string, n: number) =>
    deriveKeySet(new Uint8Array(32).fill(n), { agent, version: 1 }, provider);
  const [alice, mallory, bob] = [keysOf('alice', 1), keysOf('mallory', 2), keysOf('bob', 3)];
  const signerOf = { alice: { url: URLS.alice, key: alice.signingKey('authentication', COMPOSITE) } };
  const malloryKey = mallory.signingKey('authentication', COMPOSITE);
  const known = (url: string, publicKey: Uint8Array) =>
    knownKey(url, { kind: COMPOSITE, bytes: publicKey }, provider) as KnownKey;
  const opening: BoxOpening = {
    known: known(URLS.alice, signerOf.alice.key.publicKey),
    minimum: COMPOSITE,
    own: { url: URLS.bob, key: bob.keyAgreement() },
  };
  const sealed = sealBox(CONTENT, { url: URLS.bob, publicKey: bob.keyAgreement().publicKey }, signerOf.alice, other);
  if (sealed.kind !== 'sealed') throw new Error('sealed nothing');
  const { box } = sealed;
  const members = JSON.parse(Buffer.from(box).toString()) as JsonObject;

  const without = (...names: readonly string[]): JsonObject =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
  const opened = (bytes: Uint8Array, change: Partial<BoxOpening> = {}) => {
    const read = readBox(bytes);
    return read.kind === 'refused' ? read : openBox(read.box, { ...opening, ...change }, provider);
  };
  const why = (...given: Parameters<typeof opened>) => {
    const verdict = opened(...given);
    return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  };

  it('are opened by whom they are for, whoever’s provider sealed them', () => {
    expect(opened(box)).toEqual({
      kind: 'opened',
      content: CONTENT,
      verified: [{ key: URLS.alice, suite: COMPOSITE }],
    });
    expect(members).toMatchObject({ type: 'aia/sealed-box/v1', suite: COMPOSITE, cipher: 'HPKE-11' });
  });

  it('hold nothing, and as much as they may', () => {
    const to = { url: URLS.bob, publicKey: bob.keyAgreement().publicKey };
    for (const bytes of [0, MOST_BOX_BYTES]) {
      const made = sealBox(new Uint8Array(bytes), to, signerOf.alice, provider);
      expect(made.kind === 'sealed' && why(made.box)).toBe('opened');
    }
    expect(() => sealBox(new Uint8Array(MOST_BOX_BYTES + 1), to, signerOf.alice, provider)).toThrow(RangeError);
  });

  it('are never sealed twice alike', () => {
    const again = sealBox(CONTENT, { url: URLS.bob, publicKey: bob.keyAgreement().publicKey }, signerOf.alice, other);
    const text = again.kind === 'sealed' ? (JSON.parse(Buffer.from(again.box).toString()) as JsonObject) : {};
    expect(text.encapsulation).not.toBe(members.encapsulation);
    expect(text.ciphertext).not.toBe(members.ciphertext);
  });

  const resealed = (change: JsonObject, signer = signerOf.alice) => {
    return signObject('sealedBox', { ...without('type', 'suite', 'key', 'signature'), ...change }, signer);
  };

  it('stay closed when somebody else puts his signature on', () => {
    const stolen = resealed({ sender: 'did:example:mallory' }, { url: URLS.mallory, key: malloryKey });
    expect(why(stolen, { known: known(URLS.mallory, malloryKey.publicKey) })).toBe('broken-ciphertext');
    const claimed = resealed({}, { url: URLS.mallory, key: malloryKey });
    expect(why(claimed)).toBe('other-sender');
  });

  it('stay closed when the sender readdresses them', () => {
    const url = 'did:example:carol#box';
    const readdressed = resealed({ recipient: 'did:example:carol', recipientKey: url });
    const carol = keysOf('carol', 4).keyAgreement();
    expect(why(readdressed, { own: { url, key: carol } })).toBe('broken-ciphertext');
    expect(why(readdressed, { own: { url, key: bob.keyAgreement() } })).toBe('broken-ciphertext');
    expect(why(readdressed)).toBe('other-recipient');
  });

  it.each<[string, JsonObject, string]>([
    ['an encapsulation that is too short', { encapsulation: 'AAAA' }, 'broken-encapsulation'],
    ['an encapsulation of nothing', { encapsulation: 'A'.repeat(1494) }, 'broken-encapsulation'],
    ['a ciphertext that is too short', { ciphertext: 'AAAA' }, 'broken-ciphertext'],
    ['another cipher', { cipher: 'HPKE-10' }, 'unknown-cipher'],
    ['a member more', { crit: ['x'] }, 'malformed'],
    ['a key of another DID than the recipient', { recipientKey: 'did:example:carol#box' }, 'other-recipient'],
    ['bytes in another encoding', { ciphertext: 'AAA=' }, 'malformed'],
    ['no recipient', { recipient: null }, 'malformed'],
  ])('are refused with %s, even if they are signed so', (_, change, reason) => {
    expect(why(resealed(change))).toBe(reason);
  });

  it('are refused with another key of the sender or of the recipient, and below the minimum', () => {
    expect(why(box, { known: known(`${URLS.alice}2`, signerOf.alice.key.publicKey) })).toBe('other-key');
    expect(why(box, { known: known(URLS.alice, malloryKey.publicKey) })).toBe('broken-classical-half');
    expect(why(box, { own: { url: URLS.bob, key: alice.keyAgreement() } })).toBe('broken-ciphertext');
    expect(why(box, { minimum: 'ML-DSA-87' })).toBe('suite-below-minimum');
  });

  it('tell whose they are and whom they are for only where the keys are theirs', () => {
    expect(readBox(box)).toMatchObject({ box: { sender: 'did:example:alice', recipient: 'did:example:bob' } });
    const otherwise = canonicalBytes({ ...members, recipient: 'did:example:carol' });
    expect(readBox(otherwise)).toEqual({ kind: 'refused', reason: 'other-recipient' });
    expect(readBox(canonicalBytes({ ...members, sender: 'did:example:carol' }))).toMatchObject({
      reason: 'other-sender',
    });
  });

  it('are refused without their signature, in another version or text', () => {
    expect(why(canonicalBytes(without('signature')))).toBe('malformed-signature');
    expect(why(canonicalBytes({ ...members, type: 'aia/sealed-box/v2' }))).toBe('other-type');
    expect(why(utf8ToBytes(JSON.stringify(members, null, 1)))).toBe('not-canonical');
    expect(why(box.subarray(1))).toBe('malformed');
  });

  it('detect any changed bit', () => {
    const flip = (bit: number) => box.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    fc.assert(
      fc.property(fc.nat(8 * box.length - 1), (bit) => {
        expect(opened(flip(bit)).kind).toBe('refused');
      }),
      { numRuns: provider === node ? 300 : 60 },
    );
  });

  it('detect any changed bit of what is inside of the signature, even if it is signed so', () => {
    const bytesOf = (name: string) => Buffer.from(String(members[name]), 'base64url');
    const sizes = { encapsulation: 8 * bytesOf('encapsulation').length, ciphertext: 8 * bytesOf('ciphertext').length };
    fc.assert(
      fc.property(fc.constantFrom('encapsulation', 'ciphertext'), fc.nat(), (name, at) => {
        const bytes = bytesOf(name);
        const bit = at % sizes[name as keyof typeof sizes];
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(opened(resealed({ [name]: bytes.toString('base64url') })).kind).toBe('refused');
      }),
      { numRuns: provider === node ? 60 : 15 },
    );
  });

  it('never throw, whatever stands in place of a member, even if it is signed so', () => {
    const names = fc.constantFrom('cipher', 'sender', 'recipient', 'recipientKey', 'encapsulation', 'ciphertext');
    fc.assert(
      fc.property(names, fc.oneof(fc.string(), fc.base64String(), fc.jsonValue()), (name, value) => {
        const change = { [name]: JSON.parse(JSON.stringify(value)) as JsonValue };
        fc.pre(!JSON.stringify(change).includes('\\ud'));
        expect(opened(resealed(change)).kind).toBe('refused');
      }),
      { numRuns: provider === node ? 100 : 10 },
    );
  });

  it('refuse recipients whose key is none, and name what a caller gets wrong', () => {
    const to = (publicKey: Uint8Array, url = URLS.bob) =>
      sealBox(CONTENT, { url, publicKey }, signerOf.alice, provider);
    expect(to(new Uint8Array(1216))).toEqual({ kind: 'refused', reason: 'malformed-recipient-key' });
    expect(to(new Uint8Array(3))).toEqual({ kind: 'refused', reason: 'malformed-recipient-key' });
    for (const url of ['bob', 'did:example:bob', 'did:example:bob#'])
      expect(() => to(bob.keyAgreement().publicKey, url)).toThrow(TypeError);
    const recipient = { url: URLS.bob, publicKey: bob.keyAgreement().publicKey };
    for (const content of ['text', [1], new Uint16Array(2)])
      expect(() => sealBox(content as unknown as Uint8Array, recipient, signerOf.alice, provider)).toThrow(TypeError);
    expect(() => signObject('sealedBox', { suite: 'x' }, signerOf.alice)).toThrow(TypeError);
  });
});
