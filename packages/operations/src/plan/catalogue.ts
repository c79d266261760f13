/** All kinds of action. */
import { fixIngressBackend } from './actions/fix-ingress-backend/fix-ingress-backend.ts';
import { fixSelector } from './actions/fix-selector/fix-selector.ts';
import { fixTargetPort } from './actions/fix-target-port/fix-target-port.ts';
import { rollBackWorkload } from './actions/roll-back-workload/roll-back-workload.ts';
import type { ActionKind } from './remedy.ts';

/** In the order of the reference page; by what they are about. */
export const ACTION_KINDS: readonly ActionKind[] = [rollBackWorkload, fixSelector, fixTargetPort, fixIngressBackend];

/** The kind of this name. */
export function actionKind(name: string): ActionKind | undefined {
  return ACTION_KINDS.find(({ kind }) => kind === name);
}
