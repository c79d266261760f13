/** A Job that is held back. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { fieldEvidence } from '../../examination.ts';
import { isOver } from '../../workloads/job-outcome.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: queue (the queue that admits it, absent when none does). */
export const rule: Rule = {
  code: 'job-suspended',
  title: 'Job is suspended',
  severity: 'info',
  explanation:
    'The Job has spec.suspend set, so it has no pods and makes none until somebody resumes it: a person, or a queue such as Kueue once ' +
    'it has room. That is a setting and no fault. The rule stays silent for Jobs that have ended.',
  remediation: { class: 'none', text: 'Set spec.suspend to false to let it run, or delete it when it is not wanted.' },
  aliases: { k8sgpt: ['Job'], popeye: ['1500'] },
  needs: [],
  *check(examination) {
    for (const job of livingOf(examination, 'Job')) {
      if (job.spec?.suspend !== true || isOver(job)) continue;
      const { namespace = '', name, labels } = job.metadata;
      const queue = labels?.['kueue.x-k8s.io/queue-name'];
      const since = timeOf(conditionOf(job.status?.conditions, 'Suspended')?.lastTransitionTime);
      yield {
        resource: refOf(job),
        message: `Job ${namespace}/${name} is suspended${forText(examination, since)}${queue === undefined ? '' : ` until queue ${queue} admits it`}.`,
        evidence: [fieldEvidence(job, 'spec.suspend', true)],
        facts: queue === undefined ? {} : { queue },
        since,
      };
    }
  },
};
