/** Lets pods on nodes that a taint keeps them from. */
import type { Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { keepingTaints } from '../../rollout/keeping-taints.ts';
import { ownPods } from '../../rollout/placing.ts';
import { podSpecOf, restored, templateRemedies } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;

/** For pods that do not tolerate what only the nodes that would take them have. */
export const tolerateTaint: ActionKind = {
  kind: 'tolerate-taint',
  title: 'Tolerate a taint',
  explanation:
    'Gives pods the tolerations of an earlier revision, or of the taints of the nodes that would take them. Less fitting where other workloads are what these nodes were set aside for.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the filters that are asked are those of the scheduler' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.causesOf('untolerated-taint').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const pod = ownPods(workload, planning).find((one) => (one.spec?.nodeName ?? '') === '');
  const taints = pod === undefined ? [] : keepingTaints(pod, planning);
  const isOfMachine = taints.every((one) => one.isOfMachine);
  const isDedicated = !isOfMachine && taints.some(({ users }) => users.length > 0);
  const words = taints.map(({ text }) => text).join(', ');
  const repairs = [
    ...restored(workload, spec, ['tolerations'], 'the tolerations', planning),
    {
      spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...taints.map(({ taint }) => tolerationOf(taint))] },
      title: `Tolerate ${words}`,
      reason: isOfMachine
        ? `Nodes with ${words} are what its pods ask for, and take only what says so.`
        : isDedicated
          ? `Nodes with ${words} are kept for other workloads, and would take its pods.`
          : `Nodes with ${words} would take its pods, and nothing else that runs is meant for them.`,
      evidence: taints.flatMap(({ nodes: [node], text }) =>
        node === undefined ? [] : [fieldEvidence(node, 'spec.taints', text)],
      ),
      confidence: isOfMachine ? 0.85 : isDedicated ? 0.5 : 0.7,
      fit: isOfMachine ? 0.95 : isDedicated ? 0.6 : 0.8,
      risks: isDedicated ? [{ reason: 'it takes room that was set aside for others', adds: 0.15 }] : [],
    },
  ];
  return taints.length === 0 ? [] : templateRemedies({ kind: tolerateTaint.kind, cause, workload, repairs }, planning);
}

type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

/** Of this very taint; an empty effect would tolerate more than that. */
function tolerationOf({ key, value, effect }: { key: string; value?: string; effect: string }): Toleration {
  const asked =
    value === undefined || value === '' ? { operator: 'Exists' as const } : { operator: 'Equal' as const, value };
  return { key, ...asked, effect: effect as Toleration['effect'] } as Toleration;
}
