/** The resolver's ports on this machine: the store of the home, and origins by HTTPS. */
import {
  createResolver,
  formatTime,
  parseJsonBytes,
  type DidResolver,
  type JsonObject,
  type OriginAnswer,
  type Published,
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
  /** When what is verified has to have held, if that was earlier or is later; default now. */
  readonly heldAt?: number | undefined;
  /** `write` where what depends on the answer cannot be taken back. */
  readonly purpose: 'read' | 'write';
  /** Status lists that were handed over; to read, each is believed as far as its signature and its validity reach. For what cannot be taken back they are too old. */
  readonly statusLists?: readonly Uint8Array[] | undefined;
  /** Told of every DID that was resolved, or was not. */
  readonly onResolution?: (did: string, resolution: Resolution) => void;
  /** Told of every status list that was asked for, once. */
  readonly onStatusList?: (list: FoundList) => void;
}

/** A status list that was asked for; nothing of it is verified. */
export interface FoundList {
  readonly url: string;
  readonly from: 'origin' | 'handed-over' | 'nowhere';
  /** Why there is none. */
  readonly reason?: string;
  readonly text?: Uint8Array;
}

/** Documents by the resolver, lists where they are published or as they were handed over. */
export function sourcesOf(resolver: DidResolver, reader: OriginReader | undefined, asking: Asking): Sources {
  const { at, heldAt = at, purpose, onResolution } = asking;
  const handed = new Map((asking.statusLists ?? []).map((text) => [idIn(text), text]));
  const found = new Map<string, Promise<Published | undefined>>();
  return {
    documentOf: async (did) => {
      const resolution = await resolver.resolve(asOf(did, heldAt, at), { at, purpose });
      onResolution?.(did, resolution);
      return resolution.kind === 'resolved' ? resolution.document : undefined;
    },
    statusListOf: (url) => {
      const published = found.get(url) ?? listOf(url, handed.get(url), reader, asking);
      found.set(url, published);
      return published;
    },
  };
}

async function listOf(
  url: string,
  handed: Uint8Array | undefined,
  reader: OriginReader | undefined,
  { at, heldAt = at, purpose, onStatusList }: Asking,
): Promise<Published | undefined> {
  if (handed !== undefined && purpose === 'read') {
    onStatusList?.({ url, from: 'handed-over', text: handed });
    return { text: handed, readAt: heldAt };
  }
  const reading = await reader?.(url);
  if (reading?.kind === 'read') {
    onStatusList?.({ url, from: 'origin', text: reading.bytes });
    return { text: reading.bytes, readAt: heldAt };
  }
  const reason = reading === undefined ? 'not-asked' : reading.kind === 'absent' ? 'not-found' : reading.reason;
  onStatusList?.({ url, from: 'nowhere', reason });
  return undefined;
}

/** What was is asked for by its time; what will be is what is. */
function asOf(did: string, heldAt: number, at: number): string {
  return heldAt >= at || did.startsWith('did:key:') ? did : `${did}?versionTime=${formatTime(heldAt)}`;
}

function idIn(list: Uint8Array): string {
  const parsed = parseJsonBytes(list, { most: list.length });
  const id = parsed.kind === 'value' ? (parsed.value as JsonObject | null)?.['id'] : undefined;
  return typeof id === 'string' ? id : '';
}
