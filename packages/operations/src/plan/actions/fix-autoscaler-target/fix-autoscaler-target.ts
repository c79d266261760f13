/** Names a workload that there is as the target of an autoscaler. */
import { refOf, refText, type KindMap, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { nearName } from '../../near-name.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

type Autoscaler = KubeObject & KindMap['HorizontalPodAutoscaler'];

/** For HorizontalPodAutoscalers whose target does not exist. */
export const fixAutoscalerTarget: ActionKind = {
  kind: 'fix-autoscaler-target',
  title: 'Fix the target of an autoscaler',
  explanation:
    'Names the workload of the same kind and namespace whose name is nearest, or is that of the autoscaler itself, where no other autoscaler scales it. Nothing is guessed where none is near.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the workload is there' },
  durationMs: { optimistic: 0.5 * MINUTE, likely: MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => planning.causesOf('hpa-target-missing').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const autoscaler = planning.object(cause.resource) as Autoscaler | undefined;
  const { kind = '', name = '' } = autoscaler?.spec?.scaleTargetRef ?? {};
  if (autoscaler === undefined || (kind !== 'Deployment' && kind !== 'StatefulSet')) return undefined;
  const found = targetFor(autoscaler, kind, name, planning);
  if (found === undefined) return undefined;
  const target = refOf(autoscaler);
  const title = `Let ${refText(target)} scale ${kind} ${found}`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.95,
    drafts: [
      {
        ...{ kind: fixAutoscalerTarget.kind, title, target },
        reason: `There is no ${kind} ${name}; ${found} is the nearest, and no other autoscaler scales it.`,
        evidence: [fieldEvidence(autoscaler, 'spec.scaleTargetRef.name', name), ...cause.evidence.slice(0, 1)],
        confidence: 0.85,
        changes: [
          {
            kind: 'patch',
            target,
            patch: { type: 'merge', patch: { spec: { scaleTargetRef: { name: found } } } },
          },
        ],
        probe: { conditions: [{ kind: 'condition', target, type: 'AbleToScale', status: 'True' }] },
      },
    ],
  };
}

function targetFor(
  autoscaler: Autoscaler,
  kind: 'Deployment' | 'StatefulSet',
  wrong: string,
  { snapshot }: Planning,
): string | undefined {
  const { namespace = '', name } = autoscaler.metadata;
  const scaled = new Set(
    snapshot
      .listIn('HorizontalPodAutoscaler', namespace)
      .filter((one) => one.spec?.scaleTargetRef.kind === kind)
      .map((one) => one.spec?.scaleTargetRef.name),
  );
  const free = snapshot
    .listIn(kind, namespace)
    .map((one) => one.metadata.name)
    .filter((one) => !scaled.has(one));
  return free.includes(name) ? name : nearName(wrong, free);
}
