/** A node runs as many pods as it may. */
import { amountOf, refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import { podsOnNode } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: pods, limit. */
export const rule: Rule = {
  code: 'node-pods-full',
  title: 'Node has no room for another pod',
  severity: 'medium',
  explanation:
    'The node runs as many pods as its kubelet allows (allocatable pods; 110 by default, fewer where its address range is small). No ' +
    'further pod is scheduled there, however much CPU and memory is left: `Too many pods`. Finished pods do not count. The rule stays silent where the node does not say how many pods it may run.',
  remediation: {
    class: 'add-capacity',
    text: 'Add a node, or nodes with a higher maximum of pods and the addresses for it.',
  },
  aliases: { mixin: ['KubeletTooManyPods'], gcpdiag: ['gke/WARN/2023_004'] },
  needs: ['nodes', 'pods'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      const written = node.status?.allocatable?.['pods'] ?? node.status?.capacity?.['pods'];
      const limit = written === undefined ? undefined : amountOf('pods', written);
      if (written === undefined || limit === undefined || limit <= 0) continue;
      const pods = podsOnNode(examination, node.metadata.name).length;
      if (pods < limit) continue;
      yield {
        resource: refOf(node),
        message: `Node ${node.metadata.name} runs ${pods} of at most ${limit} pods and takes no further one.`,
        evidence: [
          fieldEvidence(node, 'status.allocatable.pods', written),
          {
            kind: 'calculation',
            text: `${pods} pods with spec.nodeName ${node.metadata.name} are neither Succeeded nor Failed`,
          },
        ],
        facts: { pods, limit },
      };
    }
  },
};
