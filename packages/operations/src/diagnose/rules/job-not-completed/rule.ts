/** A Job that runs for much longer than is plausible. */
import { refKey, refOf, timeOf, type Job, type Pod } from '@aia/cluster';
import { hasComeRound, type CronJob } from '../../workloads/cron-runs.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isOver } from '../../workloads/job-outcome.ts';
import type { Rule } from '../../rule.ts';
import { areAgesKnown } from '../../pods/visible-failure.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { durationText } from '../../wording.ts';

/** As the Kubernetes mixin has it. */
const LONG_MS = 12 * 60 * 60_000;

/** Facts: workload (the CronJob, or the Job itself), active, succeeded, blocks (whether further runs wait for it). */
export const rule: Rule = {
  code: 'job-not-completed',
  title: 'Job does not complete',
  severity: 'low',
  explanation:
    'The Job was started more than 12 hours ago and has not ended: its program may hang, or its pods do not run. It is medium where ' +
    'it is a run of a CronJob with concurrencyPolicy Forbid whose next starts it holds back. The rule stays silent for suspended Jobs, for Jobs ' +
    'whose activeDeadlineSeconds ends them anyway, for work queues of which a pod completed within that time, and for Jobs that ' +
    'another controller manages.',
  remediation: {
    class: 'investigate',
    text: 'See what its pods do; if they hang, delete the Job, and give it an activeDeadlineSeconds.',
  },
  aliases: { mixin: ['KubeJobNotCompleted'] },
  needs: [],
  *check(examination) {
    if (!areAgesKnown(examination)) return;
    for (const job of livingOf(examination, 'Job')) {
      const startedAt = timeOf(job.status?.startTime);
      if (startedAt === undefined || examination.now - startedAt <= LONG_MS || !isWanted(job)) continue;
      if (!makesProgress(examination, job)) yield draftOf(examination, job, startedAt);
    }
  },
};

function isWanted(job: Job): boolean {
  const { suspend, activeDeadlineSeconds, managedBy = 'kubernetes.io/job-controller' } = job.spec ?? {};
  const isIdle = (job.status?.active ?? 0) === 0 && (job.status?.failed ?? 0) > 0;
  return (
    !isOver(job) &&
    suspend !== true &&
    activeDeadlineSeconds === undefined &&
    managedBy === 'kubernetes.io/job-controller' &&
    // Attempts that failed are job-failed's.
    !isIdle
  );
}

/** One of its pods completed within the time: a queue is being worked off. */
function makesProgress({ snapshot, now }: Examination, job: Job): boolean {
  if ((job.status?.succeeded ?? 0) === 0) return false;
  const pods = snapshot.ownedBy(job).filter((object): object is Pod => object.kind === 'Pod');
  const ends = pods.filter(({ status }) => status?.phase === 'Succeeded').flatMap(endsOf);
  // Where completed pods are tidied away, nothing shows that it stands still.
  return ends.length === 0 || ends.some((at) => now - at <= LONG_MS);
}

function endsOf({ status }: Pod): readonly number[] {
  return (status?.containerStatuses ?? []).flatMap(({ state }) => timeOf(state?.terminated?.finishedAt) ?? []);
}

function draftOf(examination: Examination, job: Job, startedAt: number): FindingDraft {
  const { namespace = '', name } = job.metadata;
  const { active = 0, succeeded = 0, startTime = '' } = job.status ?? {};
  const owner = examination.snapshot.ownerOf(job);
  const cron = owner?.kind === 'CronJob' ? (owner as CronJob) : undefined;
  const blocks = cron?.spec?.concurrencyPolicy === 'Forbid' && hasComeRound(examination, cron, startedAt) && active > 0;
  const held = blocks ? `; meanwhile CronJob ${cron.metadata.name} starts no further run` : '';
  return {
    resource: refOf(job),
    severity: blocks ? 'medium' : 'low',
    message: `Job ${namespace}/${name} has not completed for ${durationText(examination.now - startedAt)}${active === 0 ? ' and has no active pod' : ''}${held}.`,
    evidence: [fieldEvidence(job, 'status.startTime', startTime), fieldEvidence(job, 'status.active', active)],
    facts: { workload: refKey(refOf(examination.snapshot.rootOwnerOf(job))), active, succeeded, blocks },
    since: startedAt,
  };
}
