/** A CronJob that is held back. */
import { refOf } from '@aia/cluster';
import { runsOf } from '../../workloads/cron-runs.ts';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: schedule; hasRun (it started a Job at least once); wasChanged (its fields are not those that it was made with). */
export const rule: Rule = {
  code: 'cron-job-suspended',
  title: 'CronJob is suspended',
  severity: 'info',
  explanation:
    'The CronJob has spec.suspend set and starts no Jobs until that is taken back. That is a setting and no fault; suspended CronJobs ' +
    'are often forgotten after maintenance. What else is wrong with its schedule does not matter meanwhile and is not reported.',
  remediation: { class: 'none', text: 'Set spec.suspend to false once it should run again, or delete it.' },
  aliases: { k8sgpt: ['CronJob'], popeye: ['1500'] },
  needs: [],
  *check(examination) {
    for (const cron of livingOf(examination, 'CronJob')) {
      if (cron.spec?.suspend !== true) continue;
      const { namespace = '', name } = cron.metadata;
      const { lastScheduledAt } = runsOf(examination, cron);
      const last =
        lastScheduledAt === undefined ? '' : ` and has started no Job${forText(examination, lastScheduledAt)}`;
      yield {
        resource: refOf(cron),
        message: `CronJob ${namespace}/${name} is suspended${last}.`,
        evidence: [fieldEvidence(cron, 'spec.suspend', true)],
        facts: {
          schedule: cron.spec.schedule ?? '',
          hasRun: lastScheduledAt !== undefined,
          wasChanged: (cron.metadata.generation ?? 1) > 1,
        },
      };
    }
  },
};
