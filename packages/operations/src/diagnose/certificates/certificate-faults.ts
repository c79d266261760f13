/** What can be wrong with a certificate beside its time: its chain, its names. Rules and the ledger judge alike. */
import type { CertificateFacts } from '@aia/cluster';
import type { Renewal } from './certificate-renewal.ts';
import { usersOf } from './certificate-users.ts';
import { covers, spanText } from './certificates.ts';
import type { Examination } from '../examination.ts';
import { unique } from '../order.ts';

/** What the chain check said, or that the issuer which came along has expired; expiry and names of its own are left out. */
export function chainFault(certificate: CertificateFacts, now: number): string | undefined {
  const { chainError } = certificate;
  const isOther = chainError !== undefined && /expired|not.yet.valid|hostname|altname|does not match/i.test(chainError);
  return (isOther ? undefined : chainError) ?? expiredIssuer(certificate, now);
}

/** Of a cross-signed issuer one that holds is enough. */
function expiredIssuer({ issuer, chain = [] }: CertificateFacts, now: number): string | undefined {
  const issuers = chain.filter(({ subject }) => subject === issuer);
  const [first] = issuers.toSorted((a, b) => b.notAfterAt - a.notAfterAt);
  if (first === undefined || first.notAfterAt >= now) return undefined;
  return `its issuer (${first.subject}) expired ${spanText(now - first.notAfterAt)} ago`;
}

/** Hosts that it is to serve, by probe, Ingress or Gateway, and does not cover. */
export function uncoveredHosts(examination: Examination, certificate: CertificateFacts): readonly string[] {
  const { source, expectedHosts } = certificate;
  const users = source.kind === 'secret' ? usersOf(examination, source.ref) : [];
  const served = users.flatMap(({ resource, hosts }) =>
    hosts.filter((host) => host !== '*' && !(resource.kind === 'Gateway' && isBelow(certificate, host))),
  );
  return unique([...expectedHosts, ...served]).filter((host) => !covers(certificate, host));
}

/** A listener for `*.example.com` may serve one host of it. */
function isBelow({ names }: CertificateFacts, host: string): boolean {
  return host.startsWith('*.') && names.some((name) => name.toLowerCase().endsWith(host.slice(1).toLowerCase()));
}

/** The renewal is planned, or done by a cloud that says that all is well; in the last days nobody is trusted without a date. */
export function isCaredFor({ by, renewalAt, ready }: Renewal, now: number, isLast: boolean): boolean {
  if (ready !== true) return false;
  return renewalAt === undefined ? by === 'managed-certificate' && !isLast : renewalAt > now;
}
