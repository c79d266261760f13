/**
 * The replay windows of all streams: a stream is what one sender sends to one audience, whichever key it signs with. Only what is verified makes a stream, and a
 * stream is forgotten when everything that was accepted of it has expired, so that memory is bounded by who has spoken lately.
 */
import { provider as defaultProvider } from '#provider';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import type { Verified } from '../signatures/signature.ts';
import { checkEnvelope, type Audience, type Envelope, type EnvelopeRefusal, type Expectation } from './envelope.ts';
import { EMPTY_WINDOW, formatWindow, parseWindow, type ReplayWindow } from './replay-window.ts';

/** A stream as it is kept over a restart. */
export interface KeptStream {
  readonly stream: string;
  /** See {@link formatWindow}. */
  readonly window: string;
  /** When all that was accepted of it has expired; epoch milliseconds. */
  readonly until: number;
}

/** What a guard begins with. */
export interface GuardMemory {
  readonly streams?: readonly KeptStream[];
  /**
   * Since when it is known what was accepted, epoch milliseconds: of streams that are not known, messages that were sent before are refused. To be given where the streams of an
   * earlier run are lost. Default: nothing was ever accepted.
   */
  readonly knownSince?: number;
  /** Most streams at a time; default 100 000. */
  readonly mostStreams?: number;
}

/** What held, or why not. */
export type GuardVerdict =
  | { readonly kind: 'accepted'; readonly verified: readonly Verified[] }
  | { readonly kind: 'refused'; readonly reason: EnvelopeRefusal | 'sent-before-memory' | 'too-many-streams' };

/** Accepts each envelope once. */
export interface ReplayGuard {
  /** As {@link checkEnvelope}, with the window of the stream, and remembers what it accepts. Never throws. */
  readonly check: (envelope: Envelope, payload: Uint8Array, expected: Omit<Expectation, 'window'>) => GuardVerdict;
  /** All streams, to be kept. */
  readonly streams: () => readonly KeptStream[];
}

const MOST_STREAMS = 100_000;

interface Stream {
  readonly window: ReplayWindow;
  readonly until: number;
}

/** A guard with what was kept of an earlier one. @throws TypeError for streams that no guard has written */
export function createReplayGuard(
  { streams = [], knownSince, mostStreams = MOST_STREAMS }: GuardMemory = {},
  provider: CryptoProvider = defaultProvider,
): ReplayGuard {
  const known = new Map(streams.map(({ stream, window, until }) => [stream, { window: readWindow(window), until }]));
  // What was accepted of forgotten streams had expired by then; it stays refused when clocks go back.
  let forgottenUntil = -Infinity;
  const forget = (at: number) => {
    for (const [name, { until }] of known) {
      if (until > at) continue;
      known.delete(name);
      forgottenUntil = Math.max(forgottenUntil, until);
    }
  };
  const isBeforeMemory = ({ sentAt, expiresAt }: Envelope) =>
    expiresAt <= forgottenUntil || (knownSince !== undefined && sentAt <= knownSince + CLOCK_SKEW_MS);
  return {
    check: (envelope, payload, expected) => {
      const name = nameOf(envelope.sender, envelope.audience);
      const stream: Stream | undefined = known.get(name);
      if (stream === undefined && isBeforeMemory(envelope)) return refused('sent-before-memory');
      const window = stream?.window ?? EMPTY_WINDOW;
      const verdict = checkEnvelope(envelope, payload, { ...expected, window }, provider);
      if (verdict.kind === 'refused') return verdict;
      if (stream === undefined && known.size >= mostStreams) forget(expected.at);
      if (stream === undefined && known.size >= mostStreams) return refused('too-many-streams');
      known.set(name, { window: verdict.window, until: Math.max(stream?.until ?? 0, envelope.expiresAt) });
      return { kind: 'accepted', verified: verdict.verified };
    },
    streams: () =>
      Array.from(known, ([stream, { window, until }]) => ({ stream, window: formatWindow(window), until })),
  };
}

/** A DID has no space, so that no two streams have one name. */
function nameOf(sender: string, audience: Audience): string {
  return `${sender} ${audience.kind} ${audience.kind === 'topic' ? audience.topic : audience.did}`;
}

function readWindow(text: string): ReplayWindow {
  const window = parseWindow(text);
  if (window === undefined) throw new TypeError(`window: ${JSON.stringify(text)} is none`);
  return window;
}

function refused(reason: 'sent-before-memory' | 'too-many-streams'): GuardVerdict {
  return { kind: 'refused', reason };
}
