/** An autoscaler whose target does not exist. */
import { refKey, refOf, refText } from '@aia/cluster';
import { autoscalerName, autoscalers } from '../../workloads/autoscalers.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';

/** Facts: workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-target-missing',
  title: 'Target of autoscaler does not exist',
  severity: 'high',
  explanation:
    'The scaleTargetRef of the HorizontalPodAutoscaler names a workload that does not exist in its namespace, so nothing is scaled: it was ' +
    'renamed, deleted, or the name is misspelt. It is low where the target is merely not among what was read. The rule stays silent ' +
    'for autoscalers younger than the grace period, and where the autoscaler itself says that it could read its target.',
  remediation: {
    class: 'restore-configuration',
    text: 'Name the workload that should be scaled, or delete the autoscaler with the workload.',
  },
  aliases: {
    k8sgpt: ['HPA/1', 'HPA/3'],
    popeye: ['600'],
    kubescape: ['C-0300'],
    'kube-score': ['horizontalpodautoscaler-has-target'],
    'kube-linter': ['dangling-horizontalpodautoscaler'],
  },
  needs: [],
  *check(examination) {
    for (const { hpa, target } of autoscalers(examination)) {
      if (target.state !== 'absent') continue;
      const { ref, absence } = target;
      const isLikely = absence === 'likely';
      const what = isLikely ? 'is not among what was read' : 'does not exist';
      yield {
        resource: refOf(hpa),
        severity: isLikely ? 'low' : 'high',
        message: `${autoscalerName(hpa)} scales ${refText(ref)}, which ${what}.`,
        evidence: [
          fieldEvidence(hpa, 'spec.scaleTargetRef.name', ref.name),
          absenceEvidence(ref.kind, ref.namespace, ref.name, `${refText(ref)} ${what}`, ref.group),
        ],
        facts: { workload: refKey(ref) },
      };
    }
  },
};
