/** More load balancers than the cluster needs or its quotas carry. */
import { namespacedName, quotaNeedOfLoadBalancer, refOf, refText, type Service } from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import { isNearCluster, quotaEvidence, sortedQuotas, usedShare } from '../../cloud/cloud-quota.ts';
import { hasAddress, isPending, loadBalancers, speaksHttp } from '../../services/load-balancers.ts';
import type { Rule } from '../../rule.ts';

const METRICS =
  /^(?:IN_USE_ADDRESSES|STATIC_ADDRESSES|TARGET_POOLS|FIREWALLS|.*(?:FORWARDING_RULES|BACKEND_SERVICES))$/;

/**
 * Facts: total, addressed, pending, shareable (those that speak HTTP by their ports), uses and frees (`METRIC=count` of the quotas
 * that all of them use on GKE, and that sharing one address would free).
 */
export const rule: Rule = {
  code: 'load-balancer-proliferation',
  title: 'Many Services have a load balancer of their own',
  severity: 'low',
  explanation:
    'Each Service of type LoadBalancer takes an address, a forwarding rule and a backend of its own, and is billed by itself. The reference asks for fewer than 5 (threshold loadBalancers). Low while quotas carry them; medium as soon as one of them waits for an address or a quota that they draw on is nearly used up. The rule stays silent below the threshold. What only waits because its class belongs to another controller does not count as waiting.',
  remediation: {
    class: 'consolidate-load-balancers',
    text: 'Put Services that speak HTTP behind one Ingress or Gateway; make internal ones ClusterIP; delete duplicates of the same backend.',
  },
  aliases: { popeye: ['1103'], 'kube-linter': ['exposed-services'] },
  needs: [],
  *check(examination) {
    const all = inOrder(loadBalancers(examination));
    if (all.length < examination.thresholds.loadBalancers) return;
    const pending = all.filter((service) => isPending(service, examination));
    const tight = sortedQuotas(examination.snapshot.cloud.quotas).filter(
      (quota) =>
        METRICS.test(quota.metric) &&
        usedShare(quota) >= examination.thresholds.quotaShare &&
        isNearCluster(examination.snapshot, quota.region),
    );
    const shareable = all.filter(speaksHttp);
    yield {
      resource: { group: '', kind: 'Service', namespace: '', name: '(type LoadBalancer)' },
      severity: pending.length > 0 || tight.length > 0 ? 'medium' : 'low',
      message: `${all.length} Services are of type LoadBalancer, ${pending.length} of them without an address; ${shareable.length} look as if they spoke HTTP and could share one Ingress or Gateway${tight.map(({ metric, region, usage, limit }) => `; quota ${metric} in ${region} stands at ${usage} of ${limit}`).join('')}.`,
      evidence: [
        {
          kind: 'calculation',
          text: `${all.length} Services with spec.type LoadBalancer: ${all
            .slice(0, 30)
            .map((service) => refText(refOf(service)).replace('Service ', ''))
            .join(', ')}`,
        },
        ...tight.map(quotaEvidence),
        ...all.slice(0, 1).map((service) => fieldEvidence(service, 'spec.type', 'LoadBalancer')),
      ],
      facts: {
        total: all.length,
        addressed: all.filter(hasAddress).length,
        pending: pending.length,
        shareable: shareable.map((service) => namespacedName(service)),
        uses: usesOf(all),
        frees: usesOf(shareable.filter(hasAddress).slice(1)),
      },
    };
  },
};

/** What Services use of each metric; one that is reported for the region and project-wide counts once. */
function usesOf(services: readonly Service[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const service of services) {
    const needs = new Map(quotaNeedOfLoadBalancer(service).map(({ metric, amount }) => [metric, amount]));
    for (const [metric, amount] of needs) totals.set(metric, (totals.get(metric) ?? 0) + amount);
  }
  return [...totals].map(([metric, amount]) => `${metric}=${amount}`).sort();
}
