/** Certificates as findings see them: named after where they are used. */
import {
  compare,
  refText,
  type CertificateFacts,
  type CertificateSource,
  type KubeObject,
  type ResourceRef,
} from '@aia/cluster';
import { usersOf } from './certificate-users.ts';
import type { Evidence } from '../evidence.ts';
import type { Examination } from '../examination.ts';
import type { Severity } from '../finding.ts';
import { workloadTemplates } from '../workloads/workload-templates.ts';
import { durationText } from '../wording.ts';

const DAY_MS = 86_400_000;

/** The resource a finding about a certificate speaks of: the endpoint, the object that holds it, or the file it came from. */
export function certificateRef({ source }: { readonly source: CertificateSource }): ResourceRef {
  if (source.kind === 'secret' || source.kind === 'ca-bundle') return source.ref;
  if (source.kind === 'endpoint')
    return { group: '', kind: 'Endpoint', namespace: '', name: `${source.host}:${source.port}` };
  return { group: '', kind: 'Certificate', namespace: '', name: source.path };
}

/** Where it is used, for a sentence. */
export function usedAt({ source }: { readonly source: CertificateSource }): string {
  if (source.kind === 'endpoint') return `${source.host}:${source.port}`;
  if (source.kind === 'file') return source.path;
  return source.kind === 'secret' ? refText(source.ref) : `the CA bundle of ${refText(source.ref)} (${source.path})`;
}

/** Days until it expires, negative when it has. */
export function daysLeft(certificate: Pick<CertificateFacts, 'notAfterAt'>, now: number): number {
  return Math.floor((certificate.notAfterAt - now) / DAY_MS);
}

/** Time left, or gone by since, in words: `23 days`, `15 h`. */
export function spanText(ms: number): string {
  const days = Math.floor(Math.abs(ms) / DAY_MS);
  return days < 2 ? durationText(Math.abs(ms)) : `${days} days`;
}

/**
 * Time left below which a certificate is late. Certificates that live for days only are renewed at two thirds of their life,
 * as cert-manager does, so they get a third and a tenth of it instead of the days of the thresholds.
 */
export function lateness({ notBeforeAt, notAfterAt }: CertificateFacts, { thresholds }: Examination) {
  const lifeMs = Math.max(0, notAfterAt - notBeforeAt);
  const { warn, critical } = thresholds.certificateDays;
  return { warnMs: Math.min(warn * DAY_MS, lifeMs / 3), criticalMs: Math.min(critical * DAY_MS, lifeMs / 10) };
}

/** How bad it is that a certificate does not hold, by who meets it. */
export function faultSeverity(examination: Examination, { source }: { readonly source: CertificateSource }): Severity {
  if (source.kind === 'endpoint') return isInternalHost(source.host) ? 'high' : 'critical';
  if (source.kind === 'file') return 'high';
  if (source.kind === 'ca-bundle') return isIgnorable(examination, source.ref) ? 'medium' : 'high';
  if (usersOf(examination, source.ref).some(({ use }) => use === 'serves')) return 'critical';
  return seemsUnused(examination, source.ref) ? 'medium' : 'high';
}

/** A configuration of which every webhook may fail without anybody being refused. */
function isIgnorable({ snapshot }: Examination, ref: ResourceRef): boolean {
  const { webhooks = [] } = (snapshot.resolve(ref) ?? {}) as KubeObject & {
    readonly webhooks?: readonly { readonly failurePolicy?: string }[];
  };
  return webhooks.length > 0 && webhooks.every(({ failurePolicy }) => failurePolicy === 'Ignore');
}

/** Names that only resolve inside the cluster or the network: a private authority is usual there. */
export function isInternalHost(host: string): boolean {
  return (
    /(?:^|\.)(?:svc|cluster\.local|internal|local|localhost)$/i.test(host) ||
    /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host) ||
    !/[.:]/.test(host)
  );
}

/** No pod template of its namespace names it; gateways of other kinds, which may not have been read, still may. */
function seemsUnused(examination: Examination, ref: ResourceRef): boolean {
  const isGatewayRead = examination.snapshot.listOf('gateway.networking.k8s.io', 'Gateway').length > 0;
  if (isGatewayRead || usersOf(examination, ref).length > 0) return false;
  return workloadNamespaces(examination).has(ref.namespace);
}

const namespacesOf = new WeakMap<Examination, ReadonlySet<string>>();

function workloadNamespaces(examination: Examination): ReadonlySet<string> {
  let found = namespacesOf.get(examination);
  if (found === undefined)
    namespacesOf.set(examination, (found = new Set(workloadTemplates(examination).map(({ namespace }) => namespace))));
  return found;
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

/**
 * Judged certificates in a stable order. Of a CA bundle only the one that holds longest: bundles keep the authority before beside
 * the one in use, and any that holds will do.
 */
export function certificatesOf({
  snapshot,
  judges,
}: {
  snapshot: Examination['snapshot'];
  judges: (namespace: string) => boolean;
}): readonly CertificateFacts[] {
  const judged = snapshot.certificates.filter(({ source }) => source.kind !== 'secret' || judges(source.ref.namespace));
  const bundles = Map.groupBy(
    judged.filter(({ source }) => source.kind === 'ca-bundle'),
    usedAt,
  );
  const last = new Set([...bundles.values()].map((all) => all.toSorted(lastFirst)[0]));
  return judged
    .filter((certificate) => certificate.source.kind !== 'ca-bundle' || last.has(certificate))
    .toSorted((a, b) => compare(key(a), key(b)));
}

function lastFirst(a: CertificateFacts, b: CertificateFacts): number {
  return b.notAfterAt - a.notAfterAt || compare(a.serialNumber, b.serialNumber);
}

/** Facts that every finding about a certificate has: `subject`, `serialNumber`, and `secret` (`namespace/name`) where it lies in one. */
export function certificateIdentity({ subject, serialNumber, source }: CertificateFacts) {
  return {
    subject,
    serialNumber,
    ...(source.kind === 'secret' && { secret: `${source.ref.namespace}/${source.ref.name}` }),
  };
}

function key(certificate: CertificateFacts): string {
  return `${usedAt(certificate)} ${certificate.serialNumber}`;
}

/**
 * Whether a certificate covers a host name (RFC 6125: exact, or a wildcard for one left-most label) or an address (exact).
 * A wildcard host, as an Ingress may have, is covered by the same wildcard alone. The common name does not count (RFC 9525).
 */
export function covers(certificate: CertificateFacts, host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  return certificate.names.some((name) => {
    const pattern = name.toLowerCase();
    if (pattern === wanted) return true;
    if (/^[\d.]+$|:/.test(wanted)) return false;
    return pattern.startsWith('*.') && wanted.includes('.') && wanted.slice(wanted.indexOf('.')) === pattern.slice(1);
  });
}
