/** Certificate has expired (k8s-anchors 2.22 #4). */
import {
  certificateEvidence,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  spanText,
  usedAt,
} from '../../certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: daysLeft, subject. */
export const rule: Rule = {
  code: 'certificate-expired',
  title: 'Certificate has expired',
  severity: 'critical',
  explanation:
    'A certificate that an endpoint serves or a Secret holds is past its end (RFC 5280 notAfter). Clients that check refuse the connection. It is critical where it is served (a public endpoint, an Ingress), high where that is not known, and medium for a Secret that neither an Ingress nor a pod of its namespace names. The rule stays silent for Secrets of other types than kubernetes.io/tls and where certificates were not read.',
  remediation: { class: 'renew-certificate', text: 'Renew it now, then find out why its renewal did not happen.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      if (days >= 0) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: faultSeverity(examination, certificate),
        message: `The certificate of ${usedAt(certificate)} (${certificate.subject}) expired ${spanText(now - certificate.notAfterAt)} ago.`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, subject: certificate.subject },
        since: certificate.notAfterAt,
      };
    }
  },
};
