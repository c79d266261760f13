/** Kinds of action about workloads: their revisions, size, configuration and programs. */
import { askOwner } from '../actions/ask-owner/ask-owner.ts';
import { deletePod } from '../actions/delete-pod/delete-pod.ts';
import { fixCommand } from '../actions/fix-command/fix-command.ts';
import { fixEnvironment } from '../actions/fix-environment/fix-environment.ts';
import { fixImage } from '../actions/fix-image/fix-image.ts';
import { fixProbe } from '../actions/fix-probe/fix-probe.ts';
import { fixPullSecret } from '../actions/fix-pull-secret/fix-pull-secret.ts';
import { fixServiceAccount } from '../actions/fix-service-account/fix-service-account.ts';
import { fixConfigKey } from '../actions/fix-config-key/fix-config-key.ts';
import { fixReference } from '../actions/fix-reference/fix-reference.ts';
import { makeReferenceOptional } from '../actions/make-reference-optional/make-reference-optional.ts';
import { makeRolloutRoom } from '../actions/make-rollout-room/make-rollout-room.ts';
import { restartWorkload } from '../actions/restart-workload/restart-workload.ts';
import { restoreConfigMap } from '../actions/restore-config-map/restore-config-map.ts';
import { restoreRegistryAccess } from '../actions/restore-registry-access/restore-registry-access.ts';
import { restoreSecret } from '../actions/restore-secret/restore-secret.ts';
import { recreateJob } from '../actions/recreate-job/recreate-job.ts';
import { resumeRollout } from '../actions/resume-rollout/resume-rollout.ts';
import { resumeSchedule } from '../actions/resume-schedule/resume-schedule.ts';
import { rollBackWorkload } from '../actions/roll-back-workload/roll-back-workload.ts';
import { useCachedImage } from '../actions/use-cached-image/use-cached-image.ts';
import { scaleWorkload } from '../actions/scale-workload/scale-workload.ts';
import type { ActionKind } from '../remedy.ts';

/** In the order of the reference page. */
export const WORKLOAD_KINDS: readonly ActionKind[] = [
  rollBackWorkload,
  resumeRollout,
  makeRolloutRoom,
  scaleWorkload,
  resumeSchedule,
  recreateJob,
  deletePod,
  restartWorkload,
  fixReference,
  fixConfigKey,
  makeReferenceOptional,
  restoreConfigMap,
  restoreSecret,
  restoreRegistryAccess,
  fixImage,
  useCachedImage,
  fixCommand,
  fixProbe,
  fixEnvironment,
  fixServiceAccount,
  fixPullSecret,
  askOwner,
];
