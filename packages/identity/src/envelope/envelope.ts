/**
 * Envelopes: who sends which payload to whom, in which order and until when. The payload travels beside its envelope, which has its digest; the
 * signature covers all the rest.
 */
import { isBytes } from '@noble/hashes/utils.js';
import { framed } from '../canonical/domains.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { parseDid } from '../did/did.ts';
import { equalBytes } from '../encoding/equal.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import { provider as defaultProvider } from '#provider';
import type { CryptoProvider } from '../provider/provider.ts';
import { ownerOf, type KnownKey, type SignatureRefusal, type Signer, type Verified } from '../signatures/signature.ts';
import {
  readSignedObject,
  signObject,
  verifyObject,
  type ObjectRefusal,
  type UnverifiedObject,
} from '../signatures/signed-object.ts';
import type { SuiteName } from '../signatures/suite.ts';
import { admit, isSequence, type ReplayWindow } from './replay-window.ts';

/** Whom a message is for: one agent, or all that read a topic. */
export type Audience =
  { readonly kind: 'recipient'; readonly did: string } | { readonly kind: 'topic'; readonly topic: string };

/** What a sender says of a message. */
export interface EnvelopeHeader {
  readonly audience: Audience;
  /** From 1, never twice for the same audience, also over restarts and changes of key. */
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** From then on it is refused; at most {@link MOST_LIFETIME_MS} after it was sent. */
  readonly expiresAt: number;
}

/** An envelope that was read. Nothing of it has been verified. */
export interface Envelope extends EnvelopeHeader {
  readonly sender: string;
  /** DID URL of the key that it says to be signed with; the sender's. */
  readonly senderKey: string;
  readonly payloadDigest: Uint8Array;
  readonly object: UnverifiedObject;
}

/** Longest time between sending and expiry: as long has it to be known what was seen. */
export const MOST_LIFETIME_MS = 24 * 3_600_000;

/** The largest signature has 7 856 bytes, names at most 2 048 characters each. */
const MOST_BYTES = 24 * 1024;

/** Visible ASCII. */
const TOPIC = /^[\x21-\x7e]{1,255}$/;
const DIGEST_BYTES = 32;

/** Why bytes are no envelope. */
export type ReadRefusal = ObjectRefusal | 'other-sender';

/** Why an envelope is not accepted. */
export type EnvelopeRefusal =
  | SignatureRefusal
  | 'other-recipient'
  | 'other-topic'
  | 'from-future'
  | 'expired'
  | 'replayed'
  | 'behind-window'
  | 'other-payload';

/** What an envelope is held against. */
export interface Expectation {
  /** Who is reading: its DID or the topic. */
  readonly audience: Audience;
  /** Now, epoch milliseconds. */
  readonly at: number;
  /** The sender's key, from its document, under its `authentication`. */
  readonly known: KnownKey;
  readonly minimum: SuiteName;
  /** What has been seen of this sender for this audience. */
  readonly window: ReplayWindow;
}

/** What held and the window with this message in it, which has to be kept before the payload is acted on; or why not. */
export type EnvelopeVerdict =
  | { readonly kind: 'accepted'; readonly verified: readonly Verified[]; readonly window: ReplayWindow }
  | { readonly kind: 'refused'; readonly reason: EnvelopeRefusal };

/**
 * Text of a signed envelope.
 * @throws TypeError for a payload, an audience or a key that is none
 * @throws RangeError for a sequence number or times that are out of range
 */
export function createEnvelope(
  payload: Uint8Array,
  header: EnvelopeHeader,
  signer: Signer,
  provider: CryptoProvider = defaultProvider,
): Uint8Array {
  const { audience, sequence, sentAt, expiresAt } = header;
  const sender = ownerOf(signer.url);
  if (sender === undefined) throw new TypeError(`signer: ${JSON.stringify(signer.url)} is no DID URL of a key`);
  if (!isAudience(audience)) throw new TypeError('audience: is no DID and no topic of visible ASCII');
  if (!isSequence(sequence)) throw new RangeError(`sequence: is ${sequence}, must be a safe integer from 1`);
  if (!isLifetime(sentAt, expiresAt))
    throw new RangeError(`expiresAt: is ${expiresAt}, must be at most ${MOST_LIFETIME_MS} ms after sentAt, ${sentAt}`);
  const to = audience.kind === 'recipient' ? { recipient: audience.did } : { topic: audience.topic };
  const digest = toBase64Url(digestOf(payload, provider));
  return signObject('envelope', { ...to, sender, sequence, sentAt, expiresAt, payload: digest }, signer);
}

