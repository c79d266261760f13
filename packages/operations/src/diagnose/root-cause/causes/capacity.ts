/**
 * Why pods wait for capacity. Quota, stock-out, exhausted IP space, a pool at its maximum and requests that nobody uses look
 * alike from the pod; they are told apart by what the autoscaler and the cloud said, by the quota table, and by simulation.
 */
import { readableBytes, type Pod, type ResourceRef } from '@aia/cluster';
import type { Counterfactual, Weighing } from '@aia/contract';
import { regionOf, withMoreNodes, withRightSizing, type MoreNodes, type RightSized } from '../../capacity.ts';
import { quotaRef } from '../../cloud-quota.ts';
import type { Finding } from '../../finding.ts';
import { text, texts } from '../finding-index.ts';
import { STRENGTH, type CauseContext, type DirectEffect, type Hypothesis } from '../hypothesis.ts';
import { bindingQuotas, fullQuotas, type NodeQuota } from './node-quota.ts';

/** Everything the hypotheses about one set of pods look at, gathered once. */
interface Case {
  readonly context: CauseContext;
  readonly pending: readonly Finding[];
  readonly pods: readonly Pod[];
  /** Scale-up refusals by cause, from events, status and log. */
  readonly refused: ReadonlyMap<string, Finding>;
  readonly atMaximum: readonly Finding[];
  readonly overRequested: readonly Finding[];
  readonly rightSized: RightSized | undefined;
  readonly moreNodes: readonly MoreNodes[];
  /** Metrics that do not carry one more node, and whether a quota table was read at all. */
  readonly full: readonly NodeQuota[];
  readonly knowsQuotas: boolean;
  readonly region: string;
}

export function* explainByCapacity(context: CauseContext): Iterable<Hypothesis> {
  const pending = context.findings
    .ofCode('pod-unschedulable')
    .filter((finding) => texts(finding, 'classes').includes('capacity'));
  if (pending.length === 0) return;
  const one = gather(context, pending);
  const proposals = [requestsExceed, quotaExhausted, stockOut, ipSpace, poolAtMaximum, notEnough];
  for (const propose of proposals) {
    const hypothesis = propose(one);
    if (hypothesis !== undefined) yield hypothesis;
  }
}

function gather(context: CauseContext, pending: readonly Finding[]): Case {
  const { snapshot } = context.examination;
  const pods = pending
    .map((finding) => snapshot.resolve(finding.resource) as Pod | undefined)
    .filter((pod) => pod !== undefined);
  const { world } = context.examination;
  const refusals = context.findings.ofCode('scale-up-refused');
  return {
    context,
    pending,
    pods,
    refused: new Map(refusals.map((finding) => [text(finding, 'cause'), finding])),
    atMaximum: context.findings.ofCode('node-pool-at-maximum'),
    overRequested: context.findings.ofCode('requests-above-usage'),
    rightSized: withRightSizing(world, pods),
    moreNodes: withMoreNodes(world, pods),
    full: fullQuotas(snapshot),
    knowsQuotas: snapshot.cloud.quotas !== undefined,
    region: text(refusals[0] ?? ({ facts: {} } as Finding), 'region') || regionOf(snapshot),
  };
}

/** Requests far above usage: alone, or together with a quota that keeps the cluster from growing around them. */
function requestsExceed(one: Case): Hypothesis | undefined {
  const { rightSized } = one;
  if (rightSized === undefined || rightSized.fits === 0) return undefined;
  const quota = quotaWeighings(one);
  const withQuota =
    one.refused.has('quota') || (one.full.length > 0 && one.refused.size === 0 && one.atMaximum.length === 0);
  const share = rightSized.fits / rightSized.pods;
  const metric = metricOf(one);
  const blocker = withQuota
    ? `quota ${metric} in ${one.region || 'the region'} allows no further node`
    : 'no further node comes';
  return {
    ...shell(
      one,
      withQuota ? 'requests-exceed-quota' : 'requests-exceed-capacity',
      withQuota ? quotaRef(metric, one.region || 'unknown') : nodesRef(),
    ),
    title: withQuota
      ? `Requests far above usage fill the nodes, and quota ${metric} allows no more of them`
      : 'Requests far above usage fill the nodes',
    statement: `${podsText(one)} cannot be scheduled: the nodes are full by what running pods request, not by what they use, and ${blocker}. ${freedText(rightSized)}`,
    effects: [
      ...part(one.overRequested, 'the running pods reserve what they do not use'),
      ...(withQuota ? quotaEffects(one) : []),
      ...pendingEffects(one, 'the nodes have no unreserved room'),
    ],
    weighings: [
      ...(withQuota ? quota : noRefusal(one)),
      {
        observation: `at measured usage ${rightSized.fits} of ${rightSized.pods} of the pods fit on the nodes there are`,
        ratio: share === 1 ? STRENGTH.measured : share >= 0.5 ? STRENGTH.typical : STRENGTH.hint,
      },
    ],
    evidence: evidenceOf(one, one.overRequested, withQuota),
    remediation: {
      class: 'resize-requests',
      text: 'Lower the requests of the running pods to what they use plus a margin; that schedules the waiting pods without more quota. Then let the cluster shrink.',
    },
  };
}

