/** Certificate expires soon (k8s-anchors 2.22 #4). */
import { certificateEvidence, certificateRef, certificatesOf, daysLeft, usedAt } from '../../certificates.ts';
import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  code: 'certificate-expiring',
  title: 'Certificate expires soon',
  severity: 'medium',
  explanation:
    'A certificate has fewer than 30 days left (high below 7; threshold certificateDays). Certificates of 90 days are usually renewed at 30, so this means that renewal is late. Facts: daysLeft, subject.',
  remediation: { class: 'renew-certificate', text: 'Renew it, and see why its renewal is late.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now, thresholds } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      if (days < 0 || days >= thresholds.certificateDays.warn) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: days < thresholds.certificateDays.critical ? 'high' : 'medium',
        message: `The certificate of ${usedAt(certificate)} (${certificate.subject}) expires in ${days} days.`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, subject: certificate.subject },
      };
    }
  },
};
