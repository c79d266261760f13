/** Certificate does not cover its host (k8s-anchors 2.22 #4). */
import {
  certificateEvidence,
  certificateRef,
  certificatesOf,
  covers,
  daysLeft,
  ingressHosts,
  usedAt,
} from '../../certificates.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';

/** Facts: hosts, names. */
export const rule: Rule = {
  code: 'certificate-name-mismatch',
  title: 'Certificate does not cover its host',
  severity: 'high',
  explanation:
    'An endpoint serves a certificate whose names (RFC 6125) do not cover the host it was asked for, or an Ingress names a TLS Secret whose certificate does not cover its hosts. A wildcard stands for one label; the common name does not count, as clients ignore it. The rule stays silent where it is not known which host a certificate is to serve.',
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
      const { source } = certificate;
      const served =
        source.kind === 'secret' ? ingressHosts(examination, source.ref).filter((host) => host !== '*') : [];
      const expected = unique([...certificate.expectedHosts, ...served]);
      const uncovered = expected.filter((host) => !covers(certificate, host));
      if (uncovered.length === 0) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        message: `The certificate served at ${usedAt(certificate)} does not cover ${uncovered.join(', ')}; it is for ${certificate.names.join(', ') || `no host at all, only ${certificate.subject}`} (${days} days left).`,
        evidence: [certificateEvidence(certificate)],
        facts: { hosts: uncovered, names: certificate.names },
      };
    }
  },
};
