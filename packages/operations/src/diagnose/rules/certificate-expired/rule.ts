/** Certificate has expired. */
import { careText, certificateText } from '../../certificates/certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  spanText,
} from '../../certificates/certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: daysLeft, subject, serialNumber, secret (`namespace/name`, where it lies in one). */
export const rule: Rule = {
  code: 'certificate-expired',
  title: 'Certificate has expired',
  severity: 'critical',
  explanation:
    'A certificate that an endpoint serves, a Secret holds or a CA bundle consists of is past its end (RFC 5280 notAfter). Clients that check refuse the connection; the API server cannot call a webhook or an aggregated API whose whole CA bundle has expired. It is critical where it is served (a public endpoint, an Ingress, a Gateway), high where that is not known and for CA bundles, medium for a Secret that nothing in its namespace names and for webhooks that may all fail (failurePolicy Ignore). The rule stays silent for Secrets of other types than kubernetes.io/tls, for expired authorities beside a valid one in a bundle, and where certificates were not read.',
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
        message: `${certificateText(certificate)} (${certificate.subject}) expired ${spanText(now - certificate.notAfterAt)} ago.${careText(examination, certificate)}`,
        evidence: [certificateEvidence(certificate)],
        facts: { daysLeft: days, ...certificateIdentity(certificate) },
        since: certificate.notAfterAt,
      };
    }
  },
};
