/** Rules about PersistentVolumes, their claims, StorageClasses and disks on nodes. */
import type { Rule } from '../rule.ts';
import { rule as claimDeletionBlocked } from '../rules/claim-deletion-blocked/rule.ts';
import { rule as claimExpansionStuck } from '../rules/claim-expansion-stuck/rule.ts';
import { rule as claimLost } from '../rules/claim-lost/rule.ts';
import { rule as claimModifyFailed } from '../rules/claim-modify-failed/rule.ts';
import { rule as claimPending } from '../rules/claim-pending/rule.ts';
import { rule as claimSizeUnsupported } from '../rules/claim-size-unsupported/rule.ts';
import { rule as claimUnused } from '../rules/claim-unused/rule.ts';
import { rule as nodeVolumeLimit } from '../rules/node-volume-limit/rule.ts';
import { rule as storageClassMultipleDefaults } from '../rules/storage-class-multiple-defaults/rule.ts';
import { rule as storageClassProvisionerMissing } from '../rules/storage-class-provisioner-missing/rule.ts';
import { rule as volumeAttachFailed } from '../rules/volume-attach-failed/rule.ts';
import { rule as volumeDeleteFailed } from '../rules/volume-delete-failed/rule.ts';
import { rule as volumeFailed } from '../rules/volume-failed/rule.ts';
import { rule as volumePending } from '../rules/volume-pending/rule.ts';
import { rule as volumeQuotaShort } from '../rules/volume-quota-short/rule.ts';
import { rule as volumeReleased } from '../rules/volume-released/rule.ts';
import { rule as volumeUnused } from '../rules/volume-unused/rule.ts';
import { rule as volumeZoneConflict } from '../rules/volume-zone-conflict/rule.ts';

/** In the order of the reference pages. */
export const STORAGE_RULES: readonly Rule[] = [
  claimPending,
  claimLost,
  claimExpansionStuck,
  claimSizeUnsupported,
  claimModifyFailed,
  claimDeletionBlocked,
  claimUnused,
  volumeFailed,
  volumePending,
  volumeZoneConflict,
  volumeAttachFailed,
  volumeDeleteFailed,
  volumeReleased,
  volumeUnused,
  volumeQuotaShort,
  storageClassMultipleDefaults,
  storageClassProvisionerMissing,
  nodeVolumeLimit,
];
