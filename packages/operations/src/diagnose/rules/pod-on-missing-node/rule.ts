/** Pods that stand on a node which the cluster no longer has. */
import { refOf, timeOf, type Pod } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import { absenceEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';

/** Facts: node, workload. */
export const rule: Rule = {
  code: 'pod-on-missing-node',
  title: 'Pod stands on a node that does not exist',
  severity: 'medium',
  explanation:
    'The pod is bound to a node whose object is gone, so nothing runs it, while its status still shows what the node said last. The pod garbage ' +
    'collector removes such pods within minutes; where they stay, kube-controller-manager does not run or may not delete them, and ' +
    'their workload counts them as there. The rule stays silent for pods that are young, have ended or are being deleted, and where only ' +
    'part of the nodes was read: most nodes that pods stand on must be there.',
  remediation: {
    class: 'remove-object',
    text: 'Delete the pod with --force so that it is made anew, and see whether kube-controller-manager runs.',
  },
  aliases: {},
  needs: ['nodes', 'pods'],
  *check(examination) {
    const { snapshot } = examination;
    const nodes = new Set(snapshot.list('Node').map(({ metadata }) => metadata.name));
    const bound = snapshot.list('Pod').filter(({ spec }) => (spec?.nodeName ?? '') !== '');
    const used = new Set(bound.map(({ spec }) => spec?.nodeName ?? ''));
    const missing = [...used].filter((name) => !nodes.has(name));
    // A dump of some nodes only says nothing of the others.
    if (nodes.size === 0 || missing.length === 0 || missing.length * 2 > used.size) return;
    const isLost = (pod: Pod): boolean =>
      !nodes.has(pod.spec?.nodeName ?? '') && isLiving(pod) && !isNew(examination, pod);
    for (const pod of inOrder(bound.filter(isLost))) {
      if (!examination.judges(pod.metadata.namespace ?? '')) continue;
      const node = pod.spec?.nodeName ?? '';
      yield {
        resource: refOf(pod),
        message: `Pod ${podName(pod)} stands on node ${node}, which does not exist.`,
        evidence: [
          fieldEvidence(pod, 'spec.nodeName', node),
          absenceEvidence('Node', '', node, 'not among the nodes of the cluster'),
        ],
        facts: { node, workload: workloadKey(examination, pod) },
      };
    }
  },
};

/** Nodes and pods are read one after the other, and a new node may come between. */
function isNew(examination: Examination, { metadata, status }: Pod): boolean {
  return isWithinGrace(examination, timeOf(status?.startTime ?? metadata.creationTimestamp));
}
