/** Rollouts that may take no pod away first, where a quota lets no further one in. */
import { refOf, refText, type Deployment } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes `maxUnavailable: 1` for Deployments that a quota stops in the middle of a rollout. */
export const makeRolloutRoom: ActionKind = {
  kind: 'make-rollout-room',
  title: 'Let a rollout take a pod away first',
  explanation:
    'Sets maxUnavailable to 1 for a Deployment whose rollout may take no pod away before a new one is ready, where the quota of the namespace has no room for a further pod: it then goes on within the quota. Refuses for Deployments of one pod, which would answer nothing meanwhile.',
  capability: 'rollout',
  prior: { alpha: 9, beta: 1, basis: 'the pod that goes makes room for the one that comes' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('namespace-quota-exhausted', 'namespace-quota-blocks-rollout')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const refused = planning.findingsOf(cause).filter(({ code }) => code === 'replica-creation-failed');
  const drafts = refused.flatMap((finding) => draftFor(finding, cause, planning) ?? []);
  const [first] = drafts;
  if (first === undefined || drafts.length < refused.length) return undefined;
  const title = drafts.length === 1 ? first.title : `Let ${drafts.length} rollouts take a pod away first`;
  return { title, resolves: [cause.id], fit: 0.85, drafts };
}

function draftFor(
  { resource, facts }: AssessedFinding,
  cause: AssessedRootCause,
  planning: Planning,
): ActionDraft | undefined {
  const deployment = planning.object(resource) as Deployment | undefined;
  if (deployment?.kind !== 'Deployment' || facts?.['cause'] !== 'quota') return undefined;
  const { replicas = 1, strategy } = deployment.spec ?? {};
  const { rollingUpdate, type = 'RollingUpdate' } = strategy ?? {};
  const isStuck = type === 'RollingUpdate' && leastAway(rollingUpdate?.maxUnavailable, replicas) === 0;
  // Pods of the revision before must be there to make room.
  if (!isStuck || replicas < 2 || (deployment.status?.readyReplicas ?? 0) < 2) return undefined;
  const target = refOf(deployment);
  return {
    kind: makeRolloutRoom.kind,
    title: `Let the rollout of ${refText(target)} take a pod away first`,
    target,
    reason: `${cause.statement} ${refText(target)} may not have a pod less meanwhile (maxUnavailable ${String(rollingUpdate?.maxUnavailable ?? '25%')} of ${replicas}), so it waits for room that it would make itself.`,
    evidence: [
      fieldEvidence(
        deployment,
        'spec.strategy.rollingUpdate.maxUnavailable',
        String(rollingUpdate?.maxUnavailable ?? '25%'),
      ),
      ...cause.evidence.slice(0, 3),
    ],
    confidence: 0.9,
    changes: [
      {
        kind: 'patch',
        target,
        patch: { type: 'merge', patch: { spec: { strategy: { rollingUpdate: { maxUnavailable: 1 } } } } },
      },
    ],
    probe: { conditions: [{ kind: 'available', target }], withinMs: 20 * MINUTE },
    risks: [{ reason: `one pod of ${replicas} less while it rolls out`, adds: 0.1 / replicas }],
  };
}

/** As the controller rounds it: shares down. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable */
function leastAway(maxUnavailable: number | string | undefined, replicas: number): number {
  if (typeof maxUnavailable === 'number') return maxUnavailable;
  const share = Number(/^(\d+)%$/.exec(maxUnavailable ?? '25%')?.[1] ?? 0);
  return Math.floor((share * replicas) / 100);
}
