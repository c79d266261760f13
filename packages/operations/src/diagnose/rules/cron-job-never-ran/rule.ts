/** A CronJob that has not started a single Job. */
import { refOf, timeOf } from '@aia/cluster';
import { failedStart, hasComeRound, runsOf, scheduleOf, type CronJob } from '../../workloads/cron-runs.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: schedule. */
export const rule: Rule = {
  code: 'cron-job-never-ran',
  title: 'CronJob has never run',
  severity: 'info',
  explanation:
    'The CronJob has never started a Job. It is medium once its schedule has come round at least twice since it was made: the controller ' +
    'does not run, or it may not make Jobs. Before that it is information, as its first start may just not be due. The rule stays silent ' +
    'for suspended CronJobs, for manifests, for schedules that cannot be followed, where a Job of it was read, and where ' +
    'the controller says why it does not start, which cron-job-missed reports.',
  remediation: {
    class: 'investigate',
    text: 'See the events of the CronJob, and whether kube-controller-manager runs.',
  },
  aliases: { popeye: ['1502'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      if (!hasNeverRun(examination, cron)) continue;
      const { namespace = '', name } = cron.metadata;
      const { schedule = '' } = cron.spec ?? {};
      const createdAt = timeOf(cron.metadata.creationTimestamp);
      yield {
        resource: refOf(cron),
        ...(createdAt !== undefined && hasComeRound(examination, cron, createdAt) && { severity: 'medium' }),
        message: `CronJob ${namespace}/${name} with schedule "${schedule}" has started no Job since it was made${forText(examination, createdAt).replace(/^ for (.*)$/, ' $1 ago')}.`,
        evidence: [fieldEvidence(cron, 'spec.schedule', schedule)],
        facts: { schedule },
        since: createdAt,
      };
    }
  },
};

/** A manifest has no status, and was never given to a cluster. */
function hasNeverRun(examination: Examination, cron: CronJob): boolean {
  const { spec, status, metadata } = cron;
  if (status === undefined || metadata.creationTimestamp === undefined) return false;
  if (spec?.suspend === true || scheduleOf(cron) === undefined || failedStart(examination, cron) !== undefined)
    return false;
  const { jobs, lastScheduledAt, lastSucceededAt, isActive } = runsOf(examination, cron);
  return jobs.length === 0 && lastScheduledAt === undefined && lastSucceededAt === undefined && !isActive;
}
