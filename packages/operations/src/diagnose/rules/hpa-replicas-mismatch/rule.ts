/** An autoscaler whose target does not come to the replicas that it asks for. */
import { refOf, timeOf } from '@aia/cluster';
import { autoscalerName, autoscalers, leastReplicas, targetKey, type Autoscaler } from '../../workloads/autoscalers.ts';
import { isTrue } from '../../conditions.ts';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { areAgesKnown } from '../../pods/visible-failure.ts';
import { forText } from '../../wording.ts';
import { knownFacts } from '../../finding.ts';

/** As the Kubernetes mixin has it. */
const LONG_MS = 15 * 60_000;

/** Facts: replicas, desired, workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-replicas-mismatch',
  title: 'Target of autoscaler has not the replicas asked for',
  severity: 'medium',
  explanation:
    'For more than 15 minutes the target has had another number of replicas than the autoscaler asks for: pods are refused at creation, ' +
    'or its controller does not act. The rule stays silent at minimum and maximum, within those 15 minutes, for targets that are missing or scaled to ' +
    'zero, and where the autoscaler cannot scale at all, which has a finding of its own.',
  remediation: {
    class: 'investigate',
    text: 'See why the controller of the target does not make or remove pods: a quota, a webhook, a controller that is down.',
  },
  aliases: { mixin: ['KubeHpaReplicasMismatch'] },
  needs: [],
  *check(examination) {
    if (!areAgesKnown(examination)) return;
    for (const one of autoscalers(examination)) {
      const { hpa, target } = one;
      const { currentReplicas: replicas = 0, desiredReplicas: desired = 0 } = hpa.status ?? {};
      const since = timeOf(hpa.status?.lastScaleTime);
      if (since === undefined || examination.now - since < LONG_MS) continue;
      if (!isApart(hpa) || target.state === 'absent' || target.state === 'unsupported') continue;
      yield {
        resource: refOf(hpa),
        message: `${autoscalerName(hpa)} has asked for ${desired} replicas${forText(examination, since)}, and its target has ${replicas}.`,
        evidence: [
          fieldEvidence(hpa, 'status.desiredReplicas', desired),
          fieldEvidence(hpa, 'status.currentReplicas', replicas),
        ],
        facts: knownFacts({ replicas, desired, workload: targetKey(one) }),
        since,
      };
    }
  },
};

function isApart(hpa: Autoscaler): boolean {
  const { currentReplicas: replicas, desiredReplicas: desired, conditions } = hpa.status ?? {};
  if (replicas === undefined || desired === undefined || replicas === desired) return false;
  const isWithin =
    replicas > 0 && replicas < (hpa.spec?.maxReplicas ?? 0) && (replicas > leastReplicas(hpa) || desired > replicas);
  const isAble = conditions === undefined || isTrue(conditions, 'AbleToScale');
  return isWithin && isAble;
}
