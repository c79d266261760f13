/** Namespace quota is nearly used up. */
import { namespacedName, refOf } from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import { quotaUses } from '../../namespaces/namespace-quota.ts';
import type { Rule } from '../../rule.ts';

/** Facts: resources. */
export const rule: Rule = {
  code: 'namespace-quota-near-limit',
  title: 'Namespace quota is nearly used up',
  severity: 'low',
  explanation:
    'More than 90 % of a ResourceQuota is used. A rollout that surges may be refused. The rule stays silent for what is used up, which namespace-quota-exhausted reports.',
  remediation: { class: 'raise-quota', text: "Raise the namespace's quota, or lower the requests of what runs in it." },
  aliases: { mixin: ['KubeQuotaAlmostFull'] },
  needs: [],
  *check(examination) {
    const judged = examination.snapshot
      .list('ResourceQuota')
      .filter((quota) => examination.judges(quota.metadata.namespace ?? ''));
    for (const quota of inOrder(judged)) {
      const uses = quotaUses(quota).filter(({ share }) => share >= 0.9 && share < 1);
      if (uses.length === 0) continue;
      yield {
        resource: refOf(quota),
        message: `ResourceQuota ${namespacedName(quota)} is nearly used up: ${uses.map(({ resource, used, hard }) => `${resource} ${used} of ${hard}`).join(', ')}.`,
        evidence: uses.flatMap(({ resource, hard, used }) => [
          fieldEvidence(quota, `status.used[${resource}]`, used),
          fieldEvidence(quota, `status.hard[${resource}]`, hard),
        ]),
        facts: { resources: uses.map(({ resource }) => resource) },
      };
    }
  },
};
