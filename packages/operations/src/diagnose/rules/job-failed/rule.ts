/** A Job has given up. */
import { refKey, refOf, timeOf, type Job } from '@aia/cluster';
import { isYoung } from '../../age.ts';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { runsOf, type CronJob } from '../../workloads/cron-runs.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { isOver, outcomeOf } from '../../workloads/job-outcome.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/**
 * Facts: workload (the CronJob, or the Job itself), reason (`BackoffLimitExceeded`, `DeadlineExceeded`, `PodFailurePolicy`, …, or
 * `retrying`), failed (pods), runs (failed runs of the CronJob since its last success, this one included).
 */
export const rule: Rule = {
  code: 'job-failed',
  title: 'Job failed',
  severity: 'medium',
  explanation:
    'The Job has given up: its pods failed more often than backoffLimit allows, it ran past its activeDeadlineSeconds, or its pod ' +
    'failure policy or the number of failed indexes ended it. What it should have done is not done, also where its pods are gone by now. Of several ' +
    'failed runs of a CronJob only the newest is reported, with their number. It is low while attempts failed, none is under way ' +
    'and the Job has not given up. The rule stays silent for Jobs that retry with a pod, that completed in the end, whose single ' +
    'indexes failed while it goes on, and for runs of a CronJob that a later run made good.',
  remediation: {
    class: 'investigate',
    text: 'See why its pods failed (their log, exit code and events), mend that, and run it again.',
  },
  aliases: { k8sgpt: ['Job'], popeye: ['1503'], mixin: ['KubeJobFailed'] },
  needs: [],
  *check(examination) {
    for (const job of livingOf(examination, 'Job')) {
      if (!isFailed(examination, job)) {
        if (isStalled(examination, job)) yield stalled(job);
        continue;
      }
      const failedRuns = failedRunsWith(examination, job);
      if (failedRuns[0] === job) yield failed(examination, job, failedRuns.length);
    }
  },
};

/** Reasons of events and conditions with which the controller gives up. */
const GIVING_UP = [
  'BackoffLimitExceeded',
  'DeadlineExceeded',
  'PodFailurePolicy',
  'MaxFailedIndexesExceeded',
  'FailedIndexes',
] as const;

function isFailed(examination: Examination, job: Job): boolean {
  const outcome = outcomeOf(examination, job);
  return outcome === 'failed' || (outcome === 'retrying' && gaveUp(examination, job) !== undefined);
}

function gaveUp(examination: Examination, job: Job) {
  const [event] = examination.warnings(job, ...GIVING_UP);
  return (job.status?.active ?? 0) === 0 && (job.status?.failed ?? 0) > 0 ? event : undefined;
}

/** Attempts failed, none is under way, and nothing says that the Job is over: it waits to retry, or nobody does. */
function isStalled(examination: Examination, job: Job): boolean {
  const { active = 0, failed: attempts = 0, succeeded = 0 } = job.status ?? {};
  const isIdle = attempts > 0 && active === 0 && succeeded === 0 && job.spec?.suspend !== true;
  return isIdle && !isOver(job) && outcomeOf(examination, job) === 'retrying' && !isYoung(examination, job);
}

/** Failed runs of the CronJob that owns the Job, newest first; the Job alone where none does. */
function failedRunsWith(examination: Examination, job: Job): readonly Job[] {
  const owner = examination.snapshot.ownerOf(job);
  const runs = owner?.kind === 'CronJob' ? runsOf(examination, owner as CronJob).failed : [];
  return runs.includes(job) ? runs : [job];
}

function failed(examination: Examination, job: Job, runs: number): FindingDraft {
  const { namespace = '', name } = job.metadata;
  const condition = givenUp(job);
  const event = gaveUp(examination, job);
  const attempts = job.status?.failed ?? 0;
  const reason = condition?.reason ?? event?.reason ?? 'BackoffLimitExceeded';
  const words = briefly(condition?.message ?? (event === undefined ? '' : eventText(event)));
  const since = timeOf(condition?.lastTransitionTime);
  const again = runs === 1 ? '' : `, as did ${runs - 1} earlier ${runs === 2 ? 'run' : 'runs'} of its CronJob`;
  return {
    resource: refOf(job),
    message: `Job ${namespace}/${name} has failed${forText(examination, since)}${words === '' ? ` (${reason})` : `: ${words}`}${again}.`,
    evidence: [
      ...(condition === undefined ? [] : conditionEvidence(job, condition)),
      ...(event === undefined ? [] : [eventEvidence(event)]),
      fieldEvidence(job, 'status.failed', attempts),
    ],
    facts: knownFacts({
      workload: refKey(refOf(examination.snapshot.rootOwnerOf(job))),
      reason,
      failed: attempts,
      runs,
    }),
    since,
  };
}

function givenUp(job: Job): FoundCondition | undefined {
  return ['Failed', 'FailureTarget']
    .map((type) => conditionOf(job.status?.conditions, type))
    .find((condition) => condition?.status === 'True');
}

function stalled(job: Job): FindingDraft {
  const { namespace = '', name } = job.metadata;
  const { failed: attempts = 0 } = job.status ?? {};
  return {
    resource: refOf(job),
    severity: 'low',
    message: `${attempts === 1 ? 'A pod' : `${attempts} pods`} of Job ${namespace}/${name} failed, and none is under way; the Job has not given up yet.`,
    evidence: [fieldEvidence(job, 'status.failed', attempts)],
    facts: { workload: refKey(refOf(job)), reason: 'retrying', failed: attempts, runs: 1 },
  };
}
