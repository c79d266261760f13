/** Public facts of X.509 certificates (RFC 5280), from a handshake, a file or an object. */
import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts, CertificateSource } from '@aia/cluster';

/** What the certificate itself does not say. */
export interface CertificateContext {
  readonly source: CertificateSource;
  readonly expectedHosts: readonly string[];
  readonly chainError: string | undefined;
  /** What stood behind it. */
  readonly chain?: readonly X509Certificate[];
  readonly keyMatches?: boolean | undefined;
  readonly signedBy?: readonly string[];
}

export function certificateFacts(certificate: X509Certificate, context: CertificateContext): CertificateFacts {
  const { chain = [], keyMatches, signedBy } = context;
  return {
    source: context.source,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber,
    names: namesOf(certificate.subjectAltName),
    notBeforeAt: certificate.validFromDate.getTime(),
    notAfterAt: certificate.validToDate.getTime(),
    expectedHosts: context.expectedHosts,
    chainError: context.chainError,
    fingerprint: fingerprintOf(certificate),
    isAuthority: certificate.ca,
    ...(chain.length > 0 && {
      chain: chain.map((one) => ({
        subject: oneLine(one.subject),
        issuer: oneLine(one.issuer),
        notAfterAt: one.validToDate.getTime(),
      })),
    }),
    ...(keyMatches !== undefined && { keyMatches }),
    ...(signedBy !== undefined && { signedBy }),
  };
}

/** SHA-256 in lower-case hexadecimal. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** `CN=a\nO=b` → `CN=a, O=b`. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** `DNS:a.example, IP Address:10.0.0.1` → names and addresses; other kinds are left out. */
function namesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((part) => /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(part)?.[1])
    .filter((name) => name !== undefined);
}
