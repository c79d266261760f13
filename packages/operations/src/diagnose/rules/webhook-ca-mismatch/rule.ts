/** The API server cannot trust what answers a webhook or an aggregated API. */
import { refOf, refText } from '@aia/cluster';
import { renewalOfBundle } from '../../certificates/certificate-renewal.ts';
import { certificateEvidence, usedAt } from '../../certificates/certificates.ts';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { trustGaps } from '../../certificates/webhook-trust.ts';

/** Facts: cause (`empty`, `not-signed`), webhooks (names of the webhooks), secret (`namespace/name` of the serving certificate). */
export const rule: Rule = {
  code: 'webhook-ca-mismatch',
  title: "CA bundle does not vouch for the webhook's certificate",
  severity: 'high',
  explanation:
    'The API server checks a webhook or an aggregated API behind a Service with the caBundle of its configuration. Either the bundle is empty, so that only public authorities would do, which issue nothing for names in the cluster, and an event or condition quotes the failed check; or none of its certificates signed the certificate that the pods behind the Service mount. Every call then fails with an x509 error: with failurePolicy Fail the requests are refused, with Ignore (medium) they pass unchecked. The rule stays silent about an empty bundle for which no call is seen to fail, within the grace period after a change, where the serving certificate was not read, and where the authority has expired, which certificate-expired reports.',
  remediation: {
    class: 'renew-certificate',
    text: 'Put the authority that signs the serving certificate into caBundle, or let an injector keep it there.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const { object, cause, webhooks, path, ignorable, refusal, serving } of trustGaps(examination)) {
      const resource = refOf(object);
      const renewal = renewalOfBundle(examination, resource);
      const injector = renewal.by === 'nobody-known' ? 'nothing is known to fill it' : `${renewal.text} is to fill it`;
      const calls = webhooks.length === 0 ? '' : ` (${webhooks.slice(0, 3).join(', ')})`;
      const secret = serving === undefined ? '' : usedAt(serving);
      yield {
        resource,
        part: path,
        severity: ignorable ? 'medium' : 'high',
        message:
          cause === 'empty'
            ? `${refText(resource)}${calls} has an empty CA bundle, so the API server trusts no certificate of its Service; ${injector}.`
            : `No certificate in the CA bundle of ${refText(resource)}${calls} signed that of ${secret}, with which its Service answers; ${injector}.`,
        evidence: [
          fieldEvidence(object, path, cause === 'empty' ? '' : '(PEM)'),
          ...(serving === undefined ? [] : [certificateEvidence(serving)]),
          ...(refusal === undefined ? [] : [refusal]),
        ],
        facts: {
          cause,
          webhooks,
          ...(serving?.source.kind === 'secret' && {
            secret: `${serving.source.ref.namespace}/${serving.source.ref.name}`,
          }),
        },
      };
    }
  },
};
