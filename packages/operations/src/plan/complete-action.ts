/** From a draft to an action: everything that follows from its changes. */
import { refKey, refOf, regionOfZone, type ClusterSnapshot } from '@aia/cluster';
import type { Action, Change, Condition } from '@aia/contract';
import { approvalOf } from './effects/approval.ts';
import { changedObjects } from './effects/changed-objects.ts';
import type { CommandPlace } from './effects/cloud-commands.ts';
import { stepsOf } from './effects/commands.ts';
import { defaultPreconditions, defaultProbe } from './effects/default-conditions.ts';
import { disruptionOf } from './effects/disruption.ts';
import { undoOf, type Undo } from './effects/inverse.ts';
import { withoutMasks } from './effects/masks.ts';
import { moneyOf } from './effects/money.ts';
import { quotaEffects } from './effects/quota-effect.ts';
import { riskOf } from './effects/risk.ts';
import { standingOf } from './effects/standing.ts';
import { storageAtRisk } from './effects/storage-at-risk.ts';
import { deliveryOf, withPullRequest } from './ownership/delivery.ts';
import { ownerOf } from './owners/owner-of.ts';
import type { Planning } from './planning.ts';
import { draftId, type ActionDraft, type ActionKind } from './remedy.ts';

const MINUTE = 60_000;

/** Completes a draft of a kind for the goals that it serves. `earlier`: changes of drafts of the same remedy before it. Pure. */
export function completeAction(
  draft: ActionDraft,
  kind: ActionKind,
  resolves: readonly string[],
  planning: Planning,
  earlier: readonly Change[] = [],
): Action {
  const { snapshot } = planning;
  const { probe, confidence } = draft;
  const changes = draft.changes.map((change) => withoutMasks(change, snapshot));
  const objects = changedObjects(changes, snapshot, earlier);
  const place = placeOf(planning.snapshot.cloud);
  const inverse = inverseOf(draft, undoOf(changes, snapshot, earlier), place);
  const disruption = disruptionOf(changes, snapshot, draft.outage, earlier);
  const delivered = deliveryOf(draft, objects, planning);
  const risk = riskOf({
    ...{ base: kind.baseRisk, disruption, confidence, extra: draft.risks ?? [] },
    irreversible: inverse.kind === 'irreversible' ? inverse.reason : undefined,
    allPods: standingOf(snapshot).pods.length,
    ...storageAtRisk(changes, objects, standingOf(snapshot)),
    reconciler: delivered.ownership?.isActive === true ? delivered.ownership.name : undefined,
    hasWindow: planning.policy.windows.length > 0,
  });
  const conditions = probe?.conditions ?? defaultProbe(changes, snapshot, earlier);
  const { delivery, ownership } = withPullRequest(delivered, {
    ...draft,
    risk,
    disruption,
    inverse,
    probe: conditions,
  });
  const money = moneyOf(changes, snapshot, earlier);
  const quota = quotaEffects(changes, snapshot, earlier);
  return {
    ...{ id: draftId(draft), kind: draft.kind, title: draft.title, target: draft.target, resolves },
    ...{ reason: draft.reason, evidence: draft.evidence, confidence, delivery },
    ...(ownership !== undefined && { ownership }),
    steps: stepsOf(changes, objects, place, { ...(draft.commands !== undefined && { overrides: draft.commands }) }),
    preconditions: distinct([
      ...defaultPreconditions(changes, snapshot, quota, earlier),
      ...(draft.preconditions ?? []),
    ]),
    inverse,
    probe: {
      conditions,
      withinMs: Math.max(probe?.withinMs ?? 10 * MINUTE, conditions.some(isRefused(planning)) ? RETRIED_MS : 0),
      soakMs: probe?.soakMs ?? MINUTE,
    },
    ...{ disruption, money, risk, quota },
    ...(draft.leavesShort !== undefined && { leavesShort: draft.leavesShort }),
    owner: ownerOf(draft, kind, planning),
    durationMs: draft.durationMs ?? kind.durationMs,
    approval: approvalOf({ inverse, disruption, risk, money, changes, objects }, planning.policy),
    after: draft.after ?? [],
  };
}

/** Controllers whose pods were refused try again after up to 17 min. Source: k8s.io/client-go/util/workqueue (DefaultControllerRateLimiter) */
const RETRIED_MS = 20 * MINUTE;

/** Whether a condition is about a workload whose pods are being refused. */
function isRefused(planning: Planning): (condition: Condition) => boolean {
  const refused = planning.once(refusedKeys);
  return (condition) => 'target' in condition && refused.has(refKey(condition.target));
}

function refusedKeys(planning: Planning): ReadonlySet<string> {
  const found = planning.findingsOfCode('replica-creation-failed');
  return new Set(
    found.flatMap(({ resource }) => {
      const workload = planning.workloadOf(resource);
      return [refKey(resource), ...(workload === undefined ? [] : [refKey(refOf(workload))])];
    }),
  );
}

function inverseOf(draft: ActionDraft, undo: Undo, place: CommandPlace): Action['inverse'] {
  if (draft.irreversible !== undefined) return { kind: 'irreversible', reason: draft.irreversible };
  if (undo.kind === 'irreversible') return undo;
  return { kind: 'reversible', steps: stepsOf(undo.changes, [], place, { prefix: 'undo-' }) };
}

function distinct(conditions: readonly Condition[]): readonly Condition[] {
  return [...new Map(conditions.map((one) => [JSON.stringify(one), one])).values()];
}

/** Where commands of the cloud act, with what is to be filled in where it is not known. */
export function placeOf(cloud: ClusterSnapshot['cloud']): CommandPlace {
  return {
    cluster: cloud.cluster?.name ?? '<cluster>',
    location: cloud.cluster?.location ?? '<location>',
    project: cloud.project ?? '<project>',
    nodePools: cloud.cluster?.nodePools ?? [],
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
