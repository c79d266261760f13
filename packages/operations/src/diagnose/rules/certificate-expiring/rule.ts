/** Certificate expires soon. */
import { isCaredFor } from '../../certificates/certificate-faults.ts';
import { renewalOf } from '../../certificates/certificate-renewal.ts';
import { careText, certificateText } from '../../certificates/certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  lateness,
  spanText,
} from '../../certificates/certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: daysLeft, subject, serialNumber, secret (`namespace/name`, where it lies in one). */
export const rule: Rule = {
  code: 'certificate-expiring',
  title: 'Certificate expires soon',
  severity: 'medium',
  explanation:
    'A certificate has fewer than 30 days left (high below 7; threshold certificateDays). Certificates of 90 days are usually renewed at 30, so this means that renewal is late. One that lives for days only, as those of meshes do, is reported in the last third of its life (high in the last tenth). It is low for a Secret that nothing in its namespace names. The rule stays silent once the certificate has expired, which certificate-expired reports, and while cert-manager or GKE says that it is well and will renew it in time.',
  remediation: { class: 'renew-certificate', text: 'Renew it, and see why its renewal is late.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      const { warnMs, criticalMs } = lateness(certificate, examination);
      const leftMs = certificate.notAfterAt - now;
      if (leftMs < 0 || leftMs >= warnMs || isCaredFor(renewalOf(examination, certificate), now, leftMs < criticalMs))
        continue;
      const isUnused = faultSeverity(examination, certificate) === 'medium';
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: isUnused ? 'low' : leftMs < criticalMs ? 'high' : 'medium',
        message: `${certificateText(certificate)} (${certificate.subject}) expires in ${spanText(leftMs)}.${careText(examination, certificate)}`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, ...certificateIdentity(certificate) },
      };
    }
  },
};
