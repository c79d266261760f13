/** Workloads that are scaled to zero and that others cannot do without. */
import { compare, refOf, refText, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { formerSize } from './former-size.ts';

const MINUTE = 60_000;

/** Proposes the size that a workload had before it was scaled to zero. */
export const scaleWorkload: ActionKind = {
  kind: 'scale-workload',
  title: 'Scale a workload',
  explanation:
    'Gives a workload that is scaled to zero, and whose Service programs fail for want of, the size that it had: as its autoscaler, the events of its controller, its ReplicaSets, its claims or an annotation tell; one pod where nothing does. Refuses where nothing fails for it, since to scale to zero is somebody’s decision. Never scales anything to zero.',
  capability: 'rollout',
  prior: { alpha: 9, beta: 1, basis: 'a workload that ran at this size before' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('workload-scaled-to-zero', 'service-without-endpoints', 'dependency-unavailable')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  if (cause.severity === 'info' || cause.severity === 'low') return undefined;
  const asleep = asleepIn(cause, planning);
  const drafts = asleep.map((workload) => {
    const target = refOf(workload);
    const size = formerSize(workload, planning.snapshot);
    return {
      kind: scaleWorkload.kind,
      title: `Scale ${refText(target)} to ${size.replicas}`,
      target,
      reason: `${cause.statement} ${size.because}.`,
      evidence: [fieldEvidence(workload, 'spec.replicas', 0), ...size.evidence, ...cause.evidence.slice(0, 2)],
      confidence: size.confidence,
      changes: [{ kind: 'scale' as const, target, replicas: size.replicas }],
      risks: [{ reason: 'somebody may have scaled it to zero on purpose', adds: 0.05 }],
    };
  });
  const [first] = drafts;
  if (first === undefined) return undefined;
  const title = drafts.length === 1 ? first.title : `Scale ${drafts.length} workloads up again`;
  return { title, resolves: [cause.id], fit: 0.95, drafts };
}

/** Workloads of size zero behind the Services of a cause. */
function asleepIn(cause: AssessedRootCause, planning: Planning): readonly KubeObject[] {
  const named = planning.findingsOf(cause).flatMap(({ code, facts, resource }) => {
    if (code === 'workload-scaled-to-zero') return [resource];
    const workloads = code === 'service-without-endpoints' ? facts?.['workloads'] : undefined;
    return Array.isArray(workloads) ? workloads.flatMap((one) => refIn(String(one)) ?? []) : [];
  });
  const objects = named.flatMap((one) => planning.object(one) ?? []);
  return [...new Set(objects)]
    .filter((one) => (one as { readonly spec?: { readonly replicas?: number } }).spec?.replicas === 0)
    .sort((a, b) => compare(refText(refOf(a)), refText(refOf(b))));
}

function refIn(key: string) {
  const [group, kind, namespace, name] = key.split('/');
  return group === undefined || kind === undefined || namespace === undefined || name === undefined
    ? undefined
    : { group, kind, namespace, name };
}
