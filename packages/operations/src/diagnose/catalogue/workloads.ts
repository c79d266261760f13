/** Rules about Deployments, ReplicaSets, StatefulSets, DaemonSets and what their templates need. */
import type { Rule } from '../rule.ts';
import { rule as daemonSetMisscheduled } from '../rules/daemon-set-misscheduled/rule.ts';
import { rule as daemonSetUnavailable } from '../rules/daemon-set-unavailable/rule.ts';
import { rule as deploymentRolloutPaused } from '../rules/deployment-rollout-paused/rule.ts';
import { rule as deploymentRolloutStuck } from '../rules/deployment-rollout-stuck/rule.ts';
import { rule as deploymentUnavailable } from '../rules/deployment-unavailable/rule.ts';
import { rule as replicaCreationFailed } from '../rules/replica-creation-failed/rule.ts';
import { rule as replicaSetUnavailable } from '../rules/replica-set-unavailable/rule.ts';
import { rule as statefulSetServiceMissing } from '../rules/stateful-set-service-missing/rule.ts';
import { rule as statefulSetStorageClassMissing } from '../rules/stateful-set-storage-class-missing/rule.ts';
import { rule as statefulSetUnavailable } from '../rules/stateful-set-unavailable/rule.ts';
import { rule as statefulSetUpdateStuck } from '../rules/stateful-set-update-stuck/rule.ts';
import { rule as workloadNotObserved } from '../rules/workload-not-observed/rule.ts';
import { rule as workloadPullSecretMissing } from '../rules/workload-pull-secret-missing/rule.ts';
import { rule as workloadScaledToZero } from '../rules/workload-scaled-to-zero/rule.ts';
import { rule as workloadSelectorMismatch } from '../rules/workload-selector-mismatch/rule.ts';
import { rule as workloadServiceAccountMissing } from '../rules/workload-service-account-missing/rule.ts';

/** In the order of the reference pages. */
export const WORKLOADS_RULES: readonly Rule[] = [
  deploymentRolloutPaused,
  deploymentRolloutStuck,
  deploymentUnavailable,
  replicaCreationFailed,
  replicaSetUnavailable,
  statefulSetServiceMissing,
  statefulSetStorageClassMissing,
  statefulSetUnavailable,
  statefulSetUpdateStuck,
  daemonSetMisscheduled,
  daemonSetUnavailable,
  workloadNotObserved,
  workloadPullSecretMissing,
  workloadScaledToZero,
  workloadSelectorMismatch,
  workloadServiceAccountMissing,
];
