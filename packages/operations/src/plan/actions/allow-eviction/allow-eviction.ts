/** Pods that the autoscaler may move again. */
import { drainOf, refOf, refText, SAFE_TO_EVICT, type KubeObject, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { podsByOwner } from '../../capacity/workload-pods.ts';
import { standingOf } from '../../effects/standing.ts';
import { byPerson } from '../../network/by-person.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { currentTemplate, holders } from '../../revisions/revisions.ts';

const MINUTE = 60_000;

/** Proposes to take the mark away that keeps nodes from going. */
export const allowEviction: ActionKind = {
  kind: 'allow-eviction',
  title: 'Let the autoscaler move pods',
  explanation:
    'Takes cluster-autoscaler.kubernetes.io/safe-to-evict: "false" out of the pod template of a lasting workload, where that mark alone keeps nodes that could go. Surer where an earlier revision went without it, or a disruption budget says how many pods may be away; in all other cases the owner is asked first. It is a step for a person where the pods keep data on their node, and where there is only one of them, whose work ends while it moves.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the removal was tried with the mark and without' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf('eviction-forbidden').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workload = planning.object(cause.resource);
  const template = workload === undefined ? undefined : templateOf(workload);
  if (workload === undefined || template === undefined || !isMarked(workload)) return undefined;
  const pods = podsByOwner(planning.snapshot).get(workload) ?? [];
  const name = refText(refOf(workload));
  const stays = pods.find((pod) => keepsData(pod, planning));
  if (stays !== undefined || pods.length < 2)
    return byPerson(cause, {
      kind: allowEviction.kind,
      title: `Ask whether pods of ${name} may be moved`,
      target: cause.resource,
      instruction: `${stays === undefined ? `${name} has one pod, which answers nothing while it moves` : `${refText(refOf(stays))} keeps data on its node, which is lost when it moves`}. Ask its owner whether that may be. If so, take the annotation ${SAFE_TO_EVICT} out of its pod template; if not, leave it, and keep its pods together on few nodes.`,
      statement: `pods of ${name} may be moved, or stay where they are on purpose`,
      fit: 0.4,
    });
  return remedyOf(workload, pods, cause, planning);
}

function isMarked(workload: KubeObject): boolean {
  return currentTemplate(workload)?.metadata?.annotations?.[SAFE_TO_EVICT] === 'false';
}

function keepsData(pod: Pod, { snapshot }: Planning): boolean {
  const drain = drainOf(pod, snapshot, { localStorageBlocks: true, ignoresMark: () => true });
  return drain.outcome === 'blocks' && drain.blocker === 'local-storage';
}

function remedyOf(workload: KubeObject, pods: readonly Pod[], cause: AssessedRootCause, planning: Planning): Remedy {
  const target = refOf(workload);
  const name = refText(target);
  const title = `Let the autoscaler move pods of ${name}`;
  const path = templateOf(workload)?.path ?? [];
  const before = holders(workload, planning.snapshot).find(
    ({ template }) => template.metadata?.annotations?.[SAFE_TO_EVICT] === undefined,
  );
  const budget = pods.flatMap((pod) => standingOf(planning.snapshot).budgetsOf(pod))[0];
  const grounds =
    before !== undefined
      ? `Its earlier revision ${before.name} went without the mark.`
      : budget !== undefined
        ? `${refText(refOf(budget))} says already how many of its pods may be away.`
        : 'Nothing says why it has the mark, so that its owner is asked first.';
  return {
    title,
    resolves: [cause.id],
    fit: 0.9,
    drafts: [
      {
        ...{ kind: allowEviction.kind, title, target },
        reason: `${cause.statement} None of its ${pods.length} pods keeps data on its node. ${grounds} The change of the template replaces its pods one after another.`,
        evidence: [
          fieldEvidence(workload, `${path.join('.')}.metadata.annotations["${SAFE_TO_EVICT}"]`, 'false'),
          ...cause.evidence.slice(0, 2),
        ],
        confidence: before !== undefined ? 0.85 : budget !== undefined ? 0.75 : 0.5,
        changes: [
          {
            kind: 'patch',
            target,
            patch: {
              type: 'merge',
              patch: path.toReversed().reduce<Record<string, unknown>>((inner, field) => ({ [field]: inner }), {
                metadata: { annotations: { [SAFE_TO_EVICT]: null } },
              }),
            },
          },
        ],
        ...(before === undefined &&
          budget === undefined && {
            preconditions: [
              { kind: 'told' as const, statement: `The owner of ${name} says that its pods may be moved.` },
            ],
          }),
        risks:
          budget === undefined
            ? [{ reason: 'no disruption budget says how many of its pods may be away at once', adds: 0.03 }]
            : [],
      },
    ],
  };
}
