/** What should be a certificate is none. */
import { refText } from '@aia/cluster';
import { usersOf } from '../../certificates/certificate-users.ts';
import { certificateRef, faultSeverity, usedAt } from '../../certificates/certificates.ts';
import { fieldEvidence } from '../../examination.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';

/** Facts: found (what stands there instead), secret (`namespace/name`, where it is one). */
export const rule: Rule = {
  code: 'certificate-unreadable',
  title: 'Certificate cannot be read',
  severity: 'high',
  explanation:
    'The tls.crt of a Secret or a CA bundle holds no certificate in PEM: it is empty, damaged, in DER, or a key or request by mistake. Whoever loads it fails, an Ingress controller serves its own default certificate instead, and the API server cannot call the webhook or aggregated API. It is critical where an Ingress or Gateway serves it, medium where nothing seems to use it. The rule stays silent where the values of Secrets were not read or look masked.',
  remediation: {
    class: 'renew-certificate',
    text: 'Put the certificate in PEM, the server’s own first, into tls.crt and its key into tls.key.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const judged = examination.snapshot.unreadableCertificates
      .filter(({ source }) => source.kind !== 'secret' || examination.judges(source.ref.namespace))
      .toSorted((a, b) => (usedAt(a) < usedAt(b) ? -1 : 1));
    for (const unreadable of judged) {
      const { source, found } = unreadable;
      const resource = certificateRef(unreadable);
      const object = examination.snapshot.resolve(resource);
      const users = source.kind === 'secret' ? usersOf(examination, source.ref) : [];
      const names = unique(users.map((user) => refText(user.resource)));
      const path = source.kind === 'ca-bundle' ? source.path : 'data["tls.crt"]';
      yield {
        resource,
        part: path,
        severity: faultSeverity(examination, unreadable),
        message: `Where the certificate of ${usedAt(unreadable)} should stand there is ${found}.${names.length === 0 ? '' : ` It is used by ${names.slice(0, 3).join(', ')}.`}`,
        evidence:
          object === undefined
            ? [{ kind: 'absence', resource, text: `${path} holds ${found}` }]
            : [fieldEvidence(object, path, `(${found})`)],
        facts: { found, ...(source.kind === 'secret' && { secret: `${source.ref.namespace}/${source.ref.name}` }) },
      };
    }
  },
};
