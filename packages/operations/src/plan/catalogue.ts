/** All kinds of action. */
import { createStorageClass } from './actions/create-storage-class/create-storage-class.ts';
import { expandClaim } from './actions/expand-claim/expand-claim.ts';
import { fixNodeSelector } from './actions/fix-node-selector/fix-node-selector.ts';
import { fixPriorityClass } from './actions/fix-priority-class/fix-priority-class.ts';
import { fixStorageClass } from './actions/fix-storage-class/fix-storage-class.ts';
import { fixTopologySpread } from './actions/fix-topology-spread/fix-topology-spread.ts';
import { freeHostPort } from './actions/free-host-port/free-host-port.ts';
import { lowerPriority } from './actions/lower-priority/lower-priority.ts';
import { recreateClaim } from './actions/recreate-claim/recreate-claim.ts';
import { relaxAffinity } from './actions/relax-affinity/relax-affinity.ts';
import { removeSchedulingGate } from './actions/remove-scheduling-gate/remove-scheduling-gate.ts';
import { removeTaint } from './actions/remove-taint/remove-taint.ts';
import { repairVolume } from './actions/repair-volume/repair-volume.ts';
import { restoreRequests } from './actions/restore-requests/restore-requests.ts';
import { shareVolume } from './actions/share-volume/share-volume.ts';
import { tolerateTaint } from './actions/tolerate-taint/tolerate-taint.ts';
import { CAPACITY_KINDS } from './capacity/capacity-kinds.ts';
import { NETWORK_KINDS } from './network/network-kinds.ts';
import { tuneDisruptionBudget } from './actions/tune-disruption-budget/tune-disruption-budget.ts';
import { setSecurityContext } from './actions/set-security-context/set-security-context.ts';
import { mountWritableDirectory } from './actions/mount-writable-directory/mount-writable-directory.ts';
import { mountSingleFile } from './actions/mount-single-file/mount-single-file.ts';
import { fixAutoscalerTarget } from './actions/fix-autoscaler-target/fix-autoscaler-target.ts';
import { restoreApiService } from './actions/restore-api-service/restore-api-service.ts';
import type { ActionKind } from './remedy.ts';
import { WORKLOAD_KINDS } from './revisions/workload-kinds.ts';

/** In the order of the reference page; by what they are about. */
export const ACTION_KINDS: readonly ActionKind[] = [
  ...CAPACITY_KINDS,
  ...WORKLOAD_KINDS,
  ...NETWORK_KINDS,
  fixNodeSelector,
  fixPriorityClass,
  fixTopologySpread,
  freeHostPort,
  relaxAffinity,
  removeSchedulingGate,
  removeTaint,
  tolerateTaint,
  lowerPriority,
  restoreRequests,
  recreateClaim,
  createStorageClass,
  fixStorageClass,
  shareVolume,
  expandClaim,
  repairVolume,
  tuneDisruptionBudget,
  setSecurityContext,
  mountWritableDirectory,
  mountSingleFile,
  fixAutoscalerTarget,
  restoreApiService,
];

/** The kind of this name. */
export function actionKind(name: string): ActionKind | undefined {
  return ACTION_KINDS.find(({ kind }) => kind === name);
}
