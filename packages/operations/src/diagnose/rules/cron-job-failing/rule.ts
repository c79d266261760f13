/** A CronJob of which run after run fails. */
import { refOf } from '@aia/cluster';
import { hasComeRound, runsOf, type CronJob, type CronRuns } from '../../workloads/cron-runs.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Failed runs in a row from which it is no accident. */
const IN_A_ROW = 2;
/** How often the schedule comes round without a success before that is no accident. */
const WITHOUT_SUCCESS = 3;

/** Facts: failedRuns (since the last success, as far as they were read), succeeded (whether it ever did). */
export const rule: Rule = {
  code: 'cron-job-failing',
  title: 'CronJob fails run after run',
  severity: 'high',
  explanation:
    'The last two runs at least failed, or runs are started and none has succeeded while the schedule came round three times: what the CronJob is for is not done. ' +
    'It is medium where the failures themselves were not read, only that nothing succeeds. A single failed run is reported by ' +
    'job-failed alone. The rule stays silent for suspended CronJobs, while a run is under way that may still succeed and no two failed, and where Jobs ' +
    'are tidied away too quickly for their success to be noted.',
  remediation: {
    class: 'investigate',
    text: 'See why its runs fail (job-failed and the findings about their pods), mend it, and start one by hand (kubectl create job --from).',
  },
  aliases: { popeye: ['1502'], mixin: ['KubeJobFailed'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      if (cron.spec?.suspend === true) continue;
      const runs = runsOf(examination, cron);
      const failing = runs.failed.length >= IN_A_ROW;
      if (failing || isWithoutSuccess(examination, cron, runs)) yield draftOf(examination, cron, runs, failing);
    }
  },
};

/** Jobs are started, and the success of none was noted for long; clusters before 1.22 note none at all. */
function isWithoutSuccess(examination: Examination, cron: CronJob, runs: CronRuns): boolean {
  const { lastScheduledAt, lastSucceededAt, isActive } = runs;
  if (isActive || lastScheduledAt === undefined || lastSucceededAt === undefined) return false;
  const ttl = cron.spec?.jobTemplate?.spec?.ttlSecondsAfterFinished ?? SLOWLY_S;
  if (ttl < SLOWLY_S || lastScheduledAt <= lastSucceededAt) return false;
  return (
    hasComeRound(examination, cron, lastSucceededAt, WITHOUT_SUCCESS) &&
    !hasComeRound(examination, cron, lastScheduledAt)
  );
}

/** A finished Job that is kept this long is seen by the controller. */
const SLOWLY_S = 60;

function draftOf(examination: Examination, cron: CronJob, runs: CronRuns, failing: boolean): FindingDraft {
  const { namespace = '', name } = cron.metadata;
  const { failed, lastSucceededAt } = runs;
  const lately =
    lastSucceededAt === undefined
      ? 'none is known to have succeeded'
      : `none has succeeded${forText(examination, lastSucceededAt)}`;
  const seen = failing
    ? `The last ${failed.length} runs of CronJob ${namespace}/${name} failed`
    : `Runs of CronJob ${namespace}/${name} are started`;
  const { lastScheduleTime, lastSuccessfulTime } = cron.status ?? {};
  return {
    resource: refOf(cron),
    severity: failing ? 'high' : 'medium',
    message: `${seen}, and ${lately}.`,
    evidence: [
      ...failed.slice(0, 3).map((job) => fieldEvidence(job, 'status.failed', job.status?.failed ?? 0)),
      ...(lastSuccessfulTime === undefined
        ? []
        : [fieldEvidence(cron, 'status.lastSuccessfulTime', lastSuccessfulTime)]),
      ...(lastScheduleTime === undefined ? [] : [fieldEvidence(cron, 'status.lastScheduleTime', lastScheduleTime)]),
    ],
    facts: { failedRuns: failed.length, succeeded: lastSucceededAt !== undefined },
    since: lastSucceededAt,
  };
}
