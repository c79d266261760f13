/** Certificate chain does not hold (k8s-anchors 2.22 #4). */
import type { CertificateFacts } from '@aia/cluster';
import { careText } from '../../certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  daysLeft,
  faultSeverity,
  isInternalHost,
  spanText,
  usedAt,
} from '../../certificates.ts';
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
      const error = ownError(certificate) ?? expiredIssuer(certificate, now);
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

/** Expiry and names have findings of their own. */
function ownError({ chainError }: CertificateFacts): string | undefined {
  const isOther = chainError !== undefined && /expired|not.yet.valid|hostname|altname|does not match/i.test(chainError);
  return isOther ? undefined : chainError;
}

/** Of a cross-signed issuer one that holds is enough. */
function expiredIssuer({ issuer, chain = [] }: CertificateFacts, now: number): string | undefined {
  const issuers = chain.filter(({ subject }) => subject === issuer);
  const [first] = issuers.toSorted((a, b) => b.notAfterAt - a.notAfterAt);
  if (first === undefined || first.notAfterAt >= now) return undefined;
  return `its issuer (${first.subject}) expired ${spanText(now - first.notAfterAt)} ago`;
}

function severityOf(examination: Examination, certificate: CertificateFacts): Severity {
  const { source } = certificate;
  if (source.kind === 'endpoint') return isInternalHost(source.host) ? 'low' : 'high';
  return faultSeverity(examination, certificate) === 'medium' ? 'low' : 'high';
}
