/** Public facts of X.509 certificates (RFC 5280), from a handshake or from the PEM in a TLS Secret. */
import { X509Certificate } from 'node:crypto';
import type { CertificateFacts, CertificateSource, FoundCertificate, SnapshotBuilder } from '@aia/cluster';

/** What the certificate itself does not say. */
export interface CertificateContext {
  readonly source: CertificateSource;
  readonly expectedHosts: readonly string[];
  readonly chainError: string | undefined;
}

export function certificateFacts(certificate: X509Certificate, context: CertificateContext): CertificateFacts {
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
  };
}

/** Facts of the first certificate (the server's own) in each TLS Secret; what cannot be read is noted as a problem. */
export function secretCertificates(
  found: readonly FoundCertificate[],
  builder: Pick<SnapshotBuilder, 'problem'>,
): CertificateFacts[] {
  return found.flatMap(({ secret, pemBase64 }) => {
    try {
      const certificate = new X509Certificate(Buffer.from(pemBase64, 'base64'));
      return [
        certificateFacts(certificate, {
          source: { kind: 'secret', ref: secret },
          expectedHosts: [],
          chainError: undefined,
        }),
      ];
    } catch {
      const source = `Secret ${secret.namespace}/${secret.name}`;
      builder.problem({
        source,
        place: 'data["tls.crt"]',
        message: 'holds no readable certificate',
        severity: 'warning',
      });
      return [];
    }
  });
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
