/** An autoscaler that its own behaviour holds back. */
import { refOf, timeOf } from '@aia/cluster';
import { autoscalerName, autoscalers } from '../../workloads/autoscalers.ts';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** The maximum has a rule of its own; at the minimum an autoscaler is at rest. */
const ELSEWHERE: ReadonlySet<string> = new Set(['TooManyReplicas', 'TooFewReplicas']);

/** Facts: reason (`ScaleUpLimit`, `ScaleDownLimit`, …). */
export const rule: Rule = {
  code: 'hpa-scaling-limited',
  title: 'Autoscaler is held back',
  severity: 'info',
  explanation:
    'The condition ScalingLimited is True for another reason than the maximum: the rate at which the autoscaler may change replicas (its ' +
    'behaviour) spreads the change over time. That is a setting and passes. The rule stays silent at the minimum, and at the ' +
    'maximum, which hpa-at-maximum reports.',
  remediation: { class: 'none', text: 'Loosen spec.behavior if the workload has to follow its load faster.' },
  aliases: { k8sgpt: ['HPA/1'] },
  needs: [],
  *check(examination) {
    for (const { hpa } of autoscalers(examination)) {
      const limited = conditionOf(hpa.status?.conditions, 'ScalingLimited');
      const { reason = '', message = '' } = limited ?? {};
      if (limited?.status !== 'True' || ELSEWHERE.has(reason)) continue;
      yield {
        resource: refOf(hpa),
        message: `${autoscalerName(hpa)} is held back: ${briefly(message) || reason || 'no reason is given'}.`,
        evidence: conditionEvidence(hpa, limited),
        facts: { reason },
        since: timeOf(limited.lastTransitionTime),
      };
    }
  },
};
