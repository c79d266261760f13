/** Every certificate that is known or ought to be: where it stands, who uses it, who renews it, how long it holds. */
import {
  compare,
  refText,
  timeOf,
  type CertificateFacts,
  type ResourceRef,
  type UnreadableCertificate,
} from '@aia/cluster';
import type { CertificateEntry } from '@aia/contract';
import { chainFault, isCaredFor, uncoveredHosts } from './certificate-faults.ts';
import { renewalOf, renewalOfBundle, renewalOfSecret, type Renewal } from './certificate-renewal.ts';
import { servedSecrets, usersOf } from './certificate-users.ts';
import { certificateRef, certificatesOf, daysLeft, lateness, usedAt } from './certificates.ts';
import type { Examination } from '../examination.ts';
import { unique } from '../order.ts';

/** Entries by the moment they expire, those of which it is not known last. */
export function certificateLedger(examination: Examination): readonly CertificateEntry[] {
  const judges = (namespace: string): boolean => examination.judges(namespace);
  const known = certificatesOf({ snapshot: examination.snapshot, judges }).map((one) => ofFacts(examination, one));
  const unreadable = examination.snapshot.unreadableCertificates
    .filter(({ source }) => source.kind !== 'secret' || judges(source.ref.namespace))
    .map((one) => ofUnreadable(examination, one));
  const told = new Set([...known, ...unreadable].map(({ resource }) => secretKey(resource)));
  const others = [...ordered(examination), ...unread(examination)].filter(({ key, namespace }) => {
    if (told.has(key) || !judges(namespace)) return false;
    told.add(key);
    return true;
  });
  return [...known, ...unreadable, ...others.map(({ entry }) => entry)].sort(soonestFirst);
}

function soonestFirst(a: CertificateEntry, b: CertificateEntry): number {
  return (a.notAfterAt ?? Infinity) - (b.notAfterAt ?? Infinity) || compare(keyOf(a), keyOf(b));
}

function keyOf({ place, serialNumber = '' }: CertificateEntry): string {
  return `${place} ${serialNumber}`;
}

function secretKey({ kind, namespace, name }: ResourceRef): string {
  return `${kind}/${namespace}/${name}`;
}

function ofFacts(examination: Examination, certificate: CertificateFacts): CertificateEntry {
  const renewal = renewalOf(examination, certificate);
  const faults = faultsOf(examination, certificate);
  const { subject, issuer, serialNumber, names, notBeforeAt, notAfterAt, keyMatches } = certificate;
  return {
    ...standing(examination, certificate),
    state: stateOf(examination, certificate, renewal, faults),
    ...{ subject, issuer, serialNumber, names, notBeforeAt, notAfterAt },
    daysLeft: daysLeft(certificate, examination.now),
    renewedBy: renewal,
    faults,
    ...(keyMatches !== undefined && { keyMatches }),
  };
}

function ofUnreadable(examination: Examination, unreadable: UnreadableCertificate): CertificateEntry {
  const { source, found } = unreadable;
  const renewal =
    source.kind === 'secret'
      ? renewalOfSecret(examination, source.ref)
      : renewalOfBundle(examination, certificateRef(unreadable));
  return {
    ...standing(examination, unreadable),
    state: 'unreadable',
    names: [],
    renewedBy: renewal,
    faults: [`in its place there is ${found}`],
  };
}

type Standing = Pick<CertificateEntry, 'place' | 'kind' | 'resource' | 'usedBy' | 'breaks'>;

function standing(examination: Examination, certificate: Pick<CertificateFacts, 'source'>): Standing {
  const { source } = certificate;
  const resource = certificateRef(certificate);
  const usedBy: CertificateEntry['usedBy'] =
    source.kind === 'secret'
      ? sortedUsers(examination, source.ref)
      : source.kind === 'ca-bundle'
        ? [{ resource, use: 'checks-with', hosts: [] }]
        : [];
  return { place: usedAt(certificate), kind: source.kind, resource, usedBy, breaks: breaksText(source.kind, usedBy) };
}

function sortedUsers(examination: Examination, ref: ResourceRef): CertificateEntry['usedBy'] {
  return usersOf(examination, ref).toSorted((a, b) =>
    compare(`${refText(a.resource)} ${a.hosts.join()}`, `${refText(b.resource)} ${b.hosts.join()}`),
  );
}

