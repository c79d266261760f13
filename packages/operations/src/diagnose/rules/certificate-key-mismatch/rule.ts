/** The key beside a certificate is not its own. */
import { careText } from '../../certificates/certificate-wording.ts';
import {
  certificateEvidence,
  certificateIdentity,
  certificateRef,
  certificatesOf,
  faultSeverity,
  usedAt,
} from '../../certificates/certificates.ts';
import type { Rule } from '../../rule.ts';

/** Facts: subject, serialNumber, secret (`namespace/name`). */
export const rule: Rule = {
  code: 'certificate-key-mismatch',
  title: "Private key is not the certificate's",
  severity: 'high',
  explanation:
    "The public key in a Secret's tls.crt does not belong to its tls.key, so no server can use the pair: it refuses to start or reload, or falls back to a default certificate. Usually one of the two was replaced alone, or the chain stands before the server's own certificate. It is critical where an Ingress or Gateway serves it and medium where nothing seems to use it. The two are compared while the Secret is read, and the key is not kept. The rule stays silent where the key was not read, is masked or encrypted.",
  remediation: {
    class: 'renew-certificate',
    text: "Replace certificate and key together, the server's own certificate first in tls.crt.",
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    for (const certificate of certificatesOf({ snapshot, judges: (namespace) => examination.judges(namespace) })) {
      if (certificate.keyMatches !== false) continue;
      yield {
        resource: certificateRef(certificate),
        part: certificate.serialNumber,
        severity: faultSeverity(examination, certificate),
        message: `The private key in ${usedAt(certificate)} is not that of its certificate (${certificate.subject}).${careText(examination, certificate)}`,
        evidence: [
          certificateEvidence(certificate),
          {
            kind: 'calculation',
            text: 'the public key of tls.crt was compared with that of tls.key when the Secret was read',
          },
        ],
        facts: certificateIdentity(certificate),
      };
    }
  },
};
