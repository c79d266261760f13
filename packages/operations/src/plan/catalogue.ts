/** All kinds of action. */
import { rollBackWorkload } from './actions/roll-back-workload/roll-back-workload.ts';
import type { ActionKind } from './remedy.ts';

/** In the order of the reference page; by what they are about. */
export const ACTION_KINDS: readonly ActionKind[] = [rollBackWorkload];

/** The kind of this name. */
export function actionKind(name: string): ActionKind | undefined {
  return ACTION_KINDS.find(({ kind }) => kind === name);
}
