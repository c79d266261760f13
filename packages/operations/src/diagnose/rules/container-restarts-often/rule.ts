/** A container that runs has been restarted often, the last time not long ago. */
import { timeOf } from '@aia/cluster';
import { containersWith, type ContainerCase } from '../../pods/container-state.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { containerDraft, containerName, endEvidence, restartEvidence } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { durationText } from '../../wording.ts';

/** Facts: container, workload, restarts, exitCode, lastReason. */
export const rule: Rule = {
  code: 'container-restarts-often',
  title: 'Container restarts often',
  severity: 'low',
  explanation:
    'The container runs now, but it has been restarted more often than the threshold (5) and the last time within the restart ' +
    'window (24 hours), or at least three times and every half hour on average since its pod was made, without having run for much longer since. It may fail under load, lose a dependency, or be killed by its liveness probe. The rule stays silent when ' +
    'the last restart lies further back, when the container was killed for memory (container-oom-killed says more), when it is ' +
    'not ready (container-not-ready) and while it is down (container-crash-loop).',
  remediation: {
    class: 'investigate',
    text: "Read the previous instance's log (kubectl logs --previous) and compare the times with load and rollouts.",
  },
  aliases: { popeye: ['205'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'restarts')) yield restartsOften(examination, found);
  },
};

function restartsOften(examination: Examination, found: ContainerCase): FindingDraft {
  const { last, restarts } = found;
  const at = timeOf(last?.finishedAt);
  const when = at === undefined ? '' : `, the last time ${durationText(Math.max(0, examination.now - at))} ago`;
  const exit = last?.exitCode === undefined ? '' : ` with exit code ${last.exitCode}`;
  return containerDraft(examination, found, {
    message: `${containerName(found)} was restarted ${restarts} times${when}${exit}; it runs now`,
    evidence: [restartEvidence(found), ...endEvidence(found)],
    facts: { restarts, exitCode: last?.exitCode, lastReason: last?.reason },
    since: at,
  });
}
