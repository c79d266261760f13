/** A ReplicaSet or ReplicationController that no Deployment governs has fewer available replicas than it wants. */
import { namespacedName, refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { outageSeverity, shortfallEvidence, shortfallOf, shortfallText } from '../../workloads/shortfall.ts';
import { isStandalone, isReported, livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: desired, available, missing (pods that do not exist). */
export const rule: Rule = {
  code: 'replica-set-unavailable',
  title: 'ReplicaSet lacks available replicas',
  severity: 'high',
  explanation:
    'A ReplicaSet or ReplicationController that stands alone, or that belongs to a custom resource such as an Argo Rollout, has had fewer ' +
    'available replicas than it asks for over longer than a start takes. It is critical when none is available and a Service ' +
    'selects its pods. ReplicaSets of Deployments are judged with their Deployment. The rule stays silent for those scaled to ' +
    'zero and while the pods that are not ready are younger than the grace period.',
  remediation: {
    class: 'investigate',
    text: 'See the findings about its pods; where pods do not exist at all, see why their creation is refused.',
  },
  aliases: { k8sgpt: ['ReplicaSet'], popeye: ['1120'] },
  needs: ['replica-sets'],
  *check(examination) {
    for (const kind of ['ReplicaSet', 'ReplicationController'] as const) {
      for (const set of livingOf(examination, kind)) {
        const desired = wantedReplicas(set);
        const available = set.status?.availableReplicas ?? 0;
        if (!isReported(set) || available >= desired || !isStandalone(examination, set)) continue;
        const short = shortfallOf(examination, set, desired);
        if (short === undefined) continue;
        yield {
          resource: refOf(set),
          severity: outageSeverity(examination, set, available),
          message: `${kind} ${namespacedName(set)} has ${available} of ${desired} replicas available${forText(examination, short.since)}${shortfallText(short)}.`,
          evidence: [
            fieldEvidence(set, 'status.availableReplicas', available),
            fieldEvidence(set, 'spec.replicas', desired),
            ...shortfallEvidence(short),
          ],
          facts: { desired, available, missing: short.missing },
          since: short.since,
        };
      }
    }
  },
};
