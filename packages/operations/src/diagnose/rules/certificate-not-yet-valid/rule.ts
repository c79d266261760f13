/** Certificate is not valid yet. */
import { careText, certificateText } from '../../certificates/certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  faultSeverity,
  spanText,
} from '../../certificates/certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: validFromAt (epoch ms), subject, serialNumber, secret (`namespace/name`, where it lies in one). */
export const rule: Rule = {
  code: 'certificate-not-yet-valid',
  title: 'Certificate is not valid yet',
  severity: 'high',
  explanation:
    'The validity of a certificate (RFC 5280 notBefore) begins in the future, so clients that check refuse the connection: it was ' +
    'installed too early, or the clock of its issuer is wrong. It is as severe as an expired one. The rule stays silent within the ' +
    'grace period, which clocks may differ by.',
  remediation: {
    class: 'renew-certificate',
    text: 'Serve the one before until then, or issue it anew with a right clock.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now, thresholds } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const { notBeforeAt, subject } = certificate;
      if (notBeforeAt <= now + thresholds.graceMs) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: faultSeverity(examination, certificate),
        message: `${certificateText(certificate)} (${subject}) only becomes valid in ${spanText(notBeforeAt - now)}.${careText(examination, certificate)}`,
        evidence: [
          certificateEvidence(certificate),
          {
            kind: 'calculation',
            text: `valid from ${new Date(notBeforeAt).toISOString()}, observed at ${new Date(now).toISOString()}`,
          },
        ],
        facts: { validFromAt: notBeforeAt, ...certificateIdentity(certificate) },
      };
    }
  },
};
