/** From a draft to an action: everything that follows from its changes. */
import { regionOfZone } from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import { approvalOf } from './effects/approval.ts';
import { stepOf, type CommandPlace } from './effects/commands.ts';
import { defaultPreconditions, defaultProbe } from './effects/default-conditions.ts';
import { disruptionOf } from './effects/disruption.ts';
import { undoOf } from './effects/inverse.ts';
import { moneyOf } from './effects/money.ts';
import { quotaEffects } from './effects/quota-effect.ts';
import { riskOf } from './effects/risk.ts';
import { deliveryOf } from './ownership/delivery.ts';
import { ownerOf } from './owners/owner-of.ts';
import type { Planning } from './planning.ts';
import { draftId, type ActionDraft, type ActionKind } from './remedy.ts';

const MINUTE = 60_000;

/** Completes a draft of a kind for the goals that it serves. Pure. */
export function completeAction(
  draft: ActionDraft,
  kind: ActionKind,
  resolves: readonly string[],
  planning: Planning,
): Action {
  const { snapshot } = planning;
  const { changes, probe, confidence } = draft;
  const place = placeOf(planning);
  const undo = undoOf(changes, snapshot);
  const inverse: Action['inverse'] =
    draft.irreversible !== undefined
      ? { kind: 'irreversible', reason: draft.irreversible }
      : undo.kind === 'irreversible'
        ? undo
        : { kind: 'reversible', steps: undo.changes.map((change) => stepOf(change, place)) };
  const disruption = disruptionOf(changes, snapshot, draft.outage);
  const risk = riskOf({
    base: kind.baseRisk,
    isIrreversible: inverse.kind === 'irreversible',
    ...{ disruption, confidence, extra: draft.risks ?? [] },
  });
  const money = moneyOf(changes, snapshot);
  const { delivery, ownership } = deliveryOf(draft, planning);
  const partial = { delivery, inverse, disruption, risk, money, changes };
  return {
    ...{ id: draftId(draft), kind: draft.kind, title: draft.title, target: draft.target, resolves },
    ...{ reason: draft.reason, evidence: draft.evidence, confidence, delivery },
    ...(ownership !== undefined && { ownership }),
    steps: changes.map((change, i) => stepOf(change, place, draft.commands?.[i])),
    preconditions: [...defaultPreconditions(changes, snapshot), ...(draft.preconditions ?? [])],
    inverse,
    probe: {
      conditions: probe?.conditions ?? defaultProbe(changes, snapshot),
      withinMs: probe?.withinMs ?? 10 * MINUTE,
      soakMs: probe?.soakMs ?? MINUTE,
    },
    ...{ disruption, money, risk },
    quota: quotaEffects(changes, snapshot),
    owner: ownerOf(draft, kind, planning),
    durationMs: draft.durationMs ?? kind.durationMs,
    approval: approvalOf(partial, planning.policy),
    after: draft.after ?? [],
  };
}

function placeOf({ snapshot: { cloud } }: Planning): CommandPlace {
  return {
    cluster: cloud.cluster?.name ?? '<cluster>',
    location: cloud.cluster?.location ?? '<location>',
    project: cloud.project ?? '<project>',
  };
}

/** Region of the cluster; `''` outside of any cloud that is known. */
export function regionOf({ snapshot: { cloud } }: Pick<Planning, 'snapshot'>): string {
  const location = cloud.cluster?.location ?? '';
  return /-[a-z]$/.test(location) ? regionOfZone(location) : location;
}

/** Changes of an action, without how they are made by hand. */
export function changesOf({ steps }: Pick<Action, 'steps'>): readonly Change[] {
  return steps.map(({ change }) => change);
}
