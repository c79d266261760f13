/** An autoscaler that cannot read or change the scale of its target. */
import { refOf, timeOf } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import { autoscalerName, autoscalers, isOutOfReach, targetKey } from '../../workloads/autoscalers.ts';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';
import { knownFacts } from '../../finding.ts';

/** Until 1.17 a pause between two changes was False too. */
const PAUSES: ReadonlySet<string> = new Set(['BackoffBoth', 'BackoffDownscale', 'BackoffUpscale']);

/** Facts: reason (`FailedGetScale`, `FailedUpdateScale`, …), workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-unable-to-scale',
  title: 'Autoscaler cannot scale its target',
  severity: 'high',
  explanation:
    'The condition AbleToScale is False: the controller cannot read or change the scale of the target, because it is refused, the API does not ' +
    'answer or the change is invalid. The rule stays silent where the target does not exist or cannot be scaled, which has findings ' +
    'of its own, during pauses between two changes, and for what is younger than the grace period.',
  remediation: {
    class: 'investigate',
    text: 'See whether the controller may read and change the scale of the target, as the message says.',
  },
  aliases: { k8sgpt: ['HPA/1'] },
  needs: [],
  *check(examination) {
    for (const one of autoscalers(examination)) {
      const { hpa, target } = one;
      const able = conditionOf(hpa.status?.conditions, 'AbleToScale');
      if (able?.status !== 'False' || PAUSES.has(able.reason ?? '')) continue;
      const since = timeOf(able.lastTransitionTime);
      if (isOutOfReach(target) || isWithinGrace(examination, since)) continue;
      const { reason = '', message = '' } = able;
      yield {
        resource: refOf(hpa),
        message: `${autoscalerName(hpa)} cannot scale its target${forText(examination, since)}: ${briefly(message) || reason || 'no reason is given'}.`,
        evidence: conditionEvidence(hpa, able),
        facts: knownFacts({ reason, workload: targetKey(one) }),
        since,
      };
    }
  },
};
