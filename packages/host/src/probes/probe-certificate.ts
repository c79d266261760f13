/** Asks a TLS endpoint for its certificate and says whether it would be trusted. Only when the caller names the endpoint. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateFacts } from '@aia/cluster';
import { certificateFacts } from './certificate-facts.ts';
import type { Endpoint } from './endpoint.ts';

/** How to probe. */
export interface CertificateProbeOptions {
  /** Name sent to the server (SNI) and expected in its certificate. Default: the host. */
  readonly servername?: string | undefined;
  /** Longest time for connection and handshake, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** PEM authorities to trust instead of the usual ones. */
  readonly authorities?: readonly string[] | undefined;
}

/** A certificate (trusted or not, see `chainError`), or why none was shown. */
export type CertificateProbe =
  | {
      readonly kind: 'certificate';
      readonly facts: CertificateFacts;
      /** The server's own certificate in PEM, as it was shown. */
      readonly pem: string;
    }
  | { readonly kind: 'failed'; readonly host: string; readonly port: number; readonly reason: string };

/**
 * Makes one TLS handshake and closes; sends nothing else. The chain and the name are checked, but a certificate that fails
 * the check is still reported: expired ones are what a probe is for.
 * @throws TypeError, RangeError for a host or port that cannot be; rejects with the signal's reason when cancelled
 */
export async function probeCertificate(
  host: string,
  port: number,
  options: CertificateProbeOptions = {},
): Promise<CertificateProbe> {
  check(host, port, options.timeoutMs);
  options.signal?.throwIfAborted();
  const expected = options.servername ?? host;
  const done = Promise.withResolvers<CertificateProbe>();
  const socket = connect({
    host,
    port,
    rejectUnauthorized: false,
    // An address is no server name (RFC 6066 section 3).
    ...(isIP(expected) === 0 ? { servername: expected } : {}),
    ...(options.authorities === undefined ? {} : { ca: [...options.authorities] }),
  });
  const fail = (reason: string) => done.resolve({ kind: 'failed', host, port, reason });
  const cancel = () => done.reject(options.signal?.reason);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
  options.signal?.addEventListener('abort', cancel, { once: true });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('the connection was closed before a certificate was shown'));
  socket.on('secureConnect', () => {
    done.resolve(shownBy(socket, { host, port, expected }));
  });
  try {
    return await done.promise;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', cancel);
    socket.destroy();
  }
}

function check(host: string, port: number, timeoutMs = 10_000): void {
  if (!/^[A-Za-z0-9._:-]{1,253}$/.test(host))
    throw new TypeError(`host must be a name or an address, not ${JSON.stringify(host.slice(0, 100))}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RangeError(`port must be an integer from 1 to 65535, not ${port}`);
  if (!(timeoutMs >= 1 && timeoutMs <= 600_000))
    throw new RangeError(`timeoutMs must be from 1 to 600000, not ${timeoutMs}`);
}

interface Asked extends Endpoint {
  /** The name that the certificate should bear; `undefined` where none is known. */
  readonly expected: string | undefined;
}

/** What a TLS connection showed: the certificate, whether its chain holds and its name fits. */
export function shownBy(socket: TLSSocket, { host, port, expected }: Asked): CertificateProbe {
  const peer = socket.getPeerCertificate() as PeerCertificate | Record<string, never>;
  if (peer.raw === undefined) return { kind: 'failed', host, port, reason: 'the server showed no certificate' };
  const certificate = new X509Certificate(peer.raw);
  const misnamed = expected === undefined ? undefined : checkServerIdentity(expected, peer as PeerCertificate)?.message;
  const facts = certificateFacts(certificate, {
    source: { kind: 'endpoint', host, port },
    expectedHosts: expected === undefined ? [] : [expected],
    chainError: chainError(socket) ?? misnamed,
  });
  return { kind: 'certificate', facts, pem: certificate.toString() };
}

const CHAIN_ERRORS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
};

/** Node gives OpenSSL's code here, as text or as an error. */
function chainError(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  const found = socket.authorizationError as unknown;
  const code = found instanceof Error ? ((found as { code?: string }).code ?? found.message) : String(found);
  // The name is checked by the caller, with a sentence that says which names there are.
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  return CHAIN_ERRORS[code] ?? code;
}
