/** A StatefulSet has fewer available replicas than it wants. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { outageSeverity, shortfallEvidence, shortfallOf, shortfallText } from '../../workloads/shortfall.ts';
import { isReported, livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: desired, available, updated, missing (pods that do not exist). */
export const rule: Rule = {
  code: 'stateful-set-unavailable',
  title: 'StatefulSet lacks available replicas',
  severity: 'high',
  explanation:
    'The StatefulSet has had fewer available replicas than it asks for over longer than a start takes. With the default, ordered ' +
    'pod management one pod that does not become ready holds back all those after it, so the first one named is the one to look at. It is ' +
    'critical when none is available and a Service selects its pods. The rule stays silent for sets scaled to zero, while the pods ' +
    'that are not ready are younger than the grace period, and while a pod is being replaced.',
  remediation: {
    class: 'investigate',
    text: 'See the findings about the first pod that is not ready: its volume claim, its placement, its log.',
  },
  aliases: { k8sgpt: ['StatefulSet/3'], popeye: ['501', '508'], mixin: ['KubeStatefulSetReplicasMismatch'] },
  needs: ['kind:apps/StatefulSet'],
  *check(examination) {
    for (const set of livingOf(examination, 'StatefulSet')) {
      const { status } = set;
      if (status === undefined || !isReported(set)) continue;
      const desired = wantedReplicas(set);
      // Clusters before 1.22 do not count available replicas.
      const available = status.availableReplicas ?? status.readyReplicas ?? 0;
      const short = available < desired ? shortfallOf(examination, set, desired) : undefined;
      if (short === undefined) continue;
      const { namespace = '', name } = set.metadata;
      yield {
        resource: refOf(set),
        severity: outageSeverity(examination, set, available),
        message: `StatefulSet ${namespace}/${name} has ${available} of ${desired} replicas available${forText(examination, short.since)}${shortfallText(short)}.`,
        evidence: [
          fieldEvidence(set, 'status.availableReplicas', available),
          fieldEvidence(set, 'spec.replicas', desired),
          ...shortfallEvidence(short),
        ],
        facts: { desired, available, updated: status.updatedReplicas ?? 0, missing: short.missing },
        since: short.since,
      };
    }
  },
};
