/** A pod is held back from scheduling by a gate that nobody has lifted. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { isSettled } from '../../pods/container-state.ts';
import { fieldEvidence } from '../../examination.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { forText, listText } from '../../wording.ts';

/** Facts: workload, gates. */
export const rule: Rule = {
  code: 'pod-scheduling-gated',
  title: 'Pod is held back by scheduling gates',
  severity: 'low',
  explanation:
    'A scheduling gate in the pod keeps the scheduler from looking at it until whoever set the gate removes it; queueing systems ' +
    'such as Kueue do this on purpose while a quota is used up. It is worth a look when nobody is going to remove the gate. The ' +
    'rule stays silent during the grace period.',
  remediation: {
    class: 'investigate',
    text: 'Find out which controller owns the gate and whether it is running and has capacity to give.',
  },
  aliases: { k8sgpt: ['Pod/2'], popeye: ['207'] },
  needs: [],
  *check(examination) {
    for (const pod of examination.troubledPods) {
      const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
      if (scheduled?.status !== 'False' || scheduled.reason !== 'SchedulingGated') continue;
      if (!isSettled(examination, pod)) continue;
      const gates = (pod.spec?.schedulingGates ?? []).map(({ name }) => name);
      const since = timeOf(pod.metadata.creationTimestamp);
      const named =
        gates.length === 0 ? 'a scheduling gate' : `the ${gates.length === 1 ? 'gate' : 'gates'} ${listText(gates)}`;
      yield {
        resource: refOf(pod),
        message: `Pod ${podName(pod)} has been held back from scheduling${forText(examination, since)} by ${named}`,
        evidence: [
          fieldEvidence(pod, `${scheduled.path}.reason`, 'SchedulingGated'),
          ...gates.map((name, i) => fieldEvidence(pod, `spec.schedulingGates[${i}].name`, name)),
        ],
        facts: { workload: workloadKey(examination, pod), gates },
        since,
      };
    }
  },
};
