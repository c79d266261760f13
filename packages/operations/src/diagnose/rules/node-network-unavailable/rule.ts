/** The network of a node is not set up. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence } from '../../conditions.ts';
import { nodeConditions } from '../../nodes/node-conditions.ts';
import { podsOnNode, boundText } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: reason, pods (unfinished ones on the node). */
export const rule: Rule = {
  code: 'node-network-unavailable',
  title: 'Network of a node is unavailable',
  severity: 'high',
  explanation:
    'The cloud or the network plugin says that the network of the node is not configured: no route was created (NoRouteCreated, ' +
    'often a quota on routes), or the agent of the plugin does not run there. The node takes no pods, and those on it are not ' +
    'reachable. The rule stays silent within the grace period, as every new node starts like this.',
  remediation: {
    class: 'repair-network',
    text: "See the network plugin's pod on the node, and the cloud's routes and their quota.",
  },
  aliases: { k8sgpt: ['Node'], popeye: ['707'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      for (const condition of nodeConditions(node, 'network')) {
        const since = timeOf(condition.lastTransitionTime) ?? timeOf(node.metadata.creationTimestamp);
        if (since !== undefined && examination.now - since < examination.thresholds.graceMs) continue;
        const { name } = node.metadata;
        const pods = podsOnNode(examination, name).length;
        const why = briefly(condition.message ?? '') || condition.reason || 'no reason given';
        yield {
          resource: refOf(node),
          message: `The network of node ${name} has been unavailable${forText(examination, since)} (${why})${boundText(examination, pods)}.`,
          evidence: conditionEvidence(node, condition),
          facts: { reason: condition.reason ?? '', pods },
          since,
        };
      }
    }
  },
};
