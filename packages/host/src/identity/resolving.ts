/** The resolver's ports on this machine: the store of the home, and origins by HTTPS. */
import {
  createResolver,
  type DidResolver,
  type OriginAnswer,
  type Resolution,
  type ResolverPorts,
  type Sources,
} from '@aia/identity';
import type { Home } from './home.ts';
import type { OriginReader } from './origin-reader.ts';

/** A resolver over a home; without a reader nobody is asked. */
export function resolverOf(home: Home, reader: OriginReader | undefined): DidResolver {
  return createResolver(portsOf(home, reader));
}

/** Ports that a resolver of a home works on. */
export function portsOf({ dids }: Home, reader: OriginReader | undefined): ResolverPorts {
  return {
    store: {
      read: (key) => Promise.resolve(dids.get(key)),
      // What does not go on from what is kept is left out; the resolver has refused it already.
      write: async (key, stored) => void dids.put(key, stored),
    },
    ...(reader !== undefined && { origin: { read: async (url: string) => answerOf(await reader(url)) } }),
  };
}

function answerOf(reading: Awaited<ReturnType<OriginReader>>): OriginAnswer {
  if (reading.kind === 'absent') return reading;
  if (reading.kind === 'unreachable') return { kind: 'unreachable', cause: reading.reason };
  if (reading.kind === 'refused') return { kind: 'unusable', cause: reading.reason };
  try {
    return { kind: 'found', text: new TextDecoder('utf-8', { fatal: true }).decode(reading.bytes) };
  } catch {
    return { kind: 'unusable', cause: 'no UTF-8' };
  }
}

/** What a verifier asks, and on what terms. */
export interface Asking {
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** `write` where what depends on the answer cannot be taken back. */
  readonly purpose: 'read' | 'write';
  /** A status list that was handed over; to read, it is believed as far as its signature and its validity reach. For what cannot be taken back it is too old. */
  readonly statusList?: Uint8Array | undefined;
  /** Told of every DID that was resolved, or was not. */
  readonly onResolution?: (did: string, resolution: Resolution) => void;
}

/** Documents by the resolver, lists where they are published or as they were handed over. */
export function sourcesOf(resolver: DidResolver, reader: OriginReader | undefined, asking: Asking): Sources {
  const { at, purpose, statusList, onResolution } = asking;
  return {
    documentOf: async (did) => {
      const resolution = await resolver.resolve(did, { at, purpose });
      onResolution?.(did, resolution);
      return resolution.kind === 'resolved' ? resolution.document : undefined;
    },
    statusListOf: async (url) => {
      if (statusList !== undefined && purpose === 'read') return { text: statusList, readAt: at };
      const reading = await reader?.(url);
      return reading?.kind === 'read' ? { text: reading.bytes, readAt: at } : undefined;
    },
  };
}
