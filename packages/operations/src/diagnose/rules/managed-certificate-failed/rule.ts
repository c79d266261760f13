/** Google cannot issue or renew a certificate of GKE. */
import { refOf, refText, timeOf, type ManagedCertificate } from '@aia/cluster';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Severity } from '../../finding.ts';
import { ingressesOf } from '../../certificates/managed-certificates.ts';
import type { Rule } from '../../rule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a domain's status means, https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs */
const DOMAIN: Readonly<Record<string, string>> = {
  FailedNotVisible: 'its name does not lead to the load balancer',
  FailedCaaChecking: 'its CAA records cannot be read',
  FailedCaaForbidden: 'its CAA records forbid the authority',
  FailedRateLimited: 'the authority limits how often it is asked',
};
const FAILED: ReadonlySet<string> = new Set(['ProvisioningFailed', 'ProvisioningFailedPermanently', 'RenewalFailed']);

/** Facts: status, domains (those that failed), hosts (all domains). */
export const rule: Rule = {
  code: 'managed-certificate-failed',
  title: 'Certificate managed by Google fails',
  severity: 'high',
  explanation:
    'A ManagedCertificate of GKE says that it could not be provisioned or renewed, or a domain of it failed: its DNS does not lead to the load balancer, CAA records forbid the authority or cannot be read, the authority limits requests. It is high without a certificate and medium while an older one still serves. One that has only been provisioning for more than a day is medium. The rule stays silent while it provisions within a day, and for the first hour of a domain that is not visible yet, since its DNS record is often made after the address is known; Google tries again by itself.',
  remediation: {
    class: 'repair-network',
    text: "Point each domain's A and AAAA records at the address of the Ingress and at nothing else, and allow Google's authority in its CAA records.",
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const certificate of inOrder(examination.snapshot.listCustom('networking.gke.io/ManagedCertificate'))) {
      const { namespace = '', deletionTimestamp } = certificate.metadata;
      if (deletionTimestamp !== undefined || !examination.judges(namespace)) continue;
      const found = verdict(examination, certificate);
      if (found === undefined) continue;
      const { severity, why, domains } = found;
      const { certificateStatus: status = '', domainStatus = [] } = certificate.status ?? {};
      const ref = refOf(certificate);
      yield {
        resource: ref,
        severity,
        message: `${refText(ref)} ${why}.${servedText(examination, certificate)}`,
        evidence: [
          fieldEvidence(certificate, 'status.certificateStatus', status),
          ...domainStatus.flatMap((one, i) =>
            one.domain !== undefined && domains.includes(one.domain)
              ? [fieldEvidence(certificate, `status.domainStatus[${i}].status`, `${one.domain}: ${one.status ?? ''}`)]
              : [],
          ),
        ],
        facts: { status, domains, hosts: certificate.spec?.domains ?? [] },
      };
    }
  },
};

interface Verdict {
  readonly severity: Severity;
  readonly why: string;
  readonly domains: readonly string[];
}

function verdict(examination: Examination, { metadata, status }: ManagedCertificate): Verdict | undefined {
  const age = examination.ageMs(metadata.creationTimestamp);
  const failed = (status?.domainStatus ?? []).filter(
    (one) =>
      one.status?.startsWith('Failed') === true &&
      (one.status !== 'FailedNotVisible' || age === undefined || age >= HOUR),
  );
  const { certificateStatus = '' } = status ?? {};
  const domains = failed.flatMap(({ domain }) => domain ?? []);
  const details = failed.map(
    (one) => `${one.domain ?? ''} ${one.status ?? ''} (${DOMAIN[one.status ?? ''] ?? 'failed'})`,
  );
  const serves = certificateStatus === 'Active' || isHeld(examination, status?.expireTime);
  if (FAILED.has(certificateStatus) || failed.length > 0) {
    const list = details.length === 0 ? '' : `: ${details.slice(0, 3).join(', ')}`;
    return { severity: serves ? 'medium' : 'high', why: `says ${certificateStatus || 'nothing'}${list}`, domains };
  }
  if (certificateStatus !== 'Provisioning' || age === undefined || age < DAY || isHeld(examination, status?.expireTime))
    return undefined;
  return { severity: 'medium', why: 'has been provisioning for more than a day', domains };
}

function isHeld({ now }: Examination, expireTime: string | undefined): boolean {
  return (timeOf(expireTime) ?? 0) > now;
}

/** Where the domains should lead. */
function servedText(examination: Examination, certificate: ManagedCertificate): string {
  const served = ingressesOf(examination, certificate).map((ingress) => {
    const [address] = ingress.status?.loadBalancer?.ingress ?? [];
    const where = address?.ip ?? address?.hostname;
    return `${refText(refOf(ingress))} ${where === undefined ? 'has no address yet' : `answers at ${where}`}`;
  });
  return served.length === 0 ? ' No Ingress that was read uses it.' : ` ${served.slice(0, 3).join('; ')}.`;
}
