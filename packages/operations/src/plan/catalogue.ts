/** All kinds of action. */
import { fixNodeSelector } from './actions/fix-node-selector/fix-node-selector.ts';
import { fixPriorityClass } from './actions/fix-priority-class/fix-priority-class.ts';
import { fixTopologySpread } from './actions/fix-topology-spread/fix-topology-spread.ts';
import { freeHostPort } from './actions/free-host-port/free-host-port.ts';
import { relaxAffinity } from './actions/relax-affinity/relax-affinity.ts';
import { removeSchedulingGate } from './actions/remove-scheduling-gate/remove-scheduling-gate.ts';
import { CAPACITY_KINDS } from './capacity/capacity-kinds.ts';
import { NETWORK_KINDS } from './network/network-kinds.ts';
import { WORKLOAD_KINDS } from './revisions/workload-kinds.ts';
import type { ActionKind } from './remedy.ts';

/** In the order of the reference page; by what they are about. */
export const ACTION_KINDS: readonly ActionKind[] = [
  ...WORKLOAD_KINDS,
  ...CAPACITY_KINDS,
  ...NETWORK_KINDS,
  fixNodeSelector,
  fixPriorityClass,
  fixTopologySpread,
  freeHostPort,
  relaxAffinity,
  removeSchedulingGate,
];

/** The kind of this name. */
export function actionKind(name: string): ActionKind | undefined {
  return ACTION_KINDS.find(({ kind }) => kind === name);
}