const NAMES: ReadonlySet<string> = new Set([
  ...['sender', 'recipient', 'topic', 'sequence', 'sentAt', 'expiresAt', 'payload'],
]);

/** Takes an envelope apart, so that the sender's key can be looked up. Never throws. */
export function readEnvelope(
  bytes: Uint8Array,
):
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'refused'; readonly reason: ReadRefusal } {
  const object = readSignedObject(bytes, 'envelope', { names: NAMES, mostBytes: MOST_BYTES });
  if (object.kind === 'refused') return object;
  const { sender, sequence, sentAt, expiresAt } = object.body;
  const audience = audienceOf(object.body);
  const payloadDigest = digestIn(object.body.payload);
  const senderKey = object.signature.key;
  if (typeof sender !== 'string' || audience === undefined || payloadDigest === undefined) return MALFORMED;
  if (!isSequence(sequence) || !isLifetime(sentAt, expiresAt)) return MALFORMED;
  if (ownerOf(senderKey) !== sender) return { kind: 'refused', reason: 'other-sender' };
  const header = { audience, sequence, sentAt: sentAt as number, expiresAt: expiresAt as number };
  return { kind: 'envelope', envelope: { ...header, sender, senderKey, payloadDigest, object } };
}

const MALFORMED = { kind: 'refused', reason: 'malformed' } as const;

/** Checks an envelope and its payload, what is cheap first. Never throws. */
export function checkEnvelope(
  envelope: Envelope,
  payload: Uint8Array,
  expected: Expectation,
  provider: CryptoProvider = defaultProvider,
): EnvelopeVerdict {
  const outside = whyNotFor(envelope, expected);
  if (outside !== undefined) return { kind: 'refused', reason: outside };
  const admitted = admit(expected.window, envelope.sequence);
  if (admitted.kind === 'refused') return admitted;
  if (!isBytes(payload) || !equalBytes(digestOf(payload, provider), envelope.payloadDigest))
    return { kind: 'refused', reason: 'other-payload' };
  const verdict = verifyObject('envelope', envelope.object, expected.known, expected.minimum);
  if (verdict.kind === 'refused') return verdict;
  return { kind: 'accepted', verified: verdict.verified, window: admitted.window };
}

function whyNotFor(
  { audience, sentAt, expiresAt }: Envelope,
  { audience: own, at }: Expectation,
): EnvelopeRefusal | undefined {
  if (!isSameAudience(audience, own)) return audience.kind === 'topic' ? 'other-topic' : 'other-recipient';
  if (sentAt > at + CLOCK_SKEW_MS) return 'from-future';
  return at < expiresAt ? undefined : 'expired';
}

function digestOf(payload: Uint8Array, provider: CryptoProvider): Uint8Array {
  return provider.sha256(framed('payload', payload));
}

function digestIn(value: JsonValue | undefined): Uint8Array | undefined {
  const digest = typeof value === 'string' ? fromBase64Url(value) : undefined;
  return digest?.length === DIGEST_BYTES ? digest : undefined;
}

function audienceOf({ recipient, topic }: JsonObject): Audience | undefined {
  if ((recipient === undefined) === (topic === undefined)) return undefined;
  const audience =
    topic === undefined ? { kind: 'recipient', did: recipient as string } : { kind: 'topic', topic: topic as string };
  return isAudience(audience as Audience) ? (audience as Audience) : undefined;
}

function isAudience(audience: Audience): boolean {
  return audience.kind === 'recipient'
    ? typeof audience.did === 'string' && parseDid(audience.did) !== undefined
    : typeof audience.topic === 'string' && TOPIC.test(audience.topic);
}

function isSameAudience(one: Audience, other: Audience): boolean {
  return one.kind === 'recipient'
    ? other.kind === 'recipient' && one.did === other.did
    : other.kind === 'topic' && one.topic === other.topic;
}

function isLifetime(sentAt: unknown, expiresAt: unknown): boolean {
  if (!Number.isSafeInteger(sentAt) || !Number.isSafeInteger(expiresAt)) return false;
  const lifetime = (expiresAt as number) - (sentAt as number);
  return (sentAt as number) >= 0 && lifetime > 0 && lifetime <= MOST_LIFETIME_MS;
}
