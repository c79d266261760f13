/** Certificate chain does not hold. */
import type { CertificateFacts } from '@aia/cluster';
import { chainFault } from '../../certificates/certificate-faults.ts';
import { careText } from '../../certificates/certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  isInternalHost,
  usedAt,
} from '../../certificates/certificates.ts';
import type { Examination } from '../../examination.ts';
import type { Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';

/** Facts: error, subject, serialNumber, secret (`namespace/name`, where it lies in one). */
export const rule: Rule = {
  code: 'certificate-chain-broken',
  title: 'Certificate chain does not hold',
  severity: 'high',
  explanation:
    'The chain check of a probed endpoint failed for another reason than expiry or name: unknown issuer, missing intermediate, self-signed. Or a Secret or file holds further certificates, none of which issued the first one, or the one that did has expired; clients then cannot build the chain (RFC 8446 section 4.4.2). It is low for names that only resolve inside the cluster or network (….svc, ….internal, private addresses), where a private authority is usual, and for Secrets that nothing names. The rule stays silent for a certificate that stands alone in its Secret, since its issuer may be one that the clients know, and where expiry, validity or the name is what fails.',
  remediation: { class: 'renew-certificate', text: 'Serve the full chain, from an issuer that the clients trust.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      const error = chainFault(certificate, now);
      if (error === undefined || days < 0) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: severityOf(examination, certificate),
        message: `The certificate chain of ${usedAt(certificate)} does not hold: ${error} (${days} days left).${careText(examination, certificate)}`,
        evidence: [certificateEvidence(certificate)],
        facts: { error, ...certificateIdentity(certificate) },
      };
    }
  },
};

function severityOf(examination: Examination, certificate: CertificateFacts): Severity {
  const { source } = certificate;
  if (source.kind === 'endpoint') return isInternalHost(source.host) ? 'low' : 'high';
  return faultSeverity(examination, certificate) === 'medium' ? 'low' : 'high';
}
