/** A CronJob that has not started when it should have. */
import { refOf, type Event } from '@aia/cluster';
import { failedStart, hasComeRound, runsOf, type CronJob } from '../../workloads/cron-runs.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { parseCreation } from '../../messages/creation.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, durationText } from '../../wording.ts';

/** Facts: cause (`creation-refused`, `deadline`, `not-started`), refusal (why creation is refused, as for replica-creation-failed). */
export const rule: Rule = {
  code: 'cron-job-missed',
  title: 'CronJob misses its starts',
  severity: 'medium',
  explanation:
    'The schedule has come round at least twice since the CronJob last started a Job, or the controller says that it missed a start: ' +
    'the controller is down or far behind, Jobs are refused at creation, or startingDeadlineSeconds is shorter than the delay. The rule stays silent for ' +
    'suspended CronJobs, while a run under concurrencyPolicy Forbid is under way, once a later start succeeded, and where the ' +
    'moment of observation is not known.',
  remediation: {
    class: 'investigate',
    text: 'See the events of the CronJob and whether kube-controller-manager runs; give startingDeadlineSeconds more room.',
  },
  aliases: { popeye: ['1501', '1503'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      if (cron.spec?.suspend === true) continue;
      const { lastScheduledAt, isActive } = runsOf(examination, cron);
      if (isActive && cron.spec?.concurrencyPolicy === 'Forbid') continue;
      const event = failedStart(examination, cron);
      const late = lastScheduledAt !== undefined && hasComeRound(examination, cron, lastScheduledAt);
      if (event !== undefined || late) yield draftOf(examination, cron, event, lastScheduledAt);
    }
  },
};

function draftOf(
  examination: Examination,
  cron: CronJob,
  event: Event | undefined,
  startedAt: number | undefined,
): FindingDraft {
  const { namespace = '', name } = cron.metadata;
  const { schedule = '' } = cron.spec ?? {};
  const isRefused = event?.reason === 'FailedCreate';
  const cause = isRefused ? 'creation-refused' : event?.reason === 'MissSchedule' ? 'deadline' : 'not-started';
  const ago = startedAt === undefined ? 'yet' : `for ${durationText(Math.max(0, examination.now - startedAt))}`;
  const words = event === undefined ? '' : `: ${briefly(eventText(event))}`;
  return {
    resource: refOf(cron),
    message: `CronJob ${namespace}/${name} has started no Job ${ago} although its schedule "${briefly(schedule)}" asked for it${words}.`,
    evidence: [
      ...(event === undefined ? [] : [eventEvidence(event)]),
      fieldEvidence(cron, 'spec.schedule', schedule),
      ...(cron.status?.lastScheduleTime === undefined
        ? []
        : [fieldEvidence(cron, 'status.lastScheduleTime', cron.status.lastScheduleTime)]),
    ],
    facts: knownFacts({
      cause,
      refusal: event !== undefined && isRefused ? parseCreation(eventText(event))?.cause : undefined,
    }),
    since: startedAt,
  };
}
