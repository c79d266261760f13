/** Puts a handler of web requests on a socket, with TLS. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Handler } from '@aia/cluster';
import { HostError } from '../host-error.ts';
import { selfSigned } from './self-signed.ts';

/** Where to listen. */
export interface ServeOptions {
  /** Default: loopback, which no other machine reaches. */
  readonly address?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** Called before each request. */
  readonly beforeRequest?: () => void;
}

/** A server that listens. */
export interface Serving {
  readonly url: string;
  /** PEM of the certificate that its clients must trust. */
  readonly certificate: string;
  /** Ends it, with all requests that are open. */
  close(): Promise<void>;
}

/** More than any client of Kubernetes sends. */
const MOST_HEADER_BYTES = 64 * 1024;

/** @throws HostError `output-failed` where the address cannot be listened on */
export async function serve(handle: Handler, options: ServeOptions = {}): Promise<Serving> {
  const { address = '127.0.0.1', port = 0, beforeRequest } = options;
  let base = '';
  const { certificate, key } = selfSigned([...new Set(['localhost', '127.0.0.1', '::1', address])]);
  const server = createServer({ cert: certificate, key, maxHeaderSize: MOST_HEADER_BYTES }, (incoming, outgoing) => {
    beforeRequest?.();
    respond(handle, base, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await listening(server, address, port);
  const bound = server.address() as AddressInfo;
  base = `https://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  return { url: base, certificate, close: () => closed(server) };
}

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new HostError('output-failed', `cannot listen on ${address}:${port}: ${cause.message}`, {
          data: { address, port },
          cause,
        }),
      ),
    );
    server.listen(port, address, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  handle: Handler,
  base: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const response = await handle(requestOf(base, incoming, gone.signal));
  outgoing.writeHead(response.status, headersOf(response));
  // Watches may say nothing for long, and clients wait for the head.
  outgoing.flushHeaders();
  if (response.body !== null && incoming.method !== 'HEAD') await send(response.body, outgoing, gone.signal);
  outgoing.end();
}

function requestOf(base: string, incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // Some are no business of the one who answers, and may not stand in a web request.
    if (!/^(?:connection|transfer-encoding|expect|keep-alive|upgrade|:.*)$/i.test(name))
      headers.append(name, rawHeaders[at + 1] as string);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
  return new Request(`${base}${url.startsWith('/') ? url : '/'}`, {
    method,
    headers,
    body,
    duplex: 'half',
    signal,
  } as RequestInit);
}

/** Several warnings are several headers. */
function headersOf({ headers }: Response): string[] {
  return [...headers].flatMap(([name, value]) =>
    name === 'warning' ? value.split(/, (?=299 - ")/).flatMap((one) => [name, one]) : [name, value],
  );
}

/** No faster than the client takes it. */
async function send(body: ReadableStream<Uint8Array>, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  if (gone.aborted) return stop();
  gone.addEventListener('abort', stop, { once: true });
  for (;;) {
    const { done, value } = await reader.read();
    if (done || gone.aborted) return;
    if (!outgoing.write(value)) await drained(outgoing, gone);
  }
}

function drained(outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    outgoing.once('drain', done);
    gone.addEventListener('abort', done);
  });
}
