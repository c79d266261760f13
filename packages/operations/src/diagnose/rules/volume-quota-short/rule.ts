/** Claims need more disk space than the cloud's quota leaves. */
import { type PersistentVolumeClaim, type Quota } from '@aia/cluster';
import { isNearCluster, quotaEvidence, quotaRef, sortedQuotas, usedShare } from '../../cloud/cloud-quota.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { capacityBytes, isExpanding, requestedBytes } from '../../storage/claim-size.ts';
import { quotaMetricOf } from '../../storage/provider-limits.ts';
import { classOf } from '../../storage/storage-class.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { podKeys } from '../../storage/claim-users.ts';

const GIB = 2 ** 30;

/** Facts: metric, region, limit, usage, neededGb, headroomGb, claims (at most 20 keys). */
export const rule: Rule = {
  code: 'volume-quota-short',
  title: 'Disk quota is too small for the claims that wait',
  severity: 'medium',
  explanation:
    'Claims that have no volume yet and expansions that are not done need more gigabytes than the quota of their type of disk leaves ' +
    '(SSD_TOTAL_GB for pd-ssd and pd-balanced, DISKS_TOTAL_GB for pd-standard; regional disks count twice). Some of them will be refused ' +
    'with `Quota exceeded`. Boot disks of nodes draw on the same quota. The rule stays silent while everything fits, and for a quota that ' +
    'is used up, which quota-exhausted reports.',
  remediation: {
    class: 'raise-quota',
    text: 'Delete disks that nobody uses (released volumes, for example), ask for smaller or standard disks, or ask for more quota.',
  },
  aliases: {},
  needs: ['quotas'],
  *check(examination) {
    const { snapshot } = examination;
    const needs = needsByMetric(examination);
    if (needs.size === 0) return;
    for (const quota of sortedQuotas(snapshot.cloud.quotas)) {
      const { metric, region, limit, usage } = quota;
      const need = needs.get(metric);
      if (need === undefined || !isJudged(examination, quota)) continue;
      const neededGb = Math.ceil(need.bytes / GIB);
      const headroomGb = Math.max(0, Math.floor(limit - usage));
      if (neededGb <= headroomGb) continue;
      const count = need.claims.length === 1 ? '1 claim needs' : `${need.claims.length} claims need`;
      yield {
        resource: quotaRef(metric, region),
        message: `${count} ${neededGb} GB more of ${metric} in ${region}, and ${headroomGb} of ${limit} GB are left.`,
        evidence: [
          quotaEvidence(quota),
          ...need.claims
            .slice(0, 5)
            .map((claim) =>
              fieldEvidence(
                claim,
                'spec.resources.requests.storage',
                String(claim.spec?.resources?.requests?.['storage']),
              ),
            ),
        ],
        facts: { metric, region, limit, usage, neededGb, headroomGb, claims: podKeys(need.claims) },
      };
    }
  },
};

interface Need {
  readonly bytes: number;
  readonly claims: PersistentVolumeClaim[];
}

function isJudged({ snapshot }: Examination, quota: Quota): boolean {
  return quota.limit > 0 && usedShare(quota) < 1 && isNearCluster(snapshot, quota.region);
}

function needsByMetric(examination: Examination): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
    const isPending = claim.status?.phase === 'Pending' && (claim.spec?.volumeName ?? '') === '';
    if (!isPending && !isExpanding(claim)) continue;
    const storageClass = classOf(examination.snapshot, claim);
    const drawn = storageClass === undefined ? undefined : quotaMetricOf(storageClass);
    if (drawn === undefined) continue;
    const more = (requestedBytes(claim) ?? 0) - (isPending ? 0 : (capacityBytes(claim) ?? 0));
    const { bytes, claims } = needs.get(drawn.metric) ?? { bytes: 0, claims: [] };
    claims.push(claim);
    needs.set(drawn.metric, { bytes: bytes + more * drawn.factor, claims });
  }
  return needs;
}
