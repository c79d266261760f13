/** Deployments that somebody paused and did not resume. */
import { refOf, refText } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { currentTemplate, holders } from '../../revisions/revisions.ts';
import { sameJson } from '@aia/cluster';

const MINUTE = 60_000;

/** Proposes to resume a paused Deployment whose template is not rolled out. */
export const resumeRollout: ActionKind = {
  kind: 'resume-rollout',
  title: 'Resume a rollout',
  explanation:
    'Resumes a Deployment that is paused while something is wrong with it that its waiting template would change. Refuses where nothing waits to be rolled out: then the pause changes nothing.',
  capability: 'rollout',
  prior: { alpha: 5, beta: 2, basis: 'the waiting revision has not run yet' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => planning.causes.flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const paused = concernedWorkloads(cause, planning).filter(
    (one) => (one as { readonly spec?: { readonly paused?: boolean } }).spec?.paused === true,
  );
  const [deployment] = paused;
  if (deployment?.kind !== 'Deployment' || paused.length > 1) return undefined;
  const current = currentTemplate(deployment);
  if (holders(deployment, planning.snapshot).some(({ template }) => sameJson(template.spec, current?.spec)))
    return undefined;
  const target = refOf(deployment);
  const title = `Resume the rollout of ${refText(target)}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.7,
    drafts: [
      {
        kind: resumeRollout.kind,
        title,
        target,
        reason: `${cause.statement} It is paused, and its template, which no ReplicaSet has yet, waits to be rolled out.`,
        evidence: [fieldEvidence(deployment, 'spec.paused', true), ...cause.evidence.slice(0, 2)],
        confidence: 0.6,
        changes: [
          { kind: 'patch', target, patch: { type: 'json', operations: [{ op: 'remove', path: '/spec/paused' }] } },
        ],
        commands: [`kubectl rollout resume deployment/${target.name} -n ${target.namespace}`],
        risks: [{ reason: 'the revision that waits has not run yet', adds: 0.1 }],
      },
    ],
  };
}