/** What fails without it. */
function breaksText(kind: CertificateEntry['kind'], usedBy: CertificateEntry['usedBy']): string {
  if (kind === 'endpoint') return 'TLS of this endpoint: clients refuse the connection';
  if (kind === 'ca-bundle') return 'calls of the API server to it, with what they admit or answer';
  const served = usedBy.filter(({ use }) => use === 'serves');
  const hosts = unique(served.flatMap((user) => user.hosts));
  if (served.length > 0) return `HTTPS for ${hosts.includes('*') ? 'every host' : hosts.join(', ')}`;
  if (usedBy.length > 0) return `TLS of ${unique(usedBy.map(({ resource }) => refText(resource))).join(', ')}`;
  return 'nothing that is known';
}

function faultsOf(examination: Examination, certificate: CertificateFacts): readonly string[] {
  const chain = chainFault(certificate, examination.now);
  const hosts = uncoveredHosts(examination, certificate);
  return [
    ...(chain === undefined ? [] : [`its chain does not hold: ${chain}`]),
    ...(certificate.keyMatches === false ? ['the key beside it is not its own'] : []),
    ...(hosts.length === 0 ? [] : [`it does not cover ${hosts.join(', ')}`]),
  ];
}

function stateOf(
  examination: Examination,
  certificate: CertificateFacts,
  renewal: Renewal,
  faults: readonly string[],
): CertificateEntry['state'] {
  const { now, thresholds } = examination;
  const leftMs = certificate.notAfterAt - now;
  if (leftMs < 0) return 'expired';
  if (certificate.notBeforeAt > now + thresholds.graceMs) return 'not-yet-valid';
  if (faults.length > 0) return 'faulty';
  const { warnMs, criticalMs } = lateness(certificate, examination);
  return leftMs < warnMs && !isCaredFor(renewal, now, leftMs < criticalMs) ? 'expiring' : 'valid';
}

interface Other {
  readonly key: string;
  readonly namespace: string;
  readonly entry: CertificateEntry;
}

/** Certificates that only their renewer tells of. */
function ordered(examination: Examination): readonly Other[] {
  const { snapshot } = examination;
  const kept = snapshot.listCustom('cert-manager.io/Certificate').map((one) => {
    const { namespace = '' } = one.metadata;
    const { secretName = '', dnsNames = [], commonName } = one.spec ?? {};
    const ref = { group: '', kind: 'Secret', namespace, name: secretName };
    const names = unique([...dnsNames, ...(commonName === undefined || commonName === '' ? [] : [commonName])]);
    return orderOf(examination, {
      ref,
      names,
      until: one.status?.notAfter,
      renewal: renewalOfSecret(examination, ref),
    });
  });
  const managed = snapshot.listCustom('networking.gke.io/ManagedCertificate').map(({ metadata, spec, status }) => {
    const { namespace = '', name } = metadata;
    const ref = { group: 'networking.gke.io', kind: 'ManagedCertificate', namespace, name };
    const ready = status?.certificateStatus === 'Active';
    const renewal = { by: 'managed-certificate' as const, resource: ref, text: `${refText(ref)} of GKE`, ready };
    return orderOf(examination, { ref, names: spec?.domains ?? [], until: status?.expireTime, renewal });
  });
  return [...kept, ...managed];
}

/** Secrets that serve hosts, whose certificates were not read. */
function unread(examination: Examination): readonly Other[] {
  return servedSecrets(examination).map((ref) =>
    orderOf(examination, { ref, names: [], until: undefined, renewal: renewalOfSecret(examination, ref) }),
  );
}

interface Order {
  readonly ref: ResourceRef;
  readonly names: readonly string[];
  readonly until: string | undefined;
  readonly renewal: Renewal;
}

function orderOf(examination: Examination, { ref, names, until, renewal }: Order): Other {
  const notAfterAt = timeOf(until);
  const usedBy = ref.kind === 'Secret' ? sortedUsers(examination, ref) : [];
  const leftMs = notAfterAt === undefined ? undefined : notAfterAt - examination.now;
  return {
    key: secretKey(ref),
    namespace: ref.namespace,
    entry: {
      place: refText(ref),
      kind: notAfterAt === undefined && names.length === 0 ? 'secret' : 'order',
      resource: ref,
      state: leftMs === undefined ? 'unknown' : leftMs < 0 ? 'expired' : 'valid',
      names,
      ...(notAfterAt !== undefined && { notAfterAt, daysLeft: daysLeft({ notAfterAt }, examination.now) }),
      usedBy,
      renewedBy: renewal,
      breaks: ref.kind === 'Secret' ? breaksText('secret', usedBy) : `HTTPS for ${names.join(', ')}`,
      faults: [],
    },
  };
}
