/** An issuer of cert-manager cannot issue. */
import { namespacedName, refKey, refOf, refText, timeOf } from '@aia/cluster';
import { issuedBy, issuersIn } from '../../certificates/cert-manager.ts';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import type { Rule } from '../../rule.ts';

/** Facts: reason, certificates (`namespace/name` of those that name it). */
export const rule: Rule = {
  code: 'certificate-issuer-not-ready',
  title: 'Issuer of certificates is not ready',
  severity: 'high',
  explanation:
    'An Issuer or ClusterIssuer of cert-manager says Ready=False: its account could not be registered, its signing key is missing, its server refuses it. Nothing that names it is issued or renewed meanwhile; certificates that were issued before hold until they expire. It is low where no Certificate names it. The rule stays silent within five minutes of the change, and for an issuer without a status.',
  remediation: {
    class: 'restore-configuration',
    text: "Repair what the issuer's condition names: account, credentials, signing Secret or address of the server.",
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const users = issuedBy(examination);
    for (const issuer of issuersIn(examination)) {
      const { namespace = '', deletionTimestamp } = issuer.metadata;
      const ready = conditionOf(issuer.status?.conditions, 'Ready');
      if (ready?.status !== 'False' || deletionTimestamp !== undefined || !examination.judges(namespace)) continue;
      const age = examination.ageMs(ready.lastTransitionTime ?? issuer.metadata.creationTimestamp);
      if (age !== undefined && age < examination.thresholds.graceMs) continue;
      const resource = refOf(issuer);
      const certificates = (users.get(refKey(resource)) ?? []).map(namespacedName);
      const named =
        certificates.length === 1 ? '1 Certificate names it' : `${certificates.length} Certificates name it`;
      const { reason = '', message = '' } = ready;
      yield {
        resource,
        severity: certificates.length === 0 ? 'low' : 'high',
        message: `${refText(resource)} cannot issue certificates: ${[reason, message].filter(Boolean).join(': ') || 'it does not say why'}. ${named}.`,
        evidence: conditionEvidence(issuer, ready),
        facts: { reason, certificates: certificates.sort() },
        since: timeOf(ready.lastTransitionTime),
      };
    }
  },
};