function quotaExhausted(one: Case): Hypothesis | undefined {
  if (!one.refused.has('quota') && one.full.length === 0) return undefined;
  const metric = metricOf(one);
  return {
    ...shell(one, 'quota-exhausted', quotaRef(metric, one.region || 'unknown')),
    title: `Quota ${metric}${one.region === '' ? '' : ` in ${one.region}`} allows no further node`,
    statement: `${podsText(one)} need a further node, and the cloud refuses it because quota ${metric} is used up.`,
    effects: [...quotaEffects(one), ...pendingEffects(one, 'the cloud refuses the node that they need')],
    weighings: [
      ...quotaWeighings(one),
      ...(one.rightSized !== undefined && one.rightSized.fits > 0
        ? [{ observation: 'requests are far above usage: the cluster is full on paper only', ratio: STRENGTH.unlikely }]
        : []),
    ],
    evidence: evidenceOf(one, [], true),
    remediation: {
      class: 'raise-quota',
      text: `Ask for more ${metric}, or free some: idle nodes, other clusters of the project.`,
    },
  };
}

function stockOut(one: Case): Hypothesis | undefined {
  const said = one.refused.get('stock-out');
  const quotaSaid = one.refused.get('quota');
  // GKE has reported stock-outs as "GCE quota exceeded"; with room in every quota that is the likelier reading.
  const suspected = quotaSaid !== undefined && one.knowsQuotas && one.full.length === 0;
  if (said === undefined && !suspected) return undefined;
  const zones = texts(said ?? (quotaSaid as Finding), 'zones').join(', ');
  return {
    ...shell(one, 'stock-out', {
      group: 'compute.googleapis.com',
      kind: 'Zone',
      namespace: '',
      name: zones || 'unknown',
    }),
    title: `The cloud has no machines left${zones === '' ? '' : ` in ${zones}`} (stock-out)`,
    statement: `${podsText(one)} need a further node, and the cloud has none of this type to give${zones === '' ? '' : ` in ${zones}`}. More quota would not help; another zone, machine family or time would.`,
    effects: [
      ...part([said ?? (quotaSaid as Finding)], 'the cloud has no such machine to give'),
      ...pendingEffects(one, 'the node that they need cannot be had'),
    ],
    weighings: [
      said === undefined
        ? { observation: 'the refusal says quota, as it has done for stock-outs', ratio: STRENGTH.hint }
        : { observation: 'the refusal says that the zone has no resources', ratio: STRENGTH.stated },
      ...(one.knowsQuotas ? [roomWeighing(one)] : []),
    ],
    evidence: evidenceOf(one, said === undefined ? [] : [said], false),
    remediation: {
      class: 'change-placement',
      text: 'Let the pool use another zone or machine family, or mix spot and standard nodes; try again later.',
    },
  };
}

function ipSpace(one: Case): Hypothesis | undefined {
  const said = one.refused.get('ip-space');
  if (said === undefined) return undefined;
  return {
    ...shell(one, 'ip-space-exhausted', {
      group: 'compute.googleapis.com',
      kind: 'Subnetwork',
      namespace: '',
      name: one.region || 'unknown',
    }),
    title: 'The subnet has no addresses left for nodes or pods',
    statement: `${podsText(one)} need a further node, and the subnet's range has no room for its addresses.`,
    effects: [
      ...part([said], 'no address range is left for a node'),
      ...pendingEffects(one, 'the node that they need cannot be had'),
    ],
    weighings: [{ observation: 'the refusal says that IP space is exhausted', ratio: STRENGTH.stated }],
    evidence: evidenceOf(one, [said], false),
    remediation: {
      class: 'repair-network',
      text: 'Add a secondary range for pods, lower the pods per node, or enlarge the subnet.',
    },
  };
}

