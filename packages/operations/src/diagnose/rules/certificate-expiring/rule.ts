/** Certificate expires soon (k8s-anchors 2.22 #4). */
import {
  certificateEvidence,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  lateness,
  spanText,
  usedAt,
} from '../../certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: daysLeft, subject. */
export const rule: Rule = {
  code: 'certificate-expiring',
  title: 'Certificate expires soon',
  severity: 'medium',
  explanation:
    'A certificate has fewer than 30 days left (high below 7; threshold certificateDays). Certificates of 90 days are usually renewed at 30, so this means that renewal is late. One that lives for days only, as those of meshes do, is reported in the last third of its life (high in the last tenth). It is low for a Secret that neither an Ingress nor a pod of its namespace names. The rule stays silent once the certificate has expired, which certificate-expired reports.',
  remediation: { class: 'renew-certificate', text: 'Renew it, and see why its renewal is late.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      const { warnMs, criticalMs } = lateness(certificate, examination);
      const leftMs = certificate.notAfterAt - now;
      if (leftMs < 0 || leftMs >= warnMs) continue;
      const isUnused = faultSeverity(examination, certificate) === 'medium';
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: isUnused ? 'low' : leftMs < criticalMs ? 'high' : 'medium',
        message: `The certificate of ${usedAt(certificate)} (${certificate.subject}) expires in ${spanText(leftMs)}.`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, subject: certificate.subject },
      };
    }
  },
};
