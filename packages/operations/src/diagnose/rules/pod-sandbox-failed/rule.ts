/** The sandbox of a pod (its network namespace) cannot be made. */
import { refOf, timeOf, type Event, type Pod } from '@aia/cluster';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import { parseSandbox } from '../../messages/sandbox.ts';
import type { SandboxMessage } from '../../messages/message.ts';
import { setupFailures } from '../../pods/pod-setup.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: workload, cause, node. */
export const rule: Rule = {
  code: 'pod-sandbox-failed',
  title: 'Pod sandbox cannot be created',
  severity: 'high',
  explanation:
    "Before any container starts, the kubelet makes the pod's sandbox with its network. This fails when the node's Pod address " +
    'range is used up, when the network plugin is not ready or misconfigured, or when the container runtime does not answer. It ' +
    'usually hits all new pods of a node at once. The rule goes by the newest event, which must be later than any volume ' +
    'failure, and stays silent during the grace period and once a container runs.',
  remediation: {
    class: 'repair-network',
    text: "See the network plugin's pods on this node and how many addresses the node's Pod range has left; drain the node if only it is hit.",
  },
  aliases: { k8sgpt: ['Pod/4'], popeye: ['202', '203', '207'], mixin: ['KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const [pod, failure] of setupFailures(examination)) {
      if (failure.kind === 'sandbox') yield withoutSandbox(examination, pod, failure.event);
    }
  },
};

const WORDS: Readonly<Record<SandboxMessage['cause'], string | undefined>> = {
  'ip-exhausted': "the node's Pod address range is used up",
  network: 'the pod network cannot be set up',
  'pause-image': "the pause image of the node's runtime cannot be pulled",
  'runtime-class': 'its RuntimeClass names a handler that the node does not have',
  'name-reserved': 'an earlier attempt still holds its name',
  timeout: 'the container runtime does not answer in time',
  runtime: undefined,
  other: undefined,
};

function withoutSandbox(examination: Examination, pod: Pod, event: Event): FindingDraft {
  const said = parseSandbox(eventText(event));
  const cause = said?.cause ?? (event.reason === 'NetworkNotReady' ? 'network' : 'other');
  const since = timeOf(event.firstTimestamp ?? pod.status?.startTime);
  const node = pod.spec?.nodeName;
  return {
    resource: refOf(pod),
    message: `Pod ${podName(pod)} has had no sandbox on node ${node ?? '(not named)'}${forText(examination, since)}: ${WORDS[cause] ?? briefly(eventText(event))}`,
    evidence: [eventEvidence(event), fieldEvidence(pod, 'status.phase', pod.status?.phase ?? '')],
    facts: knownFacts({ workload: workloadKey(examination, pod), cause, node }),
    since,
  };
}
