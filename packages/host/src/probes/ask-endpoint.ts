/** One HTTP request to one address: how it was answered, how fast, and with which certificate. Reads no body. */
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { EndpointFault } from '@aia/cluster';
import { version } from '../version.ts';
import { shownBy, type CertificateProbe } from './probe-certificate.ts';

/** What is asked, and where. */
export interface Question {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** With query, where a server redirected to one. */
  readonly path: string;
  /** Connected to as it is; no name is looked up. */
  readonly address: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Status and head of the answer, or why there is none; the certificate as far as one was shown. */
export interface Answer {
  readonly status?: number;
  readonly latencyMs?: number;
  readonly location?: string;
  readonly fault?: EndpointFault;
  readonly faultText?: string;
  readonly certificate?: CertificateProbe;
}

/** Larger heads are refused. */
const HEAD_BYTES = 16 * 1024;

/**
 * Sends one GET without credentials or cookies and closes as soon as the head of the answer is there.
 * @throws the signal's reason when cancelled
 */
export async function askEndpoint(question: Question): Promise<Answer> {
  const { host, port, timeoutMs, signal, scheme } = question;
  signal?.throwIfAborted();
  const done = Promise.withResolvers<Answer>();
  const startedAt = performance.now();
  let certificate: CertificateProbe | undefined;
  const settle = (answer: Answer) => done.resolve({ ...answer, ...(certificate !== undefined && { certificate }) });
  const request = (scheme === 'https' ? tlsRequest : plainRequest)(optionsOf(question));
  const cancel = () => done.reject(signal?.reason);
  const timer = setTimeout(
    () => settle({ fault: 'timeout', faultText: `no answer within ${timeoutMs} ms` }),
    timeoutMs,
  );
  signal?.addEventListener('abort', cancel, { once: true });
  request.on('socket', (socket) => {
    socket.on('secureConnect', () => {
      const expected = isIP(host) === 0 ? host : undefined;
      certificate = shownBy(socket as TLSSocket, { host, port, expected });
    });
  });
  request.on('error', (error) => settle(faultOf(error)));
  request.on('response', (response: IncomingMessage) => {
    const { statusCode, headers } = response;
    settle({
      latencyMs: Math.round(performance.now() - startedAt),
      ...(statusCode !== undefined && { status: statusCode }),
      ...(headers.location !== undefined && { location: headers.location }),
    });
  });
  request.end();
  try {
    return await done.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    request.destroy();
  }
}

function optionsOf({ scheme, host, port, path, address }: Question): RequestOptions & { readonly servername?: string } {
  const isDefault = port === (scheme === 'https' ? 443 : 80);
  const named = host.includes(':') ? `[${host}]` : host;
  return {
    host: address,
    port,
    path,
    method: 'GET',
    agent: false,
    maxHeaderSize: HEAD_BYTES,
    headers: { host: isDefault ? named : `${named}:${port}`, accept: '*/*', 'user-agent': `aia/${version}` },
    ...(scheme === 'https' && { rejectUnauthorized: false, servername: isIP(host) === 0 ? host : '' }),
  };
}

const FAULTS: Readonly<Record<string, EndpointFault>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  EPROTO: 'tls',
};

function faultOf(error: Error & { readonly code?: string }): Answer {
  const { code = '' } = error;
  const kind: EndpointFault = code.startsWith('HPE_') ? 'protocol' : /^ERR_(?:SSL|TLS)/.test(code) ? 'tls' : 'other';
  return { fault: FAULTS[code] ?? kind, faultText: error.message.split('\n')[0]?.slice(0, 300) ?? code };
}
