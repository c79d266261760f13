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

/** What a guard begins with, and what of it is to be kept; JSON has it all. */
export interface GuardMemory {
  readonly streams?: readonly KeptStream[];
  /** Until when everything had expired whose stream was forgotten, epoch milliseconds. Default: nothing was forgotten. */
  readonly forgottenUntil?: number;
  /**
   * Since when it is known what was accepted, epoch milliseconds; what was sent before is refused. To be given once where the memory of an earlier run is lost. Default:
   * nothing was accepted that is not known.
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
  /** All that it knows, to be kept before a payload is acted on. */
  readonly memory: () => GuardMemory;
}

const MOST_STREAMS = 100_000;

interface Stream {
  readonly window: ReplayWindow;
  readonly until: number;
}

/** A guard with what was kept of an earlier one. @throws TypeError for a memory that no guard has written */
export function createReplayGuard(memory: GuardMemory = {}, provider: CryptoProvider = defaultProvider): ReplayGuard {
  const { knownSince = -Infinity, mostStreams = MOST_STREAMS } = memory;
  const streams = new Streams(memory);
  return {
    check: (envelope, payload, expected) => {
      if (envelope.expiresAt <= streams.forgottenUntil || envelope.sentAt <= knownSince + CLOCK_SKEW_MS)
        return refused('sent-before-memory');
      const name = nameOf(envelope.sender, envelope.audience);
      const window = streams.windowOf(name);
      const verdict = checkEnvelope(envelope, payload, { ...expected, window: window ?? EMPTY_WINDOW }, provider);
      if (verdict.kind === 'refused') return verdict;
      if (window === undefined && !streams.haveRoom(mostStreams, expected.at)) return refused('too-many-streams');
      streams.set(name, verdict.window, envelope.expiresAt);
      return { kind: 'accepted', verified: verdict.verified };
    },
    memory: () => ({ ...memory, ...streams.kept() }),
  };
}

/** By name. What has expired is forgotten when there is no room, and stays refused when clocks go back. */
class Streams {
  readonly #known: Map<string, Stream>;
  #forgottenUntil: number;
  /** Nothing expires before. */
  #nextExpiry: number;

  constructor({ streams = [], forgottenUntil = 0 }: GuardMemory) {
    this.#known = new Map(streams.map(({ stream, window, until }) => [stream, read(window, until)]));
    this.#forgottenUntil = forgottenUntil;
    this.#nextExpiry = 0;
  }

  get forgottenUntil(): number {
    return this.#forgottenUntil;
  }

  windowOf(name: string): ReplayWindow | undefined {
    return this.#known.get(name)?.window;
  }

  set(name: string, window: ReplayWindow, expiresAt: number): void {
    const until = Math.max(this.#known.get(name)?.until ?? 0, expiresAt);
    this.#known.set(name, { window, until });
    this.#nextExpiry = Math.min(this.#nextExpiry, until);
  }

  haveRoom(most: number, at: number): boolean {
    if (this.#known.size >= most && at >= this.#nextExpiry) this.#forget(at);
    return this.#known.size < most;
  }

  kept(): Pick<GuardMemory, 'streams' | 'forgottenUntil'> {
    const streams = Array.from(this.#known, ([stream, { window, until }]) => ({
      ...{ stream, until },
      window: formatWindow(window),
    }));
    return { streams, forgottenUntil: this.#forgottenUntil };
  }

  #forget(at: number): void {
    this.#nextExpiry = Infinity;
    for (const [name, { until }] of this.#known) {
      if (until > at) {
        this.#nextExpiry = Math.min(this.#nextExpiry, until);
      } else {
        this.#known.delete(name);
        this.#forgottenUntil = Math.max(this.#forgottenUntil, until);
      }
    }
  }
}

/** A DID has no space, so that no two streams have one name. */
function nameOf(sender: string, audience: Audience): string {
  return `${sender} ${audience.kind} ${audience.kind === 'topic' ? audience.topic : audience.did}`;
}

function read(text: string, until: number): Stream {
  const window = parseWindow(text);
  if (window === undefined) throw new TypeError(`window: ${JSON.stringify(text)} is none`);
  if (!Number.isSafeInteger(until)) throw new TypeError(`until: ${until} is no time`);
  return { window, until };
}

function refused(reason: 'sent-before-memory' | 'too-many-streams'): GuardVerdict {
  return { kind: 'refused', reason };
}
