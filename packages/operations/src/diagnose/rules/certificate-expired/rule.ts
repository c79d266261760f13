/** Certificate has expired (k8s-anchors 2.22 #4). */
import { certificateEvidence, certificateRef, certificatesOf, daysLeft, usedAt } from '../../certificates.ts';
import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  code: 'certificate-expired',
  title: 'Certificate has expired',
  severity: 'critical',
  explanation:
    'A certificate that an endpoint serves or a Secret holds is past its end (RFC 5280 notAfter). Clients that check refuse the connection. A Secret whose certificate nobody serves is judged high instead of critical. Facts: daysLeft, subject.',
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
        severity: certificate.source.kind === 'endpoint' ? 'critical' : 'high',
        message: `The certificate of ${usedAt(certificate)} (${certificate.subject}) expired ${-days} days ago.`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, subject: certificate.subject },
      };
    }
  },
};
