/** A node has a condition that AIA does not know and that may mean a fault. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import { nodeConditions } from '../../nodes/node-conditions.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly } from '../../wording.ts';

/** Facts: condition, status, reason. */
export const rule: Rule = {
  code: 'node-condition-unknown',
  title: 'Node has an unfamiliar condition',
  severity: 'info',
  explanation:
    'A controller has set a condition whose meaning AIA does not know, and it is Unknown, True without a name that ' +
    'speaks of health, or False with one (a …Ready or …Voter that is False). This is information: whether it is a fault only its author can say. ' +
    'Unfamiliar conditions that sound fine are not mentioned, nor is anything of a node that has stopped reporting.',
  remediation: { class: 'none', text: 'Look up what the controller that sets the condition means by it.' },
  aliases: { k8sgpt: ['Node'], popeye: ['701'] },
  needs: ['nodes'],
  *check(examination) {
    for (const node of livingOf(examination, 'Node')) {
      // All conditions of a silent node are Unknown; node-not-ready has said it.
      if (conditionOf(node.status?.conditions, 'Ready')?.status === 'Unknown') continue;
      for (const condition of nodeConditions(node, 'unknown')) {
        const why = briefly(condition.message ?? '') || (condition.reason ?? '');
        yield {
          resource: refOf(node),
          part: condition.type,
          message: `Node ${node.metadata.name} has condition ${condition.type} ${condition.status}, which AIA does not know${why === '' ? '' : `: ${why}`}.`,
          evidence: conditionEvidence(node, condition),
          facts: { condition: condition.type, status: condition.status, reason: condition.reason ?? '' },
          since: timeOf(condition.lastTransitionTime),
        };
      }
    }
  },
};
