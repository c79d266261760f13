/** The kubelet refused pods that had been assigned to its node. */
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { lossEvidence, lostPods, othersText, type LostPods } from '../../pods/lost-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** Facts: workload, reason, resource (for OutOf‹resource›), node, nodes, pods. */
export const rule: Rule = {
  code: 'pod-rejected',
  title: 'Node refused a pod',
  severity: 'high',
  explanation:
    'The scheduler had chosen the node, but the kubelet did not admit the pod: the node had less room than the scheduler thought ' +
    '(OutOfcpu, OutOfmemory), its labels or taints had changed, a device or the CPU topology could not be given ' +
    '(UnexpectedAdmissionError, TopologyAffinityError), or it was shutting down (NodeShutdown). A refused pod stays Failed for ' +
    'ever; its controller makes another. All of one workload with one reason are one finding. It is low while the workload is ' +
    'complete again, and gone once the last refusal also lies further back than the restart window. The rule stays silent for pods that are being deleted.',
  remediation: {
    class: 'change-placement',
    text: 'See what on the node contradicts the pod (static pods, a second scheduler, changed labels, a lost device); delete the refused pods.',
  },
  aliases: { popeye: ['207'] },
  needs: [],
  *check(examination) {
    for (const lost of lostPods(examination, 'rejected')) yield refused(lost);
  },
};

function refused(lost: LostPods): FindingDraft {
  const { newest, nodes, pods, reason, resource, severity, since, workload } = lost;
  const message = newest.status?.message ?? '';
  const node = newest.spec?.nodeName;
  const scarce = reason.startsWith('OutOf') ? reason.slice('OutOf'.length) : undefined;
  return {
    resource,
    part: reason,
    ...(severity === undefined ? {} : { severity }),
    message: `Pod ${podName(newest)}${othersText(lost)} ${pods.length === 1 ? 'was' : 'were'} refused by node ${node ?? '(not named)'} with ${reason}${message === '' ? '' : `: ${briefly(message.replace(/^Pod was rejected: /, ''))}`}`,
    evidence: lossEvidence(lost),
    facts: knownFacts({ workload, reason, resource: scarce, node, nodes, pods: pods.length }),
    since,
  };
}
