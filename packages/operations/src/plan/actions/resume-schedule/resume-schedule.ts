/** CronJobs and Jobs that are suspended although something waits for them. */
import { refOf, refText } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
/** Annotations and labels by which somebody says that it is meant. */
const MEANT = /suspend|pause|disabled|maintenance|kueue\.x-k8s\.io|hold/i;

/** Proposes to let a CronJob or Job run again that ran before, or was not made suspended, and of which nothing says that it shall not. */
export const resumeSchedule: ActionKind = {
  kind: 'resume-schedule',
  title: 'Let a suspended CronJob or Job run again',
  explanation:
    'Takes the suspension from a CronJob or Job that ran before or was changed since it was made, once its owner says that it was forgotten. Refuses where a label or annotation speaks of it (a queue, a maintenance), and where it was made suspended and never ran.',
  capability: 'rollout',
  prior: { alpha: 4, beta: 1, basis: 'it ran before it was suspended' },
  durationMs: { optimistic: MINUTE, likely: 10 * MINUTE, pessimistic: 24 * 60 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) =>
    planning.causesOf('cron-job-suspended', 'job-suspended').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

interface Suspendable {
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: { readonly lastScheduleTime?: string; readonly startTime?: string };
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const object = planning.object(cause.resource);
  const { spec, status } = (object ?? {}) as Suspendable;
  const ran = status?.lastScheduleTime ?? status?.startTime;
  const generation = object?.metadata.generation ?? 1;
  if (object === undefined || spec?.suspend !== true || (ran === undefined && generation <= 1)) return undefined;
  const { labels = {}, annotations = {} } = object.metadata;
  if ([...Object.keys(labels), ...Object.keys(annotations)].some((name) => MEANT.test(name))) return undefined;
  const target = refOf(object);
  const title = `Let ${refText(target)} run again`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.7,
    drafts: [
      {
        kind: resumeSchedule.kind,
        title,
        target,
        reason: `${cause.statement} ${ran === undefined ? `It has not run, and was changed since it was made (generation ${generation})` : `It ran last at ${ran}`}, and nothing on it says why it shall not any more.`,
        evidence: [fieldEvidence(object, 'spec.suspend', true), ...cause.evidence.slice(0, 2)],
        confidence: ran === undefined ? 0.35 : 0.5,
        changes: [{ kind: 'patch', target, patch: { type: 'merge', patch: { spec: { suspend: false } } } }],
        preconditions: [{ kind: 'told', statement: `The owner of ${refText(target)} says that it is to run again.` }],
        probe: { conditions: [{ kind: 'field', target, path: 'spec.suspend', value: false }] },
        risks: [{ reason: 'somebody may have suspended it on purpose', adds: 0.15 }],
      },
    ],
  };
}
