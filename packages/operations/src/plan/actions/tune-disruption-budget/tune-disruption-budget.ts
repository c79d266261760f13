/** Lets a disruption budget allow one eviction. */
import { refOf, refText, type KindMap, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

type Budget = KubeObject & KindMap['PodDisruptionBudget'];

/** For budgets that want as many pods as there are, and budgets that count pods which do not come back. */
export const tuneDisruptionBudget: ActionKind = {
  kind: 'tune-disruption-budget',
  title: 'Tune a disruption budget',
  explanation:
    'Lets a budget that never allows an eviction allow one (maxUnavailable 1), and one whose pods are not healthy let those go that are not (unhealthyPodEvictionPolicy AlwaysAllow). With a single replica that means a gap while its pod moves, which a second replica would fill: that is said as a risk.',
  capability: 'rollout',
  prior: { alpha: 19, beta: 1, basis: 'the controller counts by what the budget says' },
  durationMs: { optimistic: 0.5 * MINUTE, likely: MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.04,
  propose: (planning) => [
    ...planning.causesOf('disruption-budget-blocks-drain').flatMap((cause) => opened(cause, planning) ?? []),
    ...planning.causesOf('disruption-budget-unhealthy').flatMap((cause) => lenient(cause, planning) ?? []),
  ],
};

function opened(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const budget = planning.object(cause.resource) as Budget | undefined;
  const facts = planning.findingsOf(cause).find(({ code }) => code === 'disruption-budget-blocks-drain')?.facts;
  if (budget === undefined || facts?.['cause'] === 'sync-failed') return undefined;
  const expected = Number(facts?.['expected'] ?? budget.status?.expectedPods ?? 0);
  const isSingle = expected < 2;
  const target = refOf(budget);
  const title = `Let ${refText(target)} allow one eviction`;
  const field = budget.spec?.minAvailable === undefined ? 'maxUnavailable' : 'minAvailable';
  return {
    title,
    resolves: [cause.id],
    fit: isSingle ? 0.8 : 0.96,
    drafts: [
      {
        ...{ kind: tuneDisruptionBudget.kind, title, target },
        reason: `It wants all of its ${expected} pods to be there always, so no node under them can be drained or upgraded; with maxUnavailable 1 they move one after the other.`,
        evidence: [fieldEvidence(budget, `spec.${field}`, budget.spec?.[field] ?? ''), ...cause.evidence.slice(0, 1)],
        confidence: isSingle ? 0.7 : 0.9,
        changes: [
          {
            kind: 'patch',
            target,
            patch: { type: 'merge', patch: { spec: { minAvailable: null, maxUnavailable: 1 } } },
          },
        ],
        probe: { conditions: [{ kind: 'condition', target, type: 'DisruptionAllowed', status: 'True' }] },
        ...(isSingle && { risks: [{ reason: 'the one pod that it guards may be away while it moves', adds: 0.1 }] }),
      },
    ],
  };
}

/** Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy */
function lenient(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const budget = planning.object(cause.resource) as Budget | undefined;
  const spec = budget?.spec as { readonly unhealthyPodEvictionPolicy?: string } | undefined;
  if (budget === undefined || spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return undefined;
  const target = refOf(budget);
  const title = `Let ${refText(target)} allow pods to go that are not healthy`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.5,
    drafts: [
      {
        ...{ kind: tuneDisruptionBudget.kind, title, target },
        reason: 'Its pods are not healthy, and it keeps even these from being moved; why they fail is another cause.',
        evidence: cause.evidence.slice(0, 2),
        confidence: 0.7,
        changes: [
          {
            kind: 'patch',
            target,
            patch: { type: 'merge', patch: { spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' } } },
          },
        ],
      },
    ],
  };
}
