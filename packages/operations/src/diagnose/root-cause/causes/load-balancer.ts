/** Causes for Services of type LoadBalancer that wait for an address. */
import { refText, type Quota } from '@aia/cluster';
import type { Counterfactual } from '@aia/contract';
import { quotaRef } from '../../cloud/cloud-quota.ts';
import type { Evidence } from '../../evidence.ts';
import type { Finding } from '../../finding.ts';
import { loadBalancers } from '../../services/load-balancers.ts';
import type { RemediationClass } from '../../rule.ts';
import { text } from '../finding-index.ts';
import { effectsOn, partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

/** Only Services whose waiting no other finding brings about: without ready nodes there is nothing to send traffic to. */
export function explainByLoadBalancer(roots: ReadonlySet<string>) {
  return (context: CauseContext): readonly Hypothesis[] => {
    const pending = context.findings.ofCode('load-balancer-pending').filter((finding) => roots.has(finding.id));
    const byQuota = Map.groupBy(
      pending.filter((finding) => text(finding, 'cause') === 'quota'),
      (finding) => [text(finding, 'metric'), text(finding, 'region')].join('\n'),
    );
    const others = Map.groupBy(
      pending.filter((finding) => !['quota', ''].includes(text(finding, 'cause'))),
      (finding) => (SHARED.has(text(finding, 'cause')) ? text(finding, 'cause') : finding.id),
    );
    return [
      ...[...byQuota.values()].map((group) => quotaExhausted(group, context)),
      ...[...others.values()].map(refused),
    ];
  };
}

/** Causes that lie in the cluster or the project; the others lie in what one Service asks for. */
const SHARED: ReadonlySet<string> = new Set([
  'permission',
  'not-ready',
  'ip-space',
  'organisation-policy',
  'timeout',
  'throttled',
]);

function quotaExhausted(group: readonly Finding[], context: CauseContext): Hypothesis {
  const metric = text(group[0] as Finding, 'metric');
  const region = text(group[0] as Finding, 'region');
  const quota = context.examination.snapshot.cloud.quotas?.find(
    (row) => row.metric === metric && row.region === region,
  );
  const exhausted = context.findings
    .ofCode('quota-exhausted')
    .filter((finding) => text(finding, 'metric') === metric && text(finding, 'region') === region);
  const many = context.findings.ofCode('load-balancer-proliferation');
  const total = loadBalancers(context.examination).length;
  return {
    class: 'load-balancer-quota-exhausted',
    resource: quotaRef(metric || 'not named', region || 'unknown'),
    title: `${total} load balancers share a quota of ${quota === undefined ? 'too few' : quota.limit} ${metric || 'addresses'}${region === '' ? '' : ` in ${region}`}`,
    statement: `${group.length} of ${total} Services of type LoadBalancer wait for an address, because quota ${metric || '(not named)'}${region === '' ? '' : ` in ${region}`} is used up${usedText(quota)}. Each external Service takes an address and a forwarding rule of its own; sharing an Ingress or Gateway takes one for all.`,
    effects: [
      ...partsOf(exhausted, 'the quota itself is used up'),
      ...partsOf(many, 'each of them asks for an address of its own'),
      ...effectsOn(group, 'the cloud refuses a further address'),
    ],
    evidence: [
      ...exhausted.flatMap((finding) => finding.evidence),
      ...many.flatMap((finding) => finding.evidence),
      ...group.slice(0, 2).flatMap((finding) => finding.evidence),
    ].slice(0, 6),
    weighings: [
      { observation: "the cloud's refusal names the quota", ratio: metric === '' ? STRENGTH.typical : STRENGTH.stated },
      ...tableWeighing(quota),
    ],
    remediation: CONSOLIDATE,
    counterfactuals: () => addressCounterfactuals(group, quota),
  };
}

const CONSOLIDATE: { readonly class: RemediationClass; readonly text: string } = {
  class: 'consolidate-load-balancers',
  text: 'Put the Services that speak HTTP behind one Ingress or Gateway, turn internal and redundant ones into ClusterIP, and only then ask for quota.',
};

function usedText(quota: Quota | undefined): string {
  return quota === undefined ? '' : ` (${quota.usage} of ${quota.limit})`;
}

function tableWeighing(quota: Quota | undefined) {
  if (quota === undefined) return [];
  return quota.usage + 1 > quota.limit
    ? [{ observation: 'the quota table shows no room for one more', ratio: STRENGTH.measured }]
    : [{ observation: 'the quota table shows room', ratio: STRENGTH.unlikely }];
}

/** A pending Service holds no address, so deleting it frees none; that is worth saying before somebody tries. */
function addressCounterfactuals(group: readonly Finding[], quota: Quota | undefined): readonly Counterfactual[] {
  if (quota === undefined) return [];
  const free = Math.max(0, Math.floor(quota.limit - quota.usage));
  const lacking = Math.max(0, group.length - free);
  if (lacking === 0) return [];
  return [
    {
      change: `with ${lacking} more ${quota.metric} in ${quota.region}`,
      outcome: `all ${group.length} pending Services would get an address`,
      resolved: group.length,
      affected: group.length,
    },
    {
      change: `with the ${group.length} pending Services deleted`,
      outcome: `no ${quota.metric} would be freed, since none of them holds one; nothing would wait any more`,
      resolved: group.length,
      affected: group.length,
    },
  ];
}

const CAUSES: Readonly<
  Record<string, { title: string; why: string; remediation: readonly [RemediationClass, string] }>
> = {
  permission: {
    title: 'The cloud refuses to create load balancers: permission missing',
    why: "the cluster's service account lacks a permission",
    remediation: ['change-access', 'Grant the permission that the message names.'],
  },
  'address-conflict': {
    title: 'Requested load-balancer addresses cannot be used',
    why: 'the requested address is in use, of another tier or not reserved',
    remediation: ['repair-network', 'Reserve the address in the right region and tier, or drop loadBalancerIP.'],
  },
  'not-ready': {
    title: 'No node can back the load balancers',
    why: 'there is no ready node to send traffic to',
    remediation: ['repair-node', 'Bring nodes back to Ready.'],
  },
  'invalid-request': {
    title: 'The cloud rejects the load-balancer request',
    why: 'the Service asks for something that the cloud does not accept',
    remediation: ['repair-network', "Correct the Service's ports, protocol or annotations as the message says."],
  },
  'not-found': {
    title: 'The load balancer refers to something in the cloud that does not exist',
    why: 'the Service or the cluster names a subnetwork, address or certificate that the cloud does not have',
    remediation: ['repair-network', 'Create what the message names, or correct the annotation that refers to it.'],
  },
  'ip-space': {
    title: 'The subnet has no address left for load balancers',
    why: 'the range that load balancers take their address from is used up',
    remediation: ['repair-network', 'Enlarge the range, or free addresses in it.'],
  },
  'organisation-policy': {
    title: 'An organisation policy forbids the load balancers',
    why: 'an organisation policy does not allow a load balancer like it',
    remediation: ['change-access', 'Make the Service internal, or have the policy changed.'],
  },
  throttled: {
    title: 'The cloud limits the calls about load balancers',
    why: 'the cloud limits the rate of calls to its API',
    remediation: ['investigate', 'Find what else calls the API of the project so often; the controller tries again.'],
  },
  timeout: {
    title: 'The cloud does not answer in time about load balancers',
    why: 'requests to the cloud about it run out of time',
    remediation: [
      'investigate',
      "Look at the cloud's status and at the quota of API calls; the controller tries again.",
    ],
  },
};

function refused(group: readonly Finding[]): Hypothesis {
  const [first] = group as readonly [Finding];
  const cause = CAUSES[text(first, 'cause')];
  const evidence: readonly Evidence[] = group.flatMap((finding) => finding.evidence).slice(0, 6);
  const names = group.map((finding) => refText(finding.resource));
  return {
    class: `load-balancer-${text(first, 'cause')}`,
    resource: first.resource,
    title: cause?.title ?? `Load balancers are refused (${text(first, 'cause')})`,
    statement: `${names.join(', ')}: ${cause?.why ?? first.message}.`,
    effects: effectsOn(group, cause?.why ?? 'the cloud refuses'),
    evidence,
    weighings: [{ observation: "the cloud's refusal says why", ratio: STRENGTH.stated }],
    remediation: {
      class: cause?.remediation[0] ?? 'investigate',
      text: cause?.remediation[1] ?? 'Read the event on the Service.',
    },
  };
}
