/** No node takes a pod. */
import { podRequests, refOf, timeOf, type Event, type Pod } from '@aia/cluster';
import { conditionOf, type FoundCondition } from '../../conditions.ts';
import { isSettled } from '../../pods/container-state.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import type { SchedulingMessage } from '../../messages/message.ts';
import { hasNode } from '../../nodes/node-pods.ts';
import { parseScheduling } from '../../messages/scheduling.ts';
import { podName, requestsText, workloadKey } from '../../pods/pod-wording.ts';
import { scaleUpOf, type ScaleUpAttempt } from '../../nodes/scale-up.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** A node that was asked for needs this many grace periods to come up. */
const NODE_PATIENCE = 2;

/** Facts: workload, resources, classes, nodes, scaleUp, scaleUpCause, requestCpuMillis, requestMemoryBytes. */
export const rule: Rule = {
  code: 'pod-unschedulable',
  title: 'No node takes the pod',
  severity: 'high',
  explanation:
    'The scheduler finds no node for the pod. The classes say why: capacity (too little cpu, memory or another resource left ' +
    'besides what is requested already), taint, affinity, inter-pod, spread, claim or volume (storage that is not there or is ' +
    'bound to another zone). Where the cluster autoscaler was asked for a node and refused, the scaleUp facts and events say so. ' +
    "The pod's condition is the source and outlives the events; where neither is there, no scheduler has looked at the pod. The " +
    'rule stays silent during the grace period, and for ten minutes after a scale-up was triggered.',
  remediation: {
    class: 'add-capacity',
    text: 'Lower requests that exceed usage, add or resize nodes, or relax the placement rule that the message names.',
  },
  aliases: { k8sgpt: ['Pod/1'], popeye: ['207'], mixin: ['KubePodNotReady'] },
  needs: [],
  *check(examination) {
    for (const pod of examination.troubledPods) {
      if (!isUnscheduled(pod) || !isSettled(examination, pod)) continue;
      const scaleUp = scaleUpOf(examination, pod);
      const isComing =
        scaleUp.outcome === 'triggered' &&
        examination.now - (scaleUp.at ?? 0) < NODE_PATIENCE * examination.thresholds.graceMs;
      if (!isComing) yield unschedulable(examination, pod, scaleUp);
    }
  },
};

/** Gated pods have a rule of their own. */
function isUnscheduled(pod: Pod): boolean {
  if (pod.status?.phase !== 'Pending' || hasNode(pod)) return false;
  const condition = scheduledOf(pod);
  return condition === undefined
    ? (pod.spec?.schedulingGates ?? []).length === 0
    : condition.reason === 'Unschedulable'
      ? condition.status !== 'True'
      : condition.status === 'False' && condition.reason !== 'SchedulingGated';
}

function scheduledOf({ status }: Pod): FoundCondition | undefined {
  return conditionOf(status?.conditions, 'PodScheduled');
}

function unschedulable(examination: Examination, pod: Pod, scaleUp: ScaleUpAttempt): FindingDraft {
  const [event] = examination.warnings(pod, 'FailedScheduling') as readonly (Event | undefined)[];
  const found = scheduledOf(pod);
  const text = found?.message ?? event?.message ?? '';
  const said = parseScheduling(text);
  const requests = podRequests(pod);
  const since = timeOf(found?.lastTransitionTime ?? pod.metadata.creationTimestamp);
  const classes = classesOf(said);
  const asks = classes.includes('capacity') ? ` (it asks for ${requestsText(requests)})` : '';
  return {
    resource: refOf(pod),
    message: `No node has taken pod ${podName(pod)}${forText(examination, since)}${asks}: ${reasonWords(said, text)}${scaleUpWords(scaleUp)}`,
    evidence: [
      ...(found === undefined
        ? [fieldEvidence(pod, 'status.phase', 'Pending')]
        : [fieldEvidence(pod, `${found.path}.message`, text === '' ? (found.reason ?? 'False') : text)]),
      ...[...(event === undefined ? [] : [event]), ...scaleUp.events].map(eventEvidence),
    ],
    facts: knownFacts({
      workload: workloadKey(examination, pod),
      resources: resourcesOf(said),
      classes,
      nodes: said?.total,
      scaleUp: scaleUp.outcome,
      scaleUpCause: scaleUp.cause,
      requestCpuMillis: requests.cpuMillis,
      requestMemoryBytes: requests.memoryBytes,
    }),
    since,
  };
}

function reasonsOf(said: SchedulingMessage | undefined) {
  if (said === undefined) return [];
  return said.prefilter === undefined ? said.reasons : [said.prefilter, ...said.reasons];
}

function classesOf(said: SchedulingMessage | undefined): readonly string[] {
  return [...new Set(reasonsOf(said).map((reason) => reason.class))].sort();
}

function resourcesOf(said: SchedulingMessage | undefined): readonly string[] {
  return [...new Set(reasonsOf(said).flatMap(({ resource }) => resource ?? []))].sort();
}

function reasonWords(said: SchedulingMessage | undefined, text: string): string {
  if (text === '') return 'no scheduler has looked at it';
  if (said === undefined) return briefly(text);
  if (said.prefilter !== undefined) return said.prefilter.text;
  if (said.reasons.length === 0) return said.total === 0 ? 'there are no nodes' : briefly(text);
  const reasons = said.reasons.toSorted((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)).slice(0, 4);
  return `of ${said.total} ${said.total === 1 ? 'node' : 'nodes'}, ${reasons.map((reason) => `${reason.count} ${reason.text}`).join(', ')}`;
}

function scaleUpWords({ outcome, cause }: ScaleUpAttempt): string {
  const because = cause === undefined ? '' : ` (${cause})`;
  switch (outcome) {
    case 'failed':
      return `; scale-up failed${because}`;
    case 'not-triggered':
      return `; no scale-up was tried${because}`;
    case 'triggered':
      return '; a scale-up was triggered but has not helped';
    default:
      return '';
  }
}
