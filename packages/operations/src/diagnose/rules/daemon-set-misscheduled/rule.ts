/** Pods of a DaemonSet run on nodes where they should not. */
import { refOf, type DaemonSet } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { livingPodsOf } from '../../workloads/shortfall.ts';
import { repellingTaints, toleratesTaint } from '../../nodes/taints.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: misscheduled, nodes (those whose taint tells; may be fewer). */
export const rule: Rule = {
  code: 'daemon-set-misscheduled',
  title: 'DaemonSet runs where it should not',
  severity: 'low',
  explanation:
    'Nodes that no longer match the DaemonSet still run its pods, most often because a NoSchedule taint came after the pods did, ' +
    'which lets them stay. They keep using the node, and will not come back once they end. The rule stays silent for young ' +
    'DaemonSets and while pods of the set are being deleted.',
  remediation: {
    class: 'change-placement',
    text: 'Add the toleration if the pods belong there, else delete them from these nodes.',
  },
  aliases: { mixin: ['KubeDaemonSetMisScheduled'] },
  needs: ['kind:apps/DaemonSet'],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    for (const set of livingOf(examination, 'DaemonSet')) {
      const count = set.status?.numberMisscheduled ?? 0;
      if (count === 0 || (examination.ageMs(set.metadata.creationTimestamp) ?? Infinity) < thresholds.graceMs) continue;
      if (snapshot.ownedBy(set).some(({ metadata }) => metadata.deletionTimestamp !== undefined)) continue;
      const nodes = repellingNodes(examination, set);
      const { namespace = '', name } = set.metadata;
      yield {
        resource: refOf(set),
        message: `DaemonSet ${namespace}/${name} runs on ${count === 1 ? '1 node' : `${count} nodes`} where it should not${nodes.length === 0 ? '' : ` (${nodes.slice(0, 3).join(', ')}${nodes.length > 3 ? ', …' : ''})`}.`,
        evidence: [fieldEvidence(set, 'status.numberMisscheduled', count)],
        facts: { misscheduled: count, nodes },
      };
    }
  },
};

function repellingNodes(examination: Examination, set: DaemonSet): readonly string[] {
  const { snapshot } = examination;
  const repelled = livingPodsOf(examination, set).filter((pod) => {
    const node = snapshot.get('Node', '', pod.spec?.nodeName ?? '');
    return node !== undefined && repellingTaints(node).some((taint) => !toleratesTaint(pod, taint));
  });
  return unique(repelled.map(({ spec }) => spec?.nodeName ?? ''));
}
