/** Back to the last revision that worked. */
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { rolledBackFor } from './causes.ts';
import { rollBackDraft } from './roll-back-draft.ts';

const MINUTE = 60_000;

/** Proposes the last sound revision of workloads for causes that lie in the newest one, or began with it. */
export const rollBackWorkload: ActionKind = {
  kind: 'roll-back-workload',
  title: 'Roll back a workload',
  explanation:
    'Gives a Deployment, StatefulSet, DaemonSet or CronJob the pod template of its last revision that worked: one with ready pods, or that ran for long, and that has not what is wrong with the newest one. Pods that keep a StatefulSet from getting there are deleted. Not proposed where no such revision is left, or where the cause began hours after the newest one.',
  capability: 'rollout',
  prior: { alpha: 9, beta: 1, basis: 'a revision that worked before usually works again' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.causes.flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const rule = rolledBackFor(cause);
  // What lies in a registry is mended there.
  if (rule === undefined || cause.resource.kind === 'Registry') return undefined;
  const workloads = concernedWorkloads(cause, planning);
  const drafts = workloads.flatMap((workload) => rollBackDraft(workload, cause, planning) ?? []);
  const [first] = drafts;
  // Half of those whom one cause stops are no remedy of it.
  if (first === undefined || drafts.length < workloads.length) return undefined;
  return {
    title: drafts.length === 1 ? first.title : `Roll ${drafts.length} workloads back that ${rule.why}`,
    resolves: [cause.id],
    fit: rule.fit,
    drafts,
  };
}
