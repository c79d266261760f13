/** Pods failed as a whole, for a reason that is not in one of their containers. */
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { troubledContainersOf } from '../../pods/container-state.ts';
import { isJobRetrying } from '../../workloads/job-outcome.ts';
import { lossEvidence, lostPods, othersText, type LostPods } from '../../pods/lost-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** Facts: workload, reason, node, nodes, pods. */
export const rule: Rule = {
  code: 'pod-failed',
  title: 'Pod failed',
  severity: 'medium',
  explanation:
    'The pod is in phase Failed without having been evicted or refused: it ran past its activeDeadlineSeconds (DeadlineExceeded), ' +
    'its node went away (NodeLost, Terminated), or no reason is recorded. Pods of which a container ended with an error are ' +
    'reported by container-terminated-with-error or container-oom-killed instead. The rule stays silent for pods of a Job that ' +
    'still retries, that completed in the end or that a later run of the same CronJob made good, and for old failures of a ' +
    'workload that is complete again.',
  remediation: {
    class: 'investigate',
    text: 'See the reason, its node and its log; delete the pod once it has served.',
  },
  aliases: { popeye: ['207'], mixin: ['KubePodNotReady', 'KubeJobFailed'] },
  needs: [],
  *check(examination) {
    const isUnexplained = (pod: Parameters<typeof isJobRetrying>[1]): boolean =>
      !isJobRetrying(examination, pod) && troubledContainersOf(examination, pod).length === 0;
    for (const lost of lostPods(examination, 'failed', isUnexplained)) yield failed(lost);
  },
};

function failed(lost: LostPods): FindingDraft {
  const { newest, nodes, pods, reason, resource, severity, since, workload } = lost;
  const message = newest.status?.message ?? '';
  const why = message !== '' ? briefly(message) : 'no container says why';
  return {
    resource,
    ...(reason === '' ? {} : { part: reason }),
    ...(severity === undefined ? {} : { severity }),
    message: `Pod ${podName(newest)}${othersText(lost)} failed${reason === '' ? '' : ` with ${reason}`}: ${why}`,
    evidence: lossEvidence(lost),
    facts: knownFacts({
      workload,
      reason: reason === '' ? undefined : reason,
      node: newest.spec?.nodeName,
      nodes,
      pods: pods.length,
    }),
    since,
  };
}