function poolAtMaximum(one: Case): Hypothesis | undefined {
  if (one.atMaximum.length === 0) return undefined;
  return {
    ...shell(one, 'node-pool-at-maximum', one.atMaximum[0]?.resource ?? nodesRef()),
    title: 'The node pool has reached its own maximum',
    statement: `${podsText(one)} need a further node, and the node pool may not grow beyond the maximum that its autoscaling is set to.`,
    effects: [...part(one.atMaximum, 'the limit is set in the pool'), ...pendingEffects(one, 'the pool may not grow')],
    weighings: [{ observation: 'the autoscaler says that the maximum is reached', ratio: STRENGTH.stated }],
    evidence: evidenceOf(one, one.atMaximum, false),
    remediation: { class: 'add-capacity', text: 'Raise the maximum if quota and money allow, or lower requests.' },
  };
}

/** Nothing refused and nothing over-requested: the cluster is simply full, or the pods are larger than any node. */
function notEnough(one: Case): Hypothesis | undefined {
  const tooLarge = one.moreNodes.length === 0;
  return {
    ...shell(one, tooLarge ? 'pod-larger-than-any-node' : 'capacity-exhausted', nodesRef()),
    title: tooLarge
      ? 'The pods ask for more than any node of the cluster offers'
      : 'The cluster has no room left and does not grow',
    statement: tooLarge
      ? `${podsText(one)} would fit on no node of any existing kind, even an empty one.`
      : `${podsText(one)} do not fit on the nodes there are, and no scale-up was seen.`,
    effects: pendingEffects(one, tooLarge ? 'no node is large enough' : 'the nodes are full'),
    weighings: [
      { observation: 'the scheduler finds too little on every node', ratio: STRENGTH.typical },
      ...(tooLarge
        ? [
            {
              observation: 'the scheduling filters refuse the pods on an empty node of every kind',
              ratio: STRENGTH.measured,
            },
          ]
        : []),
      ...(one.refused.size > 0 && !tooLarge
        ? [{ observation: 'a scale-up was tried and refused', ratio: STRENGTH.contradicted }]
        : []),
    ],
    evidence: evidenceOf(one, [], false),
    remediation: {
      class: 'add-capacity',
      text: tooLarge
        ? 'Lower the requests, or add a pool with larger machines.'
        : 'Add nodes or switch on autoscaling, or lower requests.',
    },
  };
}

function shell(one: Case, causeClass: string, resource: ResourceRef) {
  return { class: causeClass, resource, counterfactuals: () => counterfactuals(one) };
}

function nodesRef(): ResourceRef {
  return { group: '', kind: 'Node', namespace: '', name: '(all)' };
}

/** The metric that a refusal names, else the fullest one that a node needs, else CPUS, which nodes draw on first. */
function metricOf(one: Case): string {
  const said = one.refused.get('quota');
  return (said === undefined ? undefined : texts(said, 'metrics')[0]) ?? one.full[0]?.quota.metric ?? 'CPUS';
}

function quotaWeighings(one: Case): readonly Weighing[] {
  const said = one.refused.get('quota');
  const named = said !== undefined && texts(said, 'metrics').length > 0;
  return [
    ...(said === undefined
      ? []
      : [
          {
            observation: named ? 'the refusal names the quota metric' : 'the refusal says quota, without a metric',
            ratio: named ? STRENGTH.stated : STRENGTH.measured,
          },
        ]),
    ...(one.knowsQuotas ? [tableWeighing(one)] : []),
    ...(one.refused.has('stock-out')
      ? [{ observation: 'another refusal says stock-out', ratio: STRENGTH.unlikely }]
      : []),
  ];
}

function tableWeighing(one: Case): Weighing {
  return one.full.length > 0
    ? {
        observation: `the quota table has no room for one more node (${one.full.map(({ quota }) => quota.metric).join(', ')})`,
        ratio: STRENGTH.measured,
      }
    : { observation: 'the quota table has room for another node', ratio: STRENGTH.contradicted };
}

function roomWeighing(one: Case): Weighing {
  return one.full.length > 0
    ? { observation: 'a quota is full as well', ratio: 1 }
    : { observation: 'every quota has room for another node', ratio: STRENGTH.typical };
}

