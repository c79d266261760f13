/** A CronJob whose starting deadline keeps it from starting. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** The controller looks at each CronJob about this often. */
const CONTROLLER_PERIOD_S = 10;

/** Facts: seconds. */
export const rule: Rule = {
  code: 'cron-job-deadline-invalid',
  title: 'Starting deadline of CronJob is too short',
  severity: 'high',
  explanation:
    'startingDeadlineSeconds is negative, so that every start counts as too late and no Job is ever made. It is low with less than 10 ' +
    'seconds, as the controller looks about every 10 seconds and may miss such a start. The rule stays silent for suspended CronJobs.',
  remediation: {
    class: 'restore-configuration',
    text: 'Give startingDeadlineSeconds a minute at least, or leave it out.',
  },
  aliases: { k8sgpt: ['CronJob'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      const { startingDeadlineSeconds: seconds, suspend } = cron.spec ?? {};
      if (suspend === true || seconds === undefined || seconds >= CONTROLLER_PERIOD_S) continue;
      const { namespace = '', name } = cron.metadata;
      const outcome = seconds < 0 ? 'never starts a Job' : 'may miss its starts';
      yield {
        resource: refOf(cron),
        severity: seconds < 0 ? 'high' : 'low',
        message: `CronJob ${namespace}/${name} ${outcome}: its startingDeadlineSeconds is ${seconds}.`,
        evidence: [fieldEvidence(cron, 'spec.startingDeadlineSeconds', seconds)],
        facts: { seconds },
      };
    }
  },
};
