/** A node stands empty behind a taint that no pod tolerates, while pods wait. */
import { refOf, type Node, type Pod } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { isNodePod, podsOnNode, unschedulablePods } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { isTransientTaint, repellingTaints, taintText, toleratesTaint, type Taint } from '../../nodes/taints.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { podsText } from '../../wording.ts';

/** Facts: taints, pendingPods. */
export const rule: Rule = {
  code: 'node-taint-untolerated',
  title: 'Node stands empty behind a taint that nobody tolerates',
  severity: 'low',
  explanation:
    'The node has a taint that no pod of the cluster tolerates, apart from those that run on every node, and runs none of the ' +
    'workloads. Its capacity is paid for and cannot be used; while no pod waits for a node, that is only information. The rule stays silent for taints that ' +
    'Kubernetes, autoscalers and cloud providers set for a time, for the control plane, and within the grace period of a new node.',
  remediation: {
    class: 'change-placement',
    text: 'Take the taint off if its purpose is gone, or give the workload that it is kept for the toleration.',
  },
  aliases: { popeye: ['700'] },
  needs: ['nodes', 'pods'],
  *check(examination) {
    const waiting = unschedulablePods(examination).length;
    const effect =
      waiting === 0
        ? 'which no pod that was read tolerates'
        : `which no pod tolerates, while ${podsText(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for a node`;
    const tolerated = memoised((taint) => isTolerated(examination, taint));
    for (const node of livingOf(examination, 'Node')) {
      const untolerated = emptyBehind(examination, node).filter((taint) => !tolerated(taint));
      const [first] = untolerated;
      if (first === undefined) continue;
      const taints = node.spec?.taints ?? [];
      yield {
        resource: refOf(node),
        ...(waiting === 0 && { severity: 'info' }),
        message: `Node ${node.metadata.name} stands empty behind taint ${taintText(first)}, ${effect}.`,
        evidence: untolerated.map((taint) =>
          fieldEvidence(node, `spec.taints[${taints.indexOf(taint)}]`, taintText(taint)),
        ),
        facts: { taints: untolerated.map(taintText), pendingPods: waiting },
      };
    }
  },
};

/** Lasting taints of a settled node that runs nothing but what runs everywhere. */
function emptyBehind(examination: Examination, node: Node): readonly Taint[] {
  const taints = repellingTaints(node).filter((taint) => !isTransientTaint(taint));
  const age = examination.ageMs(node.metadata.creationTimestamp) ?? Infinity;
  if (taints.length === 0 || age < examination.thresholds.graceMs) return [];
  return podsOnNode(examination, node.metadata.name).every(isNodePod) ? taints : [];
}

/** A pod that runs everywhere tolerates everything, which says nothing about the node's purpose. */
function isTolerated({ snapshot }: Examination, taint: Taint): boolean {
  return snapshot.list('Pod').some((pod: Pod) => !isNodePod(pod) && toleratesTaint(pod, taint));
}

function memoised(ask: (taint: Taint) => boolean): (taint: Taint) => boolean {
  const answers = new Map<string, boolean>();
  return (taint) => {
    const key = taintText(taint);
    const known = answers.get(key) ?? ask(taint);
    answers.set(key, known);
    return known;
  };
}
