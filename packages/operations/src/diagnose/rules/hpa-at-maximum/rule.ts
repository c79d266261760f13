/** An autoscaler that would add replicas and may not. */
import { refOf, timeOf } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import {
  autoscalerName,
  autoscalers,
  leastReplicas,
  targetKey,
  type AutoscalerCase,
} from '../../workloads/autoscalers.ts';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { forText } from '../../wording.ts';

/** Facts: replicas, maximum, limited (whether it would go higher), workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-at-maximum',
  title: 'Autoscaler is at its maximum',
  severity: 'medium',
  explanation:
    'The autoscaler would run more replicas than maxReplicas allows (ScalingLimited with TooManyReplicas), so the workload is short of ' +
    'capacity while its load lasts, or more pods do not bring the metric down. It is low where it stands at its maximum and wants no more, ' +
    'and information where minimum and maximum are the same. The rule stays silent for what is younger than the grace period and for targets that are missing.',
  remediation: {
    class: 'add-capacity',
    text: 'Raise maxReplicas if the cluster has room, or see why more pods do not help (they are not ready, or another part is the bottleneck).',
  },
  aliases: { k8sgpt: ['HPA/1'], mixin: ['KubeHpaMaxedOut'] },
  needs: [],
  *check(examination) {
    for (const one of autoscalers(examination)) {
      const limited = conditionOf(one.hpa.status?.conditions, 'ScalingLimited');
      const wantsMore = limited?.status === 'True' && limited.reason === 'TooManyReplicas';
      const { maxReplicas: maximum = 0 } = one.hpa.spec ?? {};
      const replicas = one.hpa.status?.currentReplicas ?? 0;
      const isFull = maximum > leastReplicas(one.hpa) && replicas >= maximum;
      if (!wantsMore && !isFull) continue;
      const since = wantsMore ? timeOf(limited.lastTransitionTime) : timeOf(one.hpa.status?.lastScaleTime);
      if (isWithinGrace(examination, since) || one.target.state === 'absent') continue;
      yield draftOf(examination, one, wantsMore ? limited : undefined, since);
    }
  },
};

function draftOf(
  examination: Examination,
  one: AutoscalerCase,
  limited: FoundCondition | undefined,
  since: number | undefined,
): FindingDraft {
  const { hpa } = one;
  const { maxReplicas: maximum = 0 } = hpa.spec ?? {};
  const replicas = hpa.status?.currentReplicas ?? 0;
  return {
    resource: refOf(hpa),
    severity: severityOf(one, limited),
    message: `${autoscalerName(hpa)} ${limited === undefined ? 'runs' : 'would run more than'} its maximum of ${maximum} replicas${forText(examination, since)}.`,
    evidence: [
      ...(limited === undefined ? [] : conditionEvidence(hpa, limited)),
      fieldEvidence(hpa, 'spec.maxReplicas', maximum),
      fieldEvidence(hpa, 'status.currentReplicas', replicas),
    ],
    facts: knownFacts({ replicas, maximum, limited: limited !== undefined, workload: targetKey(one) }),
    since,
  };
}

function severityOf({ hpa }: AutoscalerCase, limited: FoundCondition | undefined): Severity {
  if (limited === undefined) return 'low';
  return leastReplicas(hpa) >= (hpa.spec?.maxReplicas ?? 0) ? 'info' : 'medium';
}
