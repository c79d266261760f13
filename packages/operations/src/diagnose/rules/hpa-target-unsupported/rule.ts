/** An autoscaler whose target is of a kind that cannot be scaled. */
import { refOf } from '@aia/cluster';
import { autoscalerName, autoscalers } from '../../workloads/autoscalers.ts';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';

/** Facts: kind (empty when none is named). */
export const rule: Rule = {
  code: 'hpa-target-unsupported',
  title: 'Target of autoscaler cannot be scaled',
  severity: 'high',
  explanation:
    'The scaleTargetRef of the HorizontalPodAutoscaler names a kind without a scale subresource (a DaemonSet, a Job, a Pod), a kind or version that the cluster does not ' +
    'know, or nothing at all. Deployments, StatefulSets, ReplicaSets and ReplicationControllers can be scaled, and custom resources whose ' +
    'definition has a scale subresource. The rule stays silent for custom kinds whose definition was not read.',
  remediation: {
    class: 'restore-configuration',
    text: 'Name apiVersion, kind and name of a workload that has replicas.',
  },
  aliases: { k8sgpt: ['HPA/2'] },
  needs: [],
  *check(examination) {
    for (const { hpa, target } of autoscalers(examination)) {
      if (target.state !== 'unsupported') continue;
      const kind = target.ref?.kind ?? '';
      yield {
        resource: refOf(hpa),
        message: `${autoscalerName(hpa)} cannot scale its target: ${target.why}.`,
        evidence: [fieldEvidence(hpa, 'spec.scaleTargetRef.kind', kind)],
        facts: { kind },
      };
    }
  },
};
