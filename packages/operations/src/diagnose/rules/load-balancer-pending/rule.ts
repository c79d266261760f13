/** A Service of type LoadBalancer without an address. */
import { refOf, timeOf, type Quota, type Service } from '@aia/cluster';
import { isNearCluster, quotaEvidence, sortedQuotas, usedShare } from '../../cloud/cloud-quota.ts';
import { eventEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isInternal, isPending, isUnclaimed, loadBalancers, refusalOf } from '../../services/load-balancers.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { briefly, durationText } from '../../wording.ts';

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
  'ip-space': 'the subnet or pool has no address left',
  'not-ready': 'no node can back it',
};

/** Facts: cause, metric, region. */
export const rule: Rule = {
  code: 'load-balancer-pending',
  title: 'LoadBalancer Service has no address',
  severity: 'high',
  explanation:
    'The Service asks the cloud for a load balancer and has waited longer than the grace period without getting an address. The reason is taken from the newest event of the service controller, of ingress-gce, MetalLB or the controller of AWS, and quoted where AIA does not know it; without one, from a quota in the region of the cluster that external load balancers draw on and that is used up. A Service without finalizer and without events has been taken up by no controller, as on clusters without a cloud. Services whose loadBalancerClass belongs to another controller and those being deleted are not judged; a host name (AWS) counts as an address.',
  remediation: {
    class: 'consolidate-load-balancers',
    text: 'Let it share an Ingress or Gateway, make it ClusterIP if nobody needs it from outside, or free what the cloud says is exhausted.',
  },
  aliases: { k8sgpt: ['Service/3'] },
  needs: [],
  *check(examination) {
    const judged = loadBalancers(examination).filter(
      (service) => examination.judges(service.metadata.namespace ?? '') && isPending(service, examination),
    );
    for (const service of inOrder(judged)) yield pending(examination, service);
  },
};

function pending(examination: Examination, service: Service): FindingDraft {
  const { namespace = '', name, creationTimestamp } = service.metadata;
  const said = refusalOf(service, examination);
  const full = said !== undefined || isInternal(service) ? undefined : fullQuota(examination);
  const cause = said?.refusal.cause ?? (full === undefined ? '' : 'quota');
  const metric = said?.refusal.metric ?? full?.metric;
  const region = said?.refusal.region ?? full?.region;
  const place = region === undefined ? '' : ` in ${region}`;
  const isIgnored = cause === '' && isUnclaimed(service, examination);
  const [warning] = examination.warnings(service);
  const words = briefly(said?.refusal.text ?? (warning === undefined ? '' : eventText(warning)));
  const why = isIgnored ? 'no controller has taken it up' : (WHY[cause] ?? (words === '' ? undefined : words));
  const age = examination.ageMs(creationTimestamp);
  return {
    resource: refOf(service),
    message: `Service ${namespace}/${name} has waited ${age === undefined ? 'for an unknown time' : durationText(age)} for an ${isInternal(service) ? 'internal' : 'external'} address${why === undefined ? '' : `: ${why}${metric === undefined ? '' : ` (${metric}${place})`}`}.`,
    evidence: [
      fieldEvidence(service, 'status.loadBalancer.ingress', '(none)'),
      ...(said ? [said.evidence] : warning ? [eventEvidence(warning)] : []),
      ...(full ? [quotaEvidence(full)] : []),
      ...(isIgnored ? [fieldEvidence(service, 'metadata.finalizers', '(none)')] : []),
    ],
    facts: {
      ...(cause !== '' && { cause }),
      ...(metric !== undefined && { metric }),
      ...(region !== undefined && { region }),
    },
    since: timeOf(creationTimestamp),
  };
}

function fullQuota({ snapshot }: Examination): Quota | undefined {
  const full = sortedQuotas(snapshot.cloud.quotas).filter(
    (quota) => usedShare(quota) >= 1 && isNearCluster(snapshot, quota.region),
  );
  return METRICS.map((metric) => full.find((quota) => quota.metric === metric)).find((quota) => quota !== undefined);
}
