/** A node takes no new pods, by somebody's hand. */
import { refOf, timeOf, type Node, type Pod } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { unschedulablePods } from '../../nodes/node-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText, podsText } from '../../wording.ts';

const CORDON = 'node.kubernetes.io/unschedulable';
/** The scale-down of the autoscaler cordons a node for the minutes until it is gone. */
const LEAVING = 'ToBeDeletedByClusterAutoscaler';
/** As many waiting pods are tried on the node; more would not change what is to be done. */
const PODS_TRIED = 100;

/** Facts: pendingPods (waiting pods that only the cordon keeps off the node). */
export const rule: Rule = {
  code: 'node-cordoned',
  title: 'Node is cordoned',
  severity: 'low',
  explanation:
    'spec.unschedulable keeps new pods off the node: somebody cordoned or drained it and has not lifted that. Its capacity is paid ' +
    'for and lost. It is medium while pods wait that would fit on it but for the cordon. The rule stays silent within the grace period, ' +
    'for nodes that the autoscaler is removing and for those being deleted.',
  remediation: { class: 'change-placement', text: 'Uncordon the node when the maintenance is over, or remove it.' },
  aliases: { popeye: ['711'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      if (node.spec?.unschedulable !== true || node.spec.taints?.some(({ key }) => key === LEAVING) === true) continue;
      const draft = cordoned(examination, node);
      if (draft !== undefined) yield draft;
    }
  },
};

function cordoned(examination: Examination, node: Node): FindingDraft | undefined {
  const taints = node.spec?.taints ?? [];
  const at = taints.findIndex(({ key }) => key === CORDON);
  const since = timeOf(taints[at]?.timeAdded);
  const { graceMs } = examination.thresholds;
  if (since !== undefined && examination.now - since < graceMs) return undefined;
  const { name } = node.metadata;
  const kept = unschedulablePods(examination)
    .slice(0, PODS_TRIED)
    .filter((pod) => isKeptOffByCordon(examination, pod, name));
  const waiting = kept.length === 1 ? 'waits' : 'wait';
  const first = kept[0] === undefined ? '' : ` (${podName(kept[0])}${kept.length > 1 ? ', …' : ''})`;
  return {
    resource: refOf(node),
    severity: kept.length > 0 ? 'medium' : 'low',
    message: `Node ${name} has been cordoned${forText(examination, since)}${kept.length === 0 ? '' : `, while ${podsText(kept.length)} ${waiting} that would fit on it${first}`}.`,
    evidence: [
      fieldEvidence(node, 'spec.unschedulable', true),
      ...(since === undefined
        ? []
        : [fieldEvidence(node, `spec.taints[${at}].timeAdded`, taints[at]?.timeAdded ?? '')]),
      ...(kept[0] === undefined
        ? []
        : [
            {
              kind: 'calculation' as const,
              text: `of the scheduling filters only NodeUnschedulable and the taint ${CORDON} refuse ${podName(kept[0])} on ${name}`,
            },
          ]),
    ],
    facts: { pendingPods: kept.length },
    since,
  };
}

/** The cordon refuses twice: as a field and as the taint that follows it. */
function isKeptOffByCordon({ world }: Examination, pod: Pod, node: string): boolean {
  if (world.problemOf(pod) !== undefined) return false;
  const refusals = world.refusals(pod, node);
  return (
    refusals.length > 0 &&
    refusals.every(
      ({ filter, reasons }) =>
        filter === 'NodeUnschedulable' ||
        (filter === 'TaintToleration' && reasons.every((reason) => reason.includes(CORDON))),
    )
  );
}
