/** A container ended with an error and is not started again. */
import { timeOf } from '@aia/cluster';
import { containersWith, type ContainerCase } from '../../pods/container-state.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isRecovered } from '../../pods/lost-pods.ts';
import { containerDraft, containerName, endEvidence, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';

/** Facts: container, workload, exitCode, lastReason, pods (how many pods of the workload ended so). */
export const rule: Rule = {
  code: 'container-terminated-with-error',
  title: 'Container ended with an error',
  severity: 'medium',
  explanation:
    'The process of the container ended with a code other than 0, and the restart policy leaves it at that. Of several pods of ' +
    'one workload that ended in the same way (the attempts of a Job) only the newest is reported, with their number. It is low while ' +
    'the workload has its pods again, and gone once the end also lies further back than the restart window. The rule ' +
    'stays silent for pods of a Job that still retries within its backoffLimit, that completed in the end, or that a later run ' +
    'of the same CronJob made good; for ephemeral containers; and for pods that were evicted, rejected or lost as a whole.',
  remediation: {
    class: 'investigate',
    text: "Read the container's log (kubectl logs) and what the exit code means for the program.",
  },
  aliases: { k8sgpt: ['Pod/7'], popeye: ['204', '207'], mixin: ['KubeJobFailed'] },
  needs: [],
  *check(examination) {
    const ended = containersWith(examination, 'terminated').filter((found) => !isPast(examination, found));
    const groups = Map.groupBy(ended, (found) => `${workloadKey(examination, found.pod)}\n${found.container.name}`);
    for (const group of groups.values()) {
      const [newest] = group.toSorted(
        (a, b) => endAt(b) - endAt(a) || (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1),
      );
      if (newest !== undefined) yield endedWithError(examination, newest, group.length);
    }
  },
};

/** Lost long ago, and replaced. */
function isPast(examination: Examination, found: ContainerCase): boolean {
  const isOld = (examination.ageMs(found.last?.finishedAt) ?? 0) > examination.thresholds.restartWindowMs;
  return isOld && isRecovered(examination, found.pod);
}

function endAt(found: ContainerCase): number {
  return timeOf(found.last?.finishedAt) ?? 0;
}

function endedWithError(examination: Examination, found: ContainerCase, pods: number): FindingDraft {
  const { last } = found;
  const exitCode = last?.exitCode ?? 0;
  const others = pods === 1 ? '' : `, as in ${pods - 1} earlier ${pods === 2 ? 'pod' : 'pods'} of its workload`;
  return containerDraft(examination, found, {
    severity: isRecovered(examination, found.pod) ? 'low' : 'medium',
    message: `${containerName(found)} ended with exit code ${exitCode} and is not restarted${others}`,
    evidence: endEvidence(found),
    facts: { exitCode, lastReason: last?.reason, pods },
    since: timeOf(last?.finishedAt),
  });
}
