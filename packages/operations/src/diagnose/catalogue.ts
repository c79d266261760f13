/** The catalogue: every rule, by what it looks at. `npm run docs` writes a page for each. */
import type { Rule } from './rule.ts';
import { rule as certificateChainBroken } from './rules/certificate-chain-broken/rule.ts';
import { rule as certificateExpired } from './rules/certificate-expired/rule.ts';
import { rule as certificateExpiring } from './rules/certificate-expiring/rule.ts';
import { rule as certificateNameMismatch } from './rules/certificate-name-mismatch/rule.ts';
import { rule as certificateNotYetValid } from './rules/certificate-not-yet-valid/rule.ts';
import { rule as configMapKeyMissing } from './rules/config-map-key-missing/rule.ts';
import { rule as configMapMissing } from './rules/config-map-missing/rule.ts';
import { rule as containerConfigError } from './rules/container-config-error/rule.ts';
import { rule as containerCrashLoop } from './rules/container-crash-loop/rule.ts';
import { rule as containerImagePullFailed } from './rules/container-image-pull-failed/rule.ts';
import { rule as containerInitBlocked } from './rules/container-init-blocked/rule.ts';
import { rule as containerNotReady } from './rules/container-not-ready/rule.ts';
import { rule as containerOomKilled } from './rules/container-oom-killed/rule.ts';
import { rule as containerRestartsOften } from './rules/container-restarts-often/rule.ts';
import { rule as containerStartFailed } from './rules/container-start-failed/rule.ts';
import { rule as containerTerminatedWithError } from './rules/container-terminated-with-error/rule.ts';
import { rule as controlPlaneSingle } from './rules/control-plane-single/rule.ts';
import { rule as daemonSetMisscheduled } from './rules/daemon-set-misscheduled/rule.ts';
import { rule as daemonSetUnavailable } from './rules/daemon-set-unavailable/rule.ts';
import { rule as deploymentRolloutStuck } from './rules/deployment-rollout-stuck/rule.ts';
import { rule as deploymentUnavailable } from './rules/deployment-unavailable/rule.ts';
import { rule as loadBalancerPending } from './rules/load-balancer-pending/rule.ts';
import { rule as loadBalancerProliferation } from './rules/load-balancer-proliferation/rule.ts';
import { rule as metricsServerAbsent } from './rules/metrics-server-absent/rule.ts';
import { rule as namespaceQuotaExhausted } from './rules/namespace-quota-exhausted/rule.ts';
import { rule as namespaceQuotaNearLimit } from './rules/namespace-quota-near-limit/rule.ts';
import { rule as namespaceStuckTerminating } from './rules/namespace-stuck-terminating/rule.ts';
import { rule as nodeConditionUnknown } from './rules/node-condition-unknown/rule.ts';
import { rule as nodeCordoned } from './rules/node-cordoned/rule.ts';
import { rule as nodeMetricsMissing } from './rules/node-metrics-missing/rule.ts';
import { rule as nodeNetworkUnavailable } from './rules/node-network-unavailable/rule.ts';
import { rule as nodeNotReady } from './rules/node-not-ready/rule.ts';
import { rule as nodePodsFull } from './rules/node-pods-full/rule.ts';
import { rule as nodePoolAtMaximum } from './rules/node-pool-at-maximum/rule.ts';
import { rule as nodePressure } from './rules/node-pressure/rule.ts';
import { rule as nodeProblem } from './rules/node-problem/rule.ts';
import { rule as nodeTaintUntolerated } from './rules/node-taint-untolerated/rule.ts';
import { rule as nodeUsageHigh } from './rules/node-usage-high/rule.ts';
import { rule as nodeVersionSkew } from './rules/node-version-skew/rule.ts';
import { rule as nodesUnderused } from './rules/nodes-underused/rule.ts';
import { rule as podEvicted } from './rules/pod-evicted/rule.ts';
import { rule as podFailed } from './rules/pod-failed/rule.ts';
import { rule as podMultipleDisruptionBudgets } from './rules/pod-multiple-disruption-budgets/rule.ts';
import { rule as podReadinessGatePending } from './rules/pod-readiness-gate-pending/rule.ts';
import { rule as podRejected } from './rules/pod-rejected/rule.ts';
import { rule as podSandboxFailed } from './rules/pod-sandbox-failed/rule.ts';
import { rule as podSchedulingGated } from './rules/pod-scheduling-gated/rule.ts';
import { rule as podStartStalled } from './rules/pod-start-stalled/rule.ts';
import { rule as podStuckTerminating } from './rules/pod-stuck-terminating/rule.ts';
import { rule as podUnschedulable } from './rules/pod-unschedulable/rule.ts';
import { rule as podVolumeMountFailed } from './rules/pod-volume-mount-failed/rule.ts';
import { rule as podWithoutOwner } from './rules/pod-without-owner/rule.ts';
import { rule as quotaExhausted } from './rules/quota-exhausted/rule.ts';
import { rule as quotaNearLimit } from './rules/quota-near-limit/rule.ts';
import { rule as replicaCreationFailed } from './rules/replica-creation-failed/rule.ts';
import { rule as replicaSetUnavailable } from './rules/replica-set-unavailable/rule.ts';
import { rule as requestsAboveUsage } from './rules/requests-above-usage/rule.ts';
import { rule as scaleUpRefused } from './rules/scale-up-refused/rule.ts';
import { rule as secretKeyMissing } from './rules/secret-key-missing/rule.ts';
import { rule as secretMissing } from './rules/secret-missing/rule.ts';
import { rule as statefulSetServiceMissing } from './rules/stateful-set-service-missing/rule.ts';
import { rule as statefulSetStorageClassMissing } from './rules/stateful-set-storage-class-missing/rule.ts';
import { rule as statefulSetUnavailable } from './rules/stateful-set-unavailable/rule.ts';
import { rule as statefulSetUpdateStuck } from './rules/stateful-set-update-stuck/rule.ts';
import { rule as workloadNotObserved } from './rules/workload-not-observed/rule.ts';
import { rule as workloadPullSecretMissing } from './rules/workload-pull-secret-missing/rule.ts';
import { rule as workloadSelectorMismatch } from './rules/workload-selector-mismatch/rule.ts';
import { rule as workloadServiceAccountMissing } from './rules/workload-service-account-missing/rule.ts';

