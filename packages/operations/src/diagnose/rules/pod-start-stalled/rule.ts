/** A pod has been on its node for long, no container has started, and nothing says why. */
import { refOf, timeOf, type Node, type Pod } from '@aia/cluster';
import { conditionOf, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { setupFailures } from '../../pods/pod-setup.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { forText } from '../../wording.ts';

/** A very large image takes this many grace periods to pull. */
const PATIENCE = 3;

/** Facts: workload, node, nodeReady. */
export const rule: Rule = {
  code: 'pod-start-stalled',
  title: 'Pod does not start, for no visible reason',
  severity: 'medium',
  explanation:
    'The pod was assigned to a node, its containers are still being created, and neither an event nor a missing object explains ' +
    'it. Events live for one hour and may not have been read; a kubelet that is down reports nothing at all, and a very large ' +
    'image takes its time. The rule waits for three grace periods (15 minutes) and stays silent where pod-volume-mount-failed, ' +
    'pod-sandbox-failed or a finding about a container says more.',
  remediation: {
    class: 'investigate',
    text: "See the node's condition and the kubelet's log, and describe the pod while its events are fresh.",
  },
  aliases: { k8sgpt: ['Pod/4'], popeye: ['202', '203', '207'], mixin: ['KubePodNotReady', 'KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const [pod, failure] of setupFailures(examination)) {
      if (failure.kind !== 'nothing' || pod.status?.phase !== 'Pending') continue;
      const since = waitingSince(pod);
      if (since !== undefined && examination.now - since < PATIENCE * examination.thresholds.graceMs) continue;
      yield stalled(examination, pod, since);
    }
  },
};

/** The pod's start, or the end of its last init container; an init container that failed is being restarted. */
function waitingSince({ metadata, status }: Pod): number | undefined {
  const ends = (status?.initContainerStatuses ?? []).map(({ state }) => timeOf(state?.terminated?.finishedAt));
  const times = [timeOf(status?.startTime ?? metadata.creationTimestamp), ...ends].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

function stalled(examination: Examination, pod: Pod, since: number | undefined): FindingDraft {
  const name = pod.spec?.nodeName ?? '';
  const node = examination.snapshot.get('Node', '', name);
  const ready = conditionOf(node?.status?.conditions, 'Ready');
  const why = ready === undefined || ready.status === 'True' ? 'no event says why' : 'the node is not ready';
  return {
    resource: refOf(pod),
    message: `Pod ${podName(pod)} has been on node ${name}${forText(examination, since)} and none of its containers has started; ${why}`,
    evidence: [...waiting(pod), ...readiness(node, ready)],
    facts: knownFacts({
      workload: workloadKey(examination, pod),
      node: name,
      nodeReady: ready === undefined ? undefined : ready.status === 'True',
    }),
    since,
  };
}

function waiting(pod: Pod): readonly Evidence[] {
  const reasons = (pod.status?.containerStatuses ?? []).flatMap(({ state }, i) =>
    state?.waiting?.reason === undefined
      ? []
      : [fieldEvidence(pod, `status.containerStatuses[${i}].state.waiting.reason`, state.waiting.reason)],
  );
  return [fieldEvidence(pod, 'status.phase', pod.status?.phase ?? ''), ...reasons.slice(0, 3)];
}

function readiness(node: Node | undefined, ready: FoundCondition | undefined): readonly Evidence[] {
  return node === undefined || ready === undefined || ready.status === 'True'
    ? []
    : [fieldEvidence(node, `${ready.path}.status`, ready.status)];
}
