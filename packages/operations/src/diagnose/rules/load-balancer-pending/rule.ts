/** A Service of type LoadBalancer without an address (k8s-anchors 2.22 #2). */
import { refOf, type Quota, type Service } from '@aia/cluster';
import { quotaEvidence, sortedQuotas, usedShare } from '../../cloud-quota.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { hasAddress, loadBalancers, refusalOf } from '../../load-balancers.ts';
import type { Rule } from '../../rule.ts';

/** Classes that GKE's own controllers implement; any other belongs to a controller that reports in its own way. */
const KNOWN_CLASSES = /^networking\.gke\.io\//;
/** Quotas that every external load balancer draws on, the tightest usually first. */
const METRICS = [
  'IN_USE_ADDRESSES',
  'FORWARDING_RULES',
  'EXTERNAL_NETWORK_LB_FORWARDING_RULES',
  'TARGET_POOLS',
  'STATIC_ADDRESSES',
];

const WHY: Readonly<Record<string, string>> = {
  quota: 'a cloud quota is used up',
  permission: 'the cloud refuses it for lack of a permission',
  'address-conflict': 'the requested address cannot be used',
  'invalid-request': 'the cloud rejects the request',
  'ip-space': 'the subnet has no address left',
  'not-ready': 'no node can back it',
};

export const rule: Rule = {
  code: 'load-balancer-pending',
  title: 'LoadBalancer Service has no address',
  severity: 'high',
  explanation:
    'The Service asks the cloud for a load balancer and has waited longer than the grace period without getting an address. The reason is taken from the newest event of the service controller; without one, from a quota that such Services draw on and that is used up. Services whose loadBalancerClass belongs to another controller are not judged. Facts: cause, metric, region.',
  remediation: {
    class: 'consolidate-load-balancers',
    text: 'Let it share an Ingress or Gateway, make it ClusterIP if nobody needs it from outside, or free what the cloud says is exhausted.',
  },
  aliases: { k8sgpt: ['Service/3'] },
  needs: [],
  *check(examination) {
    for (const service of inOrder(loadBalancers(examination).filter((one) => isWaiting(one, examination)))) {
      const said = refusalOf(service, examination);
      const full = said === undefined ? fullQuota(examination) : undefined;
      const cause = said?.refusal.cause ?? (full === undefined ? '' : 'quota');
      const metric = said?.refusal.metric ?? full?.metric;
      const region = said?.refusal.region ?? full?.region;
      yield {
        resource: refOf(service),
        message: `Service ${service.metadata.namespace ?? ''}/${service.metadata.name} has waited ${days(examination.ageMs(service.metadata.creationTimestamp))} for an external address${WHY[cause] === undefined ? '' : `: ${WHY[cause]}${metric === undefined ? '' : ` (${metric}${region === undefined ? '' : ` in ${region}`})`}`}.`,
        evidence: [
          fieldEvidence(service, 'status.loadBalancer.ingress', '(none)'),
          ...(said ? [said.evidence] : []),
          ...(full ? [quotaEvidence(full)] : []),
        ],
        facts: {
          ...(cause !== '' && { cause }),
          ...(metric !== undefined && { metric }),
          ...(region !== undefined && { region }),
        },
        since: Date.parse(service.metadata.creationTimestamp ?? '') || undefined,
      };
    }
  },
};

function isWaiting(service: Service, examination: Examination): boolean {
  const { loadBalancerClass } = service.spec ?? {};
  if (
    !examination.judges(service.metadata.namespace ?? '') ||
    hasAddress(service) ||
    service.metadata.deletionTimestamp !== undefined
  )
    return false;
  if (loadBalancerClass !== undefined && !KNOWN_CLASSES.test(loadBalancerClass)) return false;
  const age = examination.ageMs(service.metadata.creationTimestamp);
  // A manifest without a status was never in a cluster, so nothing can be pending.
  return service.status !== undefined && (age === undefined || age > examination.thresholds.graceMs);
}

function fullQuota({ snapshot }: Examination): Quota | undefined {
  const full = sortedQuotas(snapshot.cloud.quotas).filter((quota) => usedShare(quota) >= 1);
  return METRICS.map((metric) => full.find((quota) => quota.metric === metric)).find((quota) => quota !== undefined);
}

function days(ageMs: number | undefined): string {
  if (ageMs === undefined) return 'for an unknown time';
  const hours = Math.floor(ageMs / 3_600_000);
  if (hours < 1) return `${Math.floor(ageMs / 60_000)} minutes`;
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