/** All rules, in the order of the reference pages. */
export const RULES: readonly Rule[] = Object.freeze([
  podEvicted,
  podFailed,
  podMultipleDisruptionBudgets,
  podReadinessGatePending,
  podRejected,
  podSandboxFailed,
  podSchedulingGated,
  podStartStalled,
  podStuckTerminating,
  podUnschedulable,
  podVolumeMountFailed,
  podWithoutOwner,
  containerConfigError,
  containerCrashLoop,
  containerImagePullFailed,
  containerInitBlocked,
  containerNotReady,
  containerOomKilled,
  containerRestartsOften,
  containerStartFailed,
  containerTerminatedWithError,
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
  workloadSelectorMismatch,
  workloadServiceAccountMissing,
  configMapKeyMissing,
  configMapMissing,
  secretKeyMissing,
  secretMissing,
  nodeConditionUnknown,
  nodeCordoned,
  nodeMetricsMissing,
  nodeNetworkUnavailable,
  nodeNotReady,
  nodePodsFull,
  nodePressure,
  nodeProblem,
  nodeTaintUntolerated,
  nodeUsageHigh,
  nodeVersionSkew,
  controlPlaneSingle,
  metricsServerAbsent,
  namespaceQuotaExhausted,
  namespaceQuotaNearLimit,
  namespaceStuckTerminating,
  nodePoolAtMaximum,
  scaleUpRefused,
  quotaExhausted,
  quotaNearLimit,
  requestsAboveUsage,
  nodesUnderused,
  loadBalancerPending,
  loadBalancerProliferation,
  certificateChainBroken,
  certificateExpired,
  certificateExpiring,
  certificateNameMismatch,
  certificateNotYetValid,
]);

/** The rule with this code. */
export function ruleOf(code: string): Rule | undefined {
  return RULES.find((rule) => rule.code === code);
}
