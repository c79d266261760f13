/** Who is responsible for an action. */
import type { Role } from '@aia/contract';
import type { Planning } from '../planning.ts';
import type { ActionDraft, ActionKind } from '../remedy.ts';
import { roleOf } from './roles.ts';

/** By the capability of its kind. */
export function ownerOf(_draft: ActionDraft, { capability }: ActionKind, _planning: Planning): Role {
  return roleOf(capability);
}
