/** Namespace quota is used up. */
import { namespacedName, refOf } from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import { quotaUses } from '../../namespaces/namespace-quota.ts';
import type { Rule } from '../../rule.ts';

/** Facts: resources. */
export const rule: Rule = {
  code: 'namespace-quota-exhausted',
  title: 'Namespace quota is used up',
  severity: 'medium',
  explanation:
    'A ResourceQuota has no room left for a resource, so the API server refuses the next pod or object that counts against it. Nothing is ever Pending then: the refusal shows only as FailedCreate on the owner. An object count that is exactly used as planned is still reported, because the next rollout needs room for a surge. The rule stays silent for resources with a limit of 0, which are forbidden on purpose.',
  remediation: { class: 'raise-quota', text: "Raise the namespace's quota, or lower the requests of what runs in it." },
  aliases: { mixin: ['KubeQuotaFullyUsed', 'KubeQuotaExceeded'] },
  needs: [],
  *check(examination) {
    const judged = examination.snapshot
      .list('ResourceQuota')
      .filter((quota) => examination.judges(quota.metadata.namespace ?? ''));
    for (const quota of inOrder(judged)) {
      const uses = quotaUses(quota).filter(({ share }) => share >= 1);
      if (uses.length === 0) continue;
      yield {
        resource: refOf(quota),
        message: `ResourceQuota ${namespacedName(quota)} is used up: ${uses.map(({ resource, used, hard }) => `${resource} ${used} of ${hard}`).join(', ')}.`,
        evidence: uses.flatMap(({ resource, hard, used }) => [
          fieldEvidence(quota, `status.used[${resource}]`, used),
          fieldEvidence(quota, `status.hard[${resource}]`, hard),
        ]),
        facts: { resources: uses.map(({ resource }) => resource) },
      };
    }
  },
};
