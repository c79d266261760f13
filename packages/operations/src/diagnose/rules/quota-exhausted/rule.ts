/** A cloud quota at its limit. */
import { quotaEvidence, quotaRef, quotaSeverity, sortedQuotas, usedShare } from '../../cloud/cloud-quota.ts';
import type { Rule } from '../../rule.ts';

/** Facts: metric, region, limit, usage. */
export const rule: Rule = {
  code: 'quota-exhausted',
  title: 'Cloud quota is used up',
  severity: 'high',
  explanation:
    'A quota of the project or region has reached its limit, so the cloud refuses whatever draws on it next: a node, an address, a forwarding rule, a disk. Metrics that this cluster does not draw on (machine families, Spot and accelerators that it has no node for; commitments) are low, and those of regions in which the cluster has no nodes are information. A limit of 0 with no usage means that the metric was never granted, a negative one that there is none; both are no finding.',
  remediation: {
    class: 'free-quota',
    text: 'Free what is not needed (idle nodes, pending or duplicate load balancers, unused addresses and disks), or ask for more quota.',
  },
  aliases: { gcpdiag: ['gke/ERR/2021_006', 'gke/ERR/2021_010'] },
  needs: ['quotas'],
  *check({ snapshot }) {
    for (const quota of sortedQuotas(snapshot.cloud.quotas)) {
      if (usedShare(quota) < 1) continue;
      const { metric, region, limit, usage } = quota;
      yield {
        resource: quotaRef(metric, region),
        severity: quotaSeverity(snapshot, quota, 'high'),
        message: `Quota ${metric} in ${region} is used up: ${usage} of ${limit}.`,
        evidence: [quotaEvidence(quota)],
        facts: { metric, region, limit, usage },
      };
    }
  },
};
