/**
 * Why pods wait for capacity. Quota, stock-out, exhausted IP space, a pool at its maximum and requests that nobody uses look
 * alike from the pod; they are told apart by what the autoscaler and the cloud said, by the quota table, and by simulation.
 */
import { readableBytes } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { RightSized } from '../../../nodes/capacity.ts';
import { unique } from '../../../order.ts';
import { text, texts } from '../../finding-index.ts';
import { partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../../hypothesis.ts';
import { waitingPods } from '../waiting-pods.ts';
import { atMaximum, casesOf, refusalFinding, type Case } from './case.ts';
import { autoscalingOff, nodesLost, poolAtMaximum } from './nodes.ts';
import { explainPreempted } from './preempted.ts';
import { listed, metricsOf, quotaEffects, quotaName, quotaResource, quotaWeighings, roomWeighing } from './quota.ts';
import { cloudRef, evidenceOf, isRefused, needText, nodesRef, pendingEffects, podsText, shell } from './shell.ts';
import { explainUnfit } from './unfit.ts';
import { otherRefusals } from './refusal.ts';

export function* explainByCapacity(context: CauseContext): Iterable<Hypothesis> {
  const nowhere = new Set(
    context.findings
      .ofCode('volume-zone-conflict')
      .filter((finding) => text(finding, 'cause') === 'no-node')
      .flatMap((finding) => texts(finding, 'pods')),
  );
  // The scheduler looks at room before volumes: a full node says nothing of a disk that it could not use anyway.
  const pending = context.findings
    .ofCode('pod-unschedulable')
    .filter(({ resource: { namespace, name } }) => !nowhere.has(`${namespace}/${name}`))
    .filter((finding) => texts(finding, 'classes').includes('capacity'));
  if (pending.length === 0) return;
  const { cases, unfit } = casesOf(context, pending);
  for (const one of cases) {
    for (const propose of PROPOSALS) yield* propose(one);
  }
  for (const one of unfit) yield explainUnfit(context, one);
  yield* explainPreempted(context, waitingPods(pending, context.examination.snapshot));
}

type Propose = (one: Case) => Iterable<Hypothesis>;

/** Measured need ÷ request up to which requests count as far above usage; as in rule requests-above-usage. */
const FAR_BELOW = 0.5;

/** Requests far above usage: alone, or together with a quota that keeps the cluster from growing around them. */
function* requestsExceed(one: Case): Iterable<Hypothesis> {
  const { rightSized } = one;
  if (rightSized === undefined || rightSized.fits === 0 || usedShare(one, rightSized) > FAR_BELOW) return;
  const withQuota = one.refused.has('quota') || (one.full.length > 0 && one.refused.size === 0 && !atMaximum(one));
  const name = quotaName(one);
  const allow = metricsOf(one).length < 2 ? 'allows' : 'allow';
  const share = rightSized.fits / rightSized.pods;
  const above = one.context.findings.ofCode('requests-above-usage');
  yield {
    ...shell(
      one,
      withQuota ? 'requests-exceed-quota' : 'requests-exceed-capacity',
      withQuota ? quotaResource(one) : nodesRef(one),
    ),
    title: withQuota
      ? `Requests far above usage fill the nodes, and ${name} ${allow} no more of them`
      : 'Requests far above usage fill the nodes',
    statement: `${podsText(one)} cannot be scheduled: the nodes are full by what running pods request, not by what they use, and ${withQuota ? `${name} ${allow} no further node` : 'no further node comes'}. ${freedText(rightSized)}`,
    effects: [
      ...partsOf(above, 'the running pods reserve what they do not use'),
      ...(withQuota ? quotaEffects(one) : []),
      ...pendingEffects(one, 'the nodes have no unreserved room'),
    ],
    weighings: [
      ...(withQuota ? quotaWeighings(one) : otherReason(one)),
      {
        observation: `at measured usage ${rightSized.fits} of ${rightSized.pods} of the pods fit on the nodes there are`,
        ratio: share === 1 ? STRENGTH.measured : share >= 0.5 ? STRENGTH.typical : STRENGTH.unlikely,
      },
    ],
    evidence: evidenceOf(one, above, withQuota),
    remediation: {
      class: 'resize-requests',
      text: `Lower the requests of the running pods to what they use plus a margin; that schedules ${share === 1 ? 'the waiting pods' : `${rightSized.fits} of the ${rightSized.pods} waiting pods`}${withQuota ? ' without more quota' : ''}. Then let the cluster shrink.`,
    },
  };
}

/** Use of what the pods lack: of the resource used least among those that the scheduler names. */
function usedShare({ pending }: Case, { usedCpuShare, usedMemoryShare }: RightSized): number {
  const lacking = new Set(pending.flatMap((finding) => texts(finding, 'resources')));
  const shares = [...(lacking.has('cpu') ? [usedCpuShare] : []), ...(lacking.has('memory') ? [usedMemoryShare] : [])];
  return shares.length === 0 ? 1 : Math.min(...shares);
}

function* quotaExhausted(one: Case): Iterable<Hypothesis> {
  if (!one.refused.has('quota') && one.full.length === 0) return;
  const name = quotaName(one);
  const metrics = metricsOf(one);
  const isOne = metrics.length < 2;
  const helpful =
    one.rightSized !== undefined && usedShare(one, one.rightSized) <= FAR_BELOW ? one.rightSized : undefined;
  yield {
    ...shell(one, 'quota-exhausted', quotaResource(one)),
    title: `${capitalised(name)} ${isOne ? 'allows' : 'allow'} no further node`,
    statement: `${needText(one)}, and ${one.refused.has('quota') ? 'the cloud refuses it because' : 'none can be had while'} ${name} ${isOne ? 'is' : 'are'} used up.${isOne ? '' : ' More of one alone does not help.'}${metrics.length === 0 ? ` The refusal does not name the quota${one.hasTable ? '' : ', and the quota table was not read'}.` : ''}${usageText(one)}`,
    effects: [...quotaEffects(one), ...pendingEffects(one, 'the cloud refuses the node that they need')],
    weighings: [
      ...quotaWeighings(one),
      ...(helpful !== undefined && helpful.fits / helpful.pods >= 0.5
        ? [{ observation: 'requests are far above usage: the cluster is full on paper only', ratio: STRENGTH.unlikely }]
        : []),
    ],
    evidence: evidenceOf(one, [], true),
    remediation: {
      class: 'raise-quota',
      text: `Ask for more ${listed(metrics) || 'of the quota that the cloud console shows as used up'}, or free some: idle nodes, other clusters of the project.`,
    },
  };
}

function* stockOut(one: Case): Iterable<Hypothesis> {
  const said = one.refused.get('stock-out');
  // GKE has reported stock-outs as "GCE quota exceeded"; with room in every quota that is the likelier reading.
  const suspected = one.refused.get('quota');
  if (said === undefined && (suspected === undefined || !one.hasTable || one.full.length > 0)) return;
  const zones = unique((said ?? suspected ?? []).flatMap((refusal) => refusal.zones)).join(', ');
  const where = zones === '' ? '' : ` in ${zones}`;
  const finding = refusalFinding(one, said === undefined ? 'quota' : 'stock-out');
  yield {
    ...shell(one, 'stock-out', cloudRef('Zone', zones || 'unknown')),
    title:
      said === undefined
        ? `The refusal says quota, but quotas have room: probably no machines left${where} (stock-out)`
        : `The cloud has no machines left${where} (stock-out)`,
    statement: `${needText(one)}, and the cloud ${said === undefined ? 'probably has' : 'has'} none of this type to give${where}. More quota would not help; another zone, machine family or time would.`,
    effects: [
      ...partsOf(finding === undefined ? [] : [finding], 'the cloud has no such machine to give'),
      ...pendingEffects(one, 'the node that they need cannot be had'),
    ],
    weighings: [
      said === undefined
        ? { observation: 'the refusal says quota, as it has done for stock-outs', ratio: STRENGTH.hint }
        : { observation: 'the refusal says that the zone has no resources', ratio: STRENGTH.stated },
      ...(one.knowsQuotas ? [roomWeighing(one)] : []),
    ],
    evidence: evidenceOf(one, finding === undefined ? [] : [finding], false),
    remediation: {
      class: 'change-placement',
      text: 'Let the pool use another zone or machine family, or mix spot and standard nodes; try again later.',
    },
  };
}

function* ipSpace(one: Case): Iterable<Hypothesis> {
  if (!one.refused.has('ip-space')) return;
  const finding = refusalFinding(one, 'ip-space');
  yield {
    ...shell(one, 'ip-space-exhausted', cloudRef('Subnetwork', one.region || 'unknown')),
    title: 'The subnet has no addresses left for nodes or pods',
    statement: `${needText(one)}, and the subnet's range has no room for its addresses.`,
    effects: [
      ...partsOf(finding === undefined ? [] : [finding], 'no address range is left for a node'),
      ...partsOf(one.context.findings.ofCode('pod-cidr-nearly-full'), 'the range of pod addresses is all but taken'),
      ...pendingEffects(one, 'the node that they need cannot be had'),
    ],
    weighings: [{ observation: 'the refusal says that IP space is exhausted', ratio: STRENGTH.stated }],
    evidence: evidenceOf(one, finding === undefined ? [] : [finding], false),
    remediation: {
      class: 'repair-network',
      text: 'Add a secondary range for pods, lower the pods per node, or enlarge the subnet.',
    },
  };
}

/** Nothing refused and nothing over-requested: the nodes are simply full. */
function* notEnough(one: Case): Iterable<Hypothesis> {
  const isUnread = one.context.examination.snapshot.missing.some(({ input }) => input === 'events');
  const backoff = one.refused.has('backoff')
    ? ' The autoscaler holds back after a failed scale-up; why it failed was not to be seen.'
    : isUnread
      ? ' Whether the autoscaler tried to add one is not known: events were not read.'
      : ' No scale-up was seen.';
  const lacksSlots = one.pending.some((finding) => texts(finding, 'resources').includes('pods'));
  const crowded = lacksSlots ? one.context.findings.ofCode('node-pods-full') : [];
  yield {
    ...shell(one, 'capacity-exhausted', nodesRef(one)),
    title: isUnread
      ? 'The nodes have no room left for pods that wait'
      : 'The cluster has no room left and does not grow',
    statement: `${podsText(one)} ${one.pending.length === 1 ? 'does' : 'do'} not fit on the nodes there are.${one.refused.size > 0 && !one.refused.has('backoff') ? '' : backoff}${usageText(one)}`,
    effects: [...partsOf(crowded, 'each of its pod slots is taken'), ...pendingEffects(one, 'the nodes are full')],
    weighings: [
      { observation: 'the scheduler finds too little on every node', ratio: STRENGTH.typical },
      ...(isRefused(one) ? [{ observation: 'a scale-up was tried and refused', ratio: STRENGTH.contradicted }] : []),
    ],
    evidence: evidenceOf(one, [], false),
    remediation: { class: 'add-capacity', text: 'Add nodes or switch on autoscaling, or lower requests.' },
  };
}

function* refusedOtherwise(one: Case): Iterable<Hypothesis> {
  for (const refusal of otherRefusals(one)) {
    const finding = refusalFinding(one, refusal.cause);
    yield {
      ...shell(
        one,
        `scale-up-refused-${refusal.cause}`,
        cloudRef('InstanceGroup', unique(refusal.groups).join(', ') || one.region || 'unknown'),
      ),
      title: refusal.title,
      statement: `${needText(one)}, and ${refusal.why}.`,
      effects: [
        ...partsOf(finding === undefined ? [] : [finding], refusal.why),
        ...(refusal.cause === 'cluster-limit'
          ? partsOf(one.context.findings.ofCode('node-auto-provisioning-limit-reached'), refusal.why)
          : []),
        ...pendingEffects(one, 'the node that they need does not come'),
      ],
      weighings: [{ observation: refusal.observation, ratio: refusal.ratio }],
      evidence: [...refusal.evidence, ...evidenceOf(one, [], false)].slice(0, 7),
      remediation: refusal.remediation,
    };
  }
}

const PROPOSALS: readonly Propose[] = [
  requestsExceed,
  quotaExhausted,
  stockOut,
  ipSpace,
  poolAtMaximum,
  autoscalingOff,
  nodesLost,
  refusedOtherwise,
  notEnough,
];

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function otherReason(one: Case): readonly Weighing[] {
  if (isRefused(one))
    return [{ observation: 'a scale-up was refused for a reason of its own', ratio: STRENGTH.unlikely }];
  return atMaximum(one) ? [{ observation: 'the pool is at its own maximum', ratio: STRENGTH.unlikely }] : [];
}

/** Why no right-sizing is proposed; nothing where usage is known. */
function usageText({ usageGap }: Case): string {
  return usageGap === undefined ? '' : ` Whether lower requests would do is not known: ${usageGap}.`;
}

function freedText(sized: RightSized): string {
  return `At measured use ${sized.changed} pods would give back ${Math.round(sized.freedCpuMillis / 100) / 10} CPU and ${readableBytes(sized.freedMemoryBytes)}.`;
}
