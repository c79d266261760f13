/** A node is short of memory, disk or process ids. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence } from '../../conditions.ts';
import { nodeConditions } from '../../nodes/node-conditions.ts';
import { podsOnNode } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText, podsText } from '../../wording.ts';

const SHORT_OF: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'disk space',
  PIDPressure: 'process ids',
  OutOfDisk: 'disk space',
};

/** Facts: condition, reason, pods (unfinished ones on the node). */
export const rule: Rule = {
  code: 'node-pressure',
  title: 'Node is under pressure',
  severity: 'high',
  explanation:
    'The kubelet has found memory, disk or process ids of the node below its eviction threshold: it takes no new pods and evicts ' +
    'those that use more than they request. The condition stays for five minutes after the shortage ends. A condition that is ' +
    'Unknown belongs to a node that has stopped reporting and is left to node-not-ready. The rule stays silent for nodes that are being deleted.',
  remediation: {
    class: 'repair-node',
    text: 'Find what fills the node (pods without limits, images, logs, emptyDirs) and free or limit it, or use larger nodes.',
  },
  aliases: { k8sgpt: ['Node'], popeye: ['703', '704', '705', '706'], mixin: ['KubeNodePressure', 'KubeNodeEviction'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      for (const condition of nodeConditions(node, 'pressure')) {
        const since = timeOf(condition.lastTransitionTime);
        const { name } = node.metadata;
        const pods = podsOnNode(examination, name).length;
        yield {
          resource: refOf(node),
          part: condition.type,
          message: `Node ${name} has been short of ${SHORT_OF[condition.type] ?? condition.type}${forText(examination, since)}${pods === 0 ? '' : ` and may evict its ${podsText(pods)}`} (${condition.type}).`,
          evidence: conditionEvidence(node, condition),
          facts: { condition: condition.type, reason: condition.reason ?? '', pods },
          since,
        };
      }
    }
  },
};
