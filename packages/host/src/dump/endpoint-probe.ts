/** Saved probes of endpoints: what a TLS handshake with a host showed. */
import { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '@aia/cluster';
import { certificateFacts } from '../probes/certificate-facts.ts';
import { readCertificate } from '../probes/tls-secret.ts';

/**
 * One probe, as a file in a dump: `{ "kind": "EndpointProbe", "host": "shop.example.com", "port": 443, "at": 1758974400000,
 * "chain": ["-----BEGIN CERTIFICATE-----…"], "error": "certificate has expired" }`. `chain` begins with the server's own
 * certificate; `error` is what the chain check said, absent when it held. `at` is epoch milliseconds.
 */
export interface EndpointProbe {
  readonly kind: 'EndpointProbe';
  readonly host: string;
  readonly port: number;
  readonly at?: number | string;
  readonly chain: readonly string[];
  readonly error?: string;
  /** `false` where the host is an address whose name nobody knew, so that the certificate cannot be held against one. */
  readonly named?: boolean;
}

/** Whether a value is a probe. */
export function isProbe(value: unknown): value is EndpointProbe {
  const { host, port, chain } = value as Partial<Record<keyof EndpointProbe, unknown>>;
  return (
    typeof host === 'string' &&
    typeof port === 'number' &&
    Array.isArray(chain) &&
    chain.every((pem) => typeof pem === 'string')
  );
}

/** The certificate that the endpoint served; none when the probe got none. */
export function probeFacts(
  { host, port, chain, error, named }: EndpointProbe,
  warn: (message: string) => void,
): readonly CertificateFacts[] {
  const [own, ...others] = chain;
  if (own === undefined) {
    warn(`the probe of ${host}:${port} got no certificate${typeof error === 'string' ? `: ${error}` : ''}`);
    return [];
  }
  try {
    const chainError = typeof error === 'string' && error !== '' ? error : undefined;
    return [
      certificateFacts(new X509Certificate(own), {
        source: { kind: 'endpoint', host, port },
        expectedHosts: named === false ? [] : [host],
        chainError,
        chain: others.flatMap((pem) => readCertificate(pem) ?? []),
      }),
    ];
  } catch (cause) {
    warn(`the certificate of ${host}:${port} cannot be read: ${(cause as Error).message}`);
    return [];
  }
}
