/** Certificate does not cover its host. */
import { refText } from '@aia/cluster';
import { uncoveredHosts } from '../../certificates/certificate-faults.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  daysLeft,
  usedAt,
} from '../../certificates/certificates.ts';
import { unmanagedHosts } from '../../certificates/managed-certificates.ts';
import type { Rule } from '../../rule.ts';
import { listText } from '../../wording.ts';

/** Facts: hosts, names, subject, serialNumber, secret (`namespace/name`, where it lies in one). */
export const rule: Rule = {
  code: 'certificate-name-mismatch',
  title: 'Certificate does not cover its host',
  severity: 'high',
  explanation:
    'An endpoint serves a certificate whose names (RFC 6125) do not cover the host it was asked for; or an Ingress or the listener of a Gateway names a TLS Secret whose certificate does not cover its hosts; or an Ingress of GKE has hosts that none of its ManagedCertificates lists (medium). A wildcard stands for one label; the common name does not count, as clients ignore it. The rule stays silent where it is not known which host a certificate is to serve, and for a wildcard listener as long as the certificate names some host below it.',
  remediation: {
    class: 'renew-certificate',
    text: 'Serve a certificate that names the host, or correct the route to the right endpoint.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot, now } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      const days = daysLeft(certificate, now);
      const uncovered = uncoveredHosts(examination, certificate);
      if (uncovered.length === 0) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        message: `The certificate served at ${usedAt(certificate)} does not cover ${listText(uncovered)}; it is for ${certificate.names.join(', ') || `no host at all, only ${certificate.subject}`} (${days} days left).`,
        evidence: [certificateEvidence(certificate)],
        facts: { hosts: uncovered, names: certificate.names, ...certificateIdentity(certificate) },
      };
    }
    for (const { ingress, hosts, names, evidence } of unmanagedHosts(examination)) {
      yield {
        resource: ingress,
        severity: 'medium',
        message: `${refText(ingress)} has hosts that none of its ManagedCertificates covers: ${listText(hosts)}; they are for ${names.join(', ') || 'no host'}.`,
        evidence,
        facts: { hosts, names },
      };
    }
  },
};
