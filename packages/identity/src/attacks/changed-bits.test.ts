/** Whatever single bit is changed on the way, it is noticed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import { present, verifyPresentation } from '../credentials/presentation.ts';
import { verifyCredential } from '../credentials/verify.ts';
import { AT, World } from '../credentials/world.suite.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { decided, flipped, type Decided } from './attack.suite.ts';
import { Chronicle } from './dids.suite.ts';
import { Cast } from './messages.suite.ts';

/** Something that is sent as bytes, and what becomes of it. */
interface Sent {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly held: string;
  readonly decide: (bytes: Uint8Array) => Decided;
  /** By one who has seen the whole before: a log that ends earlier was whole once. */
  readonly decideAgain?: (bytes: Uint8Array) => Decided;
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (text: string) => new TextEncoder().encode(text);

function sentBy(provider: CryptoProvider): readonly Sent[] {
  const [cast, chronicle, world] = [new Cast(provider), new Chronicle(provider), new World(provider)];
  const log = chronicle.log(3);
  const credential = world.signed(world.role());
  const binding = { challenge: 'c-1', domain: 'did:web:verifier.example' };
  const terms = { holder: world.holder.did, credentials: [credential], ...binding };
  const shown = present(terms, world.holder.authenticating, AT, provider);
  const { verification } = world;
  return [
    { what: 'an envelope', bytes: cast.envelope(), held: 'accepted', decide: (bytes) => cast.received(bytes) },
    {
      ...{ what: 'the payload of an envelope', bytes: bytesOf('scale web to 3'), held: 'accepted' },
      decide: (payload) => cast.received(cast.envelope(), {}, Uint8Array.from(payload)),
    },
    { what: 'a sealed box', bytes: cast.box(), held: 'opened', decide: (bytes) => cast.opened(bytes) },
    {
      ...{ what: 'a log of a DID', bytes: bytesOf(log.text), held: 'verified' },
      decide: (bytes) => chronicle.decide({ text: textOf(bytes) }),
      decideAgain: (bytes) => chronicle.decide({ text: textOf(bytes) }, { known: log }),
    },
    {
      ...{ what: 'a credential', bytes: bytesOf(canonicalJson(credential)), held: 'verified' },
      decide: async (bytes) => decided(await verifyCredential(bytes, verification, provider)),
    },
    {
      ...{ what: 'a presentation', bytes: bytesOf(canonicalJson(shown)), held: 'verified' },
      decide: async (bytes) => decided(await verifyPresentation(bytes, { ...verification, ...binding }, provider)),
    },
  ];
}

describe.each([
  { provider: node, numRuns: 500 },
  { provider: noble, numRuns: 25 },
])('a changed bit, with $provider.name', ({ provider, numRuns }) => {
  it.each(sentBy(provider))('is noticed in $what', async ({ bytes, held, decide }) => {
    expect(await decide(bytes)).toBe(held);
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * bytes.length - 1), async (at) => {
        expect(await decide(flipped(bytes, at))).not.toBe(held);
      }),
      { numRuns },
    );
  });

  it.each(sentBy(provider))('is noticed in $what that is cut off or continued', async (sent) => {
    const { bytes, held, decide, decideAgain = decide } = sent;
    // The line end of the last entry is no part of it.
    const least = bytes.at(-1) === 0x0a ? 2 : 1;
    const cut = fc.integer({ min: least, max: bytes.length }).map((length) => bytes.slice(0, bytes.length - length));
    // Blanks after JSON say nothing.
    const tails = fc.uint8Array({ minLength: 1, maxLength: 4 }).filter((tail) => tail.some((byte) => byte > 0x20));
    const more = tails.map((tail) => Uint8Array.from([...bytes, ...tail]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, more), async (changed) => {
        expect(await decideAgain(changed)).not.toBe(held);
      }),
      { numRuns: Math.min(numRuns, 100) },
    );
  });
});
