/** Where an action is carried out: in the cluster, in what an active reconciler applies, or by a person. */
import type { Action, Ownership } from '@aia/contract';
import type { ObjectChange } from '../effects/changed-objects.ts';
import { writesMask } from '../effects/masks.ts';
import type { Planning } from '../planning.ts';
import type { ActionDraft } from '../remedy.ts';
import { pullRequestOf, type PullRequestSubject } from './pull-request.ts';
import type { Reconciler } from './reconciler.ts';
import { reconcilerOfChanges } from './reconcilers.ts';
import { sourceChangeOf } from './source-change.ts';

/** How an action is delivered, and who reconciles its target. */
export interface Delivery {
  readonly delivery: Action['delivery'];
  readonly ownership?: Ownership;
}

/**
 * Persons do what only they can, and write what was masked in the snapshot. What an active reconciler applies is changed in its source;
 * what Helm installed as the policy says; everything else in the cluster.
 */
export function deliveryOf(draft: ActionDraft, objects: readonly ObjectChange[], planning: Planning): Delivery {
  const { changes } = draft;
  if (changes.every((change) => change.kind === 'manual' || writesMask(change))) return { delivery: 'person' };
  const found = reconcilerOfChanges(changes, objects, planning);
  if (found === undefined) return { delivery: 'cluster' };
  const { reconciler, object } = found;
  const { isActive, name, evidence, source } = reconciler;
  const sourceChange =
    draft.sourceChange ?? (object === undefined ? undefined : sourceChangeOf(sharing(objects, object), reconciler));
  return {
    delivery: isSource(reconciler, planning) ? 'source' : 'cluster',
    ownership: {
      ...{ reconciler: reconciler.reconciler, name, isActive, evidence, source },
      ...(sourceChange !== undefined && { sourceChange }),
    },
  };
}

/** With the text of the pull request that an action in a source needs. */
export function withPullRequest(
  { delivery, ownership }: Delivery,
  subject: Omit<PullRequestSubject, 'ownership'>,
): Delivery {
  if (ownership === undefined || delivery !== 'source')
    return { delivery, ...(ownership !== undefined && { ownership }) };
  return { delivery, ownership: { ...ownership, pullRequest: pullRequestOf({ ...subject, ownership }) } };
}

function isSource({ isActive, reconciler }: Reconciler, { policy }: Planning): boolean {
  return isActive || (reconciler === 'helm' && policy.ownership.helm === 'source');
}

/** Changes of one object after another are one change of its source. */
function sharing(objects: readonly ObjectChange[], { ref }: ObjectChange): readonly ObjectChange[] {
  const own = objects.filter(
    (one) => one.ref.kind === ref.kind && one.ref.name === ref.name && one.ref.namespace === ref.namespace,
  );
  const [first] = own;
  return first === undefined ? [] : [{ ...first, after: own.at(-1)?.after }];
}