function noRefusal(one: Case): readonly Weighing[] {
  return one.refused.size > 0
    ? [{ observation: 'a scale-up was refused for a reason of its own', ratio: STRENGTH.unlikely }]
    : [];
}

function quotaEffects(one: Case): readonly DirectEffect[] {
  const metrics = new Set([metricOf(one), ...one.full.map(({ quota }) => quota.metric)]);
  const quotas = one.context.findings
    .ofCode('quota-exhausted', 'quota-near-limit')
    .filter((finding) => metrics.has(text(finding, 'metric')) && isNodeQuota(one, finding));
  const said = one.refused.get('quota');
  return [
    ...part(quotas, 'the quota itself leaves no room for a node'),
    ...(said === undefined ? [] : part([said], 'the cloud refuses a node beyond the quota')),
  ];
}

/** Addresses starve load balancers too; that is a cause of its own unless nodes named it. */
function isNodeQuota(one: Case, finding: Finding): boolean {
  return text(finding, 'metric') === metricOf(one);
}

function part(findings: readonly Finding[], relation: string): readonly DirectEffect[] {
  return findings.map((finding) => ({ finding: finding.id, relation, evidence: finding.evidence.slice(0, 2) }));
}

function pendingEffects(one: Case, relation: string): readonly DirectEffect[] {
  return part(one.pending, relation);
}

/** The quota or refusal first, then what fills the nodes, then one pod's own words. */
function evidenceOf(one: Case, own: readonly Finding[], quota: boolean) {
  const said = quota ? one.refused.get('quota') : undefined;
  const metric = metricOf(one);
  const table = quota
    ? one.context.findings
        .ofCode('quota-exhausted', 'quota-near-limit')
        .filter((finding) => text(finding, 'metric') === metric)
    : [];
  return [
    ...table.flatMap(({ evidence }) => evidence.slice(0, 1)),
    ...own.flatMap(({ evidence }) => evidence.slice(0, 3)),
    ...(said?.evidence.slice(0, 2) ?? []),
    ...one.pending.slice(0, 1).flatMap(({ evidence }) => evidence.slice(0, 2)),
  ].slice(0, 7);
}

function counterfactuals(one: Case): readonly Counterfactual[] {
  return [
    ...one.moreNodes.map((more) => nodesCounterfactual(one, more)),
    ...(one.rightSized === undefined ? [] : [rightSizingCounterfactual(one, one.rightSized)]),
  ];
}

function nodesCounterfactual(one: Case, more: MoreNodes): Counterfactual {
  const where = one.region || more.zone || 'the cluster';
  const others = bindingQuotas(one.context.examination.snapshot, more.nodes).filter(
    ({ quota }) => !/CPUS/.test(quota.metric),
  );
  const also = others
    .map(({ quota, need }) => `${need} ${quota.metric}, of which ${Math.max(0, quota.limit - quota.usage)} are free`)
    .join(' and ');
  return {
    change: `with ${more.cpus} more CPUs in ${where} (${more.nodes} more ${more.machineType} ${more.nodes === 1 ? 'node' : 'nodes'})`,
    outcome: `${fitText(more.fits, more.pods)}${also === '' ? '' : `; but the nodes also need ${also}`}`,
    resolved: more.fits,
    affected: more.pods,
  };
}

function rightSizingCounterfactual(one: Case, sized: RightSized): Counterfactual {
  return {
    change: `with the requests of ${sized.changed} running pods at their measured use (CPU p95, memory peak of ${days(sized.spanMs)})`,
    outcome: `${fitText(sized.fits, sized.pods)}${one.refused.has('quota') && sized.fits > 0 ? ', without more quota' : ''}`,
    resolved: sized.fits,
    affected: sized.pods,
  };
}

function fitText(fits: number, pods: number): string {
  if (fits === pods) return `all ${pods} pending ${pods === 1 ? 'pod' : 'pods'} would schedule`;
  return fits === 0
    ? `none of the ${pods} pending pods would schedule`
    : `${fits} of ${pods} pending pods would schedule`;
}

function podsText(one: Case): string {
  return one.pending.length === 1 ? 'One pod' : `${one.pending.length} pods`;
}

function freedText(sized: RightSized): string {
  return `At measured use ${sized.changed} pods would give back ${Math.round(sized.freedCpuMillis / 100) / 10} CPU and ${readableBytes(sized.freedMemoryBytes)}.`;
}

function days(ms: number): string {
  const count = Math.round(ms / 86_400_000);
  return count === 1 ? '1 day' : `${count} days`;
}
