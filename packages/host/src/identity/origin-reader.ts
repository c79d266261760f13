/**
 * Reads files of DIDs from their origins. URLs come from DIDs and so from anybody: only HTTPS to public addresses, which are looked up once and connected to as
 * they were checked, so that a name cannot change its mind in between. No proxy, cookie, credential or cache is used.
 */
import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { version } from '../version.ts';
import { isPublicAddress } from './public-address.ts';

/** What came of reading a URL. */
export type OriginReading =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  /** The origin says that there is none (404, 410). */
  | { readonly kind: 'absent' }
  /** It must not be read, or not believed; asking again does not help. */
  | { readonly kind: 'refused'; readonly reason: OriginRefusal }
  /** It may be there another time. */
  | { readonly kind: 'unreachable'; readonly reason: OriginFailure };

/** Why something is not read. */
export type OriginRefusal =
  /** No HTTPS URL of a host with a name, or one with a user or a fragment. */
  | 'unsafe-url'
  /** One of the addresses of the host is not public. */
  | 'private-address'
  /** A redirect to another host, port or scheme. */
  | 'redirect-elsewhere'
  | 'too-many-redirects'
  | 'too-large'
  /** Compressed although it was not asked for. */
  | 'encoded';

/** Why something cannot be read now. */
export type OriginFailure =
  | 'unresolved'
  | 'timeout'
  | 'untrusted-certificate'
  /** No TLS, or none that both sides know. */
  | 'tls-failed'
  | 'connection-failed'
  | 'malformed-answer'
  /** The body says neither how long it is nor where it ends, so that whoever cuts the connection cuts the log. */
  | 'unframed-answer'
  | `status-${number}`;

/** Reads one URL. Rejects only with the reason of the signal. */
export type OriginReader = (url: string, signal?: AbortSignal) => Promise<OriginReading>;

/** Bounds, and what tests put in place of the internet. */
export interface OriginOptions {
  /** Default 16 MiB: a log of 1024 entries with keys of all kinds. */
  readonly mostBytes?: number;
  /** For everything, redirects included; default 10 s. */
  readonly timeoutMs?: number;
  /** Default: the resolver of the machine. */
  readonly addressesOf?: (host: string) => Promise<readonly string[]>;
  /** Default {@link isPublicAddress}. */
  readonly isAllowed?: (address: string) => boolean;
  /** PEM; default: the authorities that Node trusts. */
  readonly authorities?: string;
}

/** Of one file of a DID, wherever it is read from. */
export const MOST_BYTES = 16 * 2 ** 20;
const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const ABSENT: ReadonlySet<number> = new Set([404, 410]);

/** A reader with its bounds. */
export function createOriginReader(options: OriginOptions = {}): OriginReader {
  const bounds = {
    ...{ mostBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS, addressesOf: systemAddresses, isAllowed: isPublicAddress },
    ...options,
  };
  return async (url, signal) => {
    signal?.throwIfAborted();
    const late = AbortSignal.timeout(bounds.timeoutMs);
    const ended = signal === undefined ? late : AbortSignal.any([signal, late]);
    try {
      return await following(url, bounds, ended);
    } catch (error) {
      signal?.throwIfAborted();
      return unreachable(late.aborted ? 'timeout' : failureOf(error));
    }
  };
}

type Bounds = OriginOptions & Required<Omit<OriginOptions, 'authorities'>>;

async function following(start: string, bounds: Bounds, ended: AbortSignal): Promise<OriginReading> {
  let url = safeUrl(start);
  const origin = url?.origin;
  for (let asked = 0; asked <= MOST_REDIRECTS; asked++) {
    if (url === undefined) return refused('unsafe-url');
    const addresses = await before(bounds.addressesOf(url.hostname), ended);
    if (addresses.length === 0) return unreachable('unresolved');
    // One private address among public ones is a trap, or a network of somebody's own.
    if (!addresses.every(bounds.isAllowed)) return refused('private-address');
    const answer = await ask(url, addresses, bounds, ended);
    if (typeof answer !== 'string') return answer;
    url = URL.canParse(answer, url.href) ? safeUrl(new URL(answer, url).href) : undefined;
    if (url?.origin !== origin) return refused('redirect-elsewhere');
  }
  return refused('too-many-redirects');
}

/** Odd spellings of addresses are addresses again once `URL` has read them. */
function safeUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, username, password, hostname, hash } = url;
  const isNamed = hostname !== '' && !hostname.startsWith('[') && isIP(hostname) === 0;
  return protocol === 'https:' && username === '' && password === '' && hash === '' && isNamed ? url : undefined;
}

/** The answer, or where it leads. */
async function ask(
  url: URL,
  addresses: readonly string[],
  bounds: Bounds,
  ended: AbortSignal,
): Promise<OriginReading | string> {
  const done = Promise.withResolvers<IncomingMessage>();
  const asking = request(url, optionsOf(addresses, bounds, ended));
  asking.on('error', done.reject).on('response', done.resolve);
  asking.on('upgrade', (response, socket) => {
    // Node leaves such a connection to whoever listens, and otherwise hears of no end.
    socket.destroy();
    done.resolve(response);
  });
  asking.end();
  try {
    const response = await done.promise;
    // A body that is cut off later has nobody else who would hear of it.
    response.on('error', () => {});
    const { statusCode: status = 0, headers } = response;
    if (REDIRECTS.has(status) && headers.location !== undefined) return headers.location;
    if (ABSENT.has(status)) return { kind: 'absent' };
    if (status !== 200) return unreachable(`status-${status}`);
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') return refused('encoded');
    // Source: RFC 9112 section 9.8
    if ((headers['content-length'] ?? headers['transfer-encoding']) === undefined)
      return unreachable('unframed-answer');
    return await bodyOf(response, bounds.mostBytes);
  } finally {
    asking.destroy();
  }
}

async function bodyOf(response: IncomingMessage, most: number): Promise<OriginReading> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) return refused('too-large');
    parts.push(part);
  }
  return { kind: 'read', bytes: Buffer.concat(parts) };
}

function optionsOf(addresses: readonly string[], { authorities }: Bounds, signal: AbortSignal): RequestOptions {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return {
    signal,
    agent: false,
    method: 'GET',
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': `aia/${version}` },
    ...(authorities !== undefined && { ca: authorities }),
    lookup: (_host, { all }, done) => {
      const [first] = found;
      if (all === true) done(null, found);
      else done(null, first?.address ?? '', first?.family ?? 0);
    },
  };
}

/** What is not known is no address; a resolver that fails says the same. */
async function systemAddresses(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** Of what cannot be stopped, the end is not waited for. */
async function before<T>(work: Promise<T>, ended: AbortSignal): Promise<T> {
  ended.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(ended.reason);
  ended.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    ended.removeEventListener('abort', stop);
  }
}

function failureOf(error: unknown): OriginFailure {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code.startsWith('HPE_')) return 'malformed-answer';
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'tls-failed';
  return /CERT|SIGNATURE|ISSUER|ERR_TLS/.test(code) ? 'untrusted-certificate' : 'connection-failed';
}

function refused(reason: OriginRefusal): OriginReading {
  return { kind: 'refused', reason };
}

function unreachable(reason: OriginFailure): OriginReading {
  return { kind: 'unreachable', reason };
}
