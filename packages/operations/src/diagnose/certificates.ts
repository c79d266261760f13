/** Certificates as findings see them: named after where they are used. */
import type { CertificateFacts, ResourceRef } from '@aia/cluster';
import type { Evidence } from './evidence.ts';
import type { Examination } from './examination.ts';

const DAY_MS = 86_400_000;

/** The resource a finding about a certificate speaks of: the endpoint, the Secret, or the file it came from. */
export function certificateRef({ source }: CertificateFacts): ResourceRef {
  if (source.kind === 'secret') return source.ref;
  if (source.kind === 'endpoint')
    return { group: '', kind: 'Endpoint', namespace: '', name: `${source.host}:${source.port}` };
  return { group: '', kind: 'Certificate', namespace: '', name: source.path };
}

/** Where it is used, for a sentence. */
export function usedAt({ source }: CertificateFacts): string {
  if (source.kind === 'endpoint') return `${source.host}:${source.port}`;
  return source.kind === 'secret' ? `Secret ${source.ref.namespace}/${source.ref.name}` : source.path;
}

/** Days until it expires, negative when it has. */
export function daysLeft(certificate: CertificateFacts, now: number): number {
  return Math.floor((certificate.notAfterAt - now) / DAY_MS);
}

export function certificateEvidence(certificate: CertificateFacts): Evidence {
  const names = certificate.names.length === 0 ? '' : ` for ${certificate.names.slice(0, 5).join(', ')}`;
  return {
    kind: 'certificate',
    subject: certificate.subject,
    text: `issued by ${certificate.issuer}${names}, found at ${usedAt(certificate)}`,
    notAfterAt: certificate.notAfterAt,
  };
}

/** Judged certificates in a stable order. */
export function certificatesOf({
  snapshot,
  judges,
}: {
  snapshot: Examination['snapshot'];
  judges: (namespace: string) => boolean;
}): readonly CertificateFacts[] {
  return snapshot.certificates
    .filter(({ source }) => source.kind !== 'secret' || judges(source.ref.namespace))
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key(certificate: CertificateFacts): string {
  return `${usedAt(certificate)} ${certificate.serialNumber}`;
}

/** Whether a certificate covers a host name (RFC 6125: exact, or a wildcard for one left-most label). */
export function covers(certificate: CertificateFacts, host: string): boolean {
  const wanted = host.toLowerCase();
  return certificate.names.some((name) => {
    const pattern = name.toLowerCase();
    if (pattern === wanted) return true;
    return pattern.startsWith('*.') && wanted.includes('.') && wanted.slice(wanted.indexOf('.')) === pattern.slice(1);
  });
}
