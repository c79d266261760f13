/** A node is not ready, or has stopped reporting. */
import { refOf, timeOf, type Node } from '@aia/cluster';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isNodePod, podsOnNode, boundText } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: reason, pods (unfinished ones on the node), reporting (whether the kubelet still posts its status). */
export const rule: Rule = {
  code: 'node-not-ready',
  title: 'Node is not ready',
  severity: 'critical',
  explanation:
    'The Ready condition has not been True for longer than the grace period. False means that the kubelet reports a fault (container ' +
    'runtime, network plugin); Unknown means that it has stopped reporting: the machine is gone, hung or cut off. Its pods are ' +
    'evicted after five minutes by default, those of StatefulSets stay until the node is back or removed. It is critical while pods of workloads are bound to the node, and high when it ' +
    'carries nothing but the pods that run on every node. The rule stays silent ' +
    'for nodes that are being deleted and for new ones within the grace period.',
  remediation: {
    class: 'repair-node',
    text: 'See the kubelet and the machine; drain and replace the node when it does not come back.',
  },
  aliases: { k8sgpt: ['Node'], popeye: ['702'], mixin: ['KubeNodeNotReady', 'KubeNodeUnreachable'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      // Manifests and providers that keep no status say nothing about health.
      if (node.status?.conditions === undefined) continue;
      const draft = notReady(examination, node);
      if (draft !== undefined) yield draft;
    }
  },
};

function notReady(examination: Examination, node: Node): FindingDraft | undefined {
  const ready = conditionOf(node.status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  const since = timeOf(ready?.lastTransitionTime) ?? timeOf(node.metadata.creationTimestamp);
  if (since !== undefined && examination.now - since < examination.thresholds.graceMs) return undefined;
  const { name } = node.metadata;
  const bound = podsOnNode(examination, name);
  const pods = bound.length;
  const why = briefly(ready?.message ?? '') || ready?.reason || 'it has never posted its status';
  return {
    resource: refOf(node),
    severity: bound.every(isNodePod) ? 'high' : 'critical',
    message: `Node ${name} has not been ready${forText(examination, since)} (${why})${boundText(examination, pods)}.`,
    evidence:
      ready === undefined
        ? [fieldEvidence(node, 'status.conditions', 'no Ready condition')]
        : conditionEvidence(node, ready),
    facts: { reason: ready?.reason ?? 'NodeStatusNeverUpdated', pods, reporting: ready?.status === 'False' },
    since,
  };
}
