/** node-problem-detector or a provider's agent has found a fault of a node. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence } from '../../conditions.ts';
import { nodeConditions } from '../../nodes/node-conditions.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: condition, reason. */
export const rule: Rule = {
  code: 'node-problem',
  title: 'Node has a known problem',
  severity: 'medium',
  explanation:
    'A condition that AIA knows, beyond those of Kubernetes itself, reports a fault: a kernel deadlock, a file system that turned ' +
    'read-only, a kubelet or container runtime that restarts again and again (node-problem-detector), or a part that is not ready (EKS ' +
    'node monitoring). Pods on the node may fail in ways that their own states do not explain. The rule stays silent for conditions that are Unknown, as all are on a node that has stopped reporting, and for types that it does not know (node-condition-unknown).',
  remediation: { class: 'repair-node', text: 'Drain the node and replace it, or repair what the message names.' },
  aliases: { k8sgpt: ['Node'], popeye: ['701'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      for (const condition of nodeConditions(node, 'problem')) {
        const since = timeOf(condition.lastTransitionTime);
        const why = briefly(condition.message ?? '') || condition.reason || 'no reason given';
        yield {
          resource: refOf(node),
          part: condition.type,
          message: `Node ${node.metadata.name} has reported ${condition.type} ${condition.status}${forText(examination, since)}: ${why}.`,
          evidence: conditionEvidence(node, condition),
          facts: { condition: condition.type, reason: condition.reason ?? '' },
          since,
        };
      }
    }
  },
};
