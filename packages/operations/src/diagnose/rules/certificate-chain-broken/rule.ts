/** Certificate chain does not hold (k8s-anchors 2.22 #4). */
import {
  certificateEvidence,
  certificateRef,
  certificatesOf,
  daysLeft,
  isInternalHost,
  usedAt,
} from '../../certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: error. */
export const rule: Rule = {
  code: 'certificate-chain-broken',
  title: 'Certificate chain does not hold',
  severity: 'high',
  explanation:
    'The chain check of a probed endpoint failed for another reason than expiry or name: unknown issuer, missing intermediate, self-signed. It is low for names that only resolve inside the cluster or network (….svc, ….internal, private addresses), where a private authority is usual. The rule stays silent for certificates from Secrets and files, whose chain nobody has checked, and where expiry, validity or the name is what fails.',
  remediation: { class: 'renew-certificate', text: 'Serve the full chain, from an issuer that the clients trust.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      const { chainError } = certificate;
      // Expiry and names have findings of their own.
      if (
        chainError === undefined ||
        days < 0 ||
        /expired|not.yet.valid|hostname|altname|does not match/i.test(chainError)
      )
        continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: certificate.source.kind === 'endpoint' && isInternalHost(certificate.source.host) ? 'low' : 'high',
        message: `The certificate chain of ${usedAt(certificate)} does not hold: ${chainError} (${days} days left).`,
        evidence: [certificateEvidence(certificate)],
        facts: { error: chainError },
      };
    }
  },
};
