/** Where an action is carried out: in the cluster, in what an active reconciler applies, or by a person. */
import type { Action, Ownership } from '@aia/contract';
import { writesMask } from '../effects/masks.ts';
import type { ObjectChange } from '../effects/changed-objects.ts';
import type { Planning } from '../planning.ts';
import type { ActionDraft } from '../remedy.ts';

/** How an action is delivered, and who reconciles its target. */
export interface Delivery {
  readonly delivery: Action['delivery'];
  readonly ownership?: Ownership;
}

/** Persons do what only they can. */
export function deliveryOf({ changes }: ActionDraft, _objects: readonly ObjectChange[], _planning: Planning): Delivery {
  return { delivery: changes.every((change) => change.kind === 'manual' || writesMask(change)) ? 'person' : 'cluster' };
}
