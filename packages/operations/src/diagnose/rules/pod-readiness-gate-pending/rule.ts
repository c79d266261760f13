/** All containers are ready, but a readiness gate of the pod is not. */
import { refOf, timeOf, type Pod } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { isSettled } from '../../pods/container-state.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { forText, listText } from '../../wording.ts';

/** Facts: workload, gates (those that are not met). */
export const rule: Rule = {
  code: 'pod-readiness-gate-pending',
  title: 'Pod waits for a readiness gate',
  severity: 'medium',
  explanation:
    'The containers are ready, but the pod also waits for a condition that something outside sets: a load balancer that has to ' +
    'find it healthy (cloud.google.com/load-balancer-neg-ready), a mesh or an operator. Until then it gets no traffic from ' +
    'Services and rollouts stand still. The rule stays silent until the containers have been ready for the grace period.',
  remediation: {
    class: 'investigate',
    text: 'See the controller that sets the condition: the load balancer and its health check, or the operator.',
  },
  aliases: { popeye: ['204'], mixin: ['KubePodNotReady'] },
  needs: [],
  *check(examination) {
    for (const pod of examination.troubledPods) {
      const gates = pod.spec?.readinessGates;
      if (gates === undefined || gates.length === 0 || !isSettled(examination, pod)) continue;
      const draft = pending(examination, pod);
      if (draft !== undefined) yield draft;
    }
  },
};

function pending(examination: Examination, pod: Pod): FindingDraft | undefined {
  const of = (type: string) => conditionOf(pod.status?.conditions, type);
  const containers = of('ContainersReady');
  const since = timeOf(containers?.lastTransitionTime);
  if (containers?.status !== 'True' || of('Ready')?.status !== 'False') return undefined;
  if (since !== undefined && examination.now - since <= examination.thresholds.graceMs) return undefined;
  const gates = (pod.spec?.readinessGates ?? [])
    .flatMap(({ conditionType: type }) => type ?? [])
    .filter((type) => of(type)?.status !== 'True');
  if (gates.length === 0) return undefined;
  return {
    resource: refOf(pod),
    message: `Pod ${podName(pod)} has had ready containers${forText(examination, since)} but waits for readiness gate ${listText(gates)}`,
    evidence: [
      fieldEvidence(pod, `${containers.path}.status`, 'True'),
      ...gates.map((type) => {
        const gate = of(type);
        return gate === undefined
          ? fieldEvidence(pod, 'status.conditions', `no ${type}`)
          : fieldEvidence(pod, `${gate.path}.status`, gate.status);
      }),
    ],
    facts: { workload: workloadKey(examination, pod), gates },
    since,
  };
}
