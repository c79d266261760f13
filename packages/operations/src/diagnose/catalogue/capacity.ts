/** Rules about quotas, autoscaling and utilisation. */
import type { Rule } from '../rule.ts';
import { rule as autoscalerCeilingExceedsQuota } from '../rules/autoscaler-ceiling-exceeds-quota/rule.ts';
import { rule as clusterOvercommitted } from '../rules/cluster-overcommitted/rule.ts';
import { rule as containerCpuNearLimit } from '../rules/container-cpu-near-limit/rule.ts';
import { rule as containerMemoryNearLimit } from '../rules/container-memory-near-limit/rule.ts';
import { rule as containerUsageAboveRequest } from '../rules/container-usage-above-request/rule.ts';
import { rule as evictionForbidden } from '../rules/eviction-forbidden/rule.ts';
import { rule as limitRangeConflict } from '../rules/limit-range-conflict/rule.ts';
import { rule as namespaceQuotaBlocksRollout } from '../rules/namespace-quota-blocks-rollout/rule.ts';
import { rule as namespaceQuotaExhausted } from '../rules/namespace-quota-exhausted/rule.ts';
import { rule as namespaceQuotaNearLimit } from '../rules/namespace-quota-near-limit/rule.ts';
import { rule as namespaceQuotaOvercommitted } from '../rules/namespace-quota-overcommitted/rule.ts';
import { rule as nodeAutoProvisioningLimitReached } from '../rules/node-auto-provisioning-limit-reached/rule.ts';
import { rule as nodePoolAtMaximum } from '../rules/node-pool-at-maximum/rule.ts';
import { rule as nodePoolMaxPodsLow } from '../rules/node-pool-max-pods-low/rule.ts';
import { rule as nodesUnderused } from '../rules/nodes-underused/rule.ts';
import { rule as podCidrNearlyFull } from '../rules/pod-cidr-nearly-full/rule.ts';
import { rule as quotaExhausted } from '../rules/quota-exhausted/rule.ts';
import { rule as quotaForecast } from '../rules/quota-forecast/rule.ts';
import { rule as quotaNearLimit } from '../rules/quota-near-limit/rule.ts';
import { rule as requestsAboveUsage } from '../rules/requests-above-usage/rule.ts';
import { rule as scaleUpRefused } from '../rules/scale-up-refused/rule.ts';

/** In the order of the reference pages. */
export const CAPACITY_RULES: readonly Rule[] = [
  namespaceQuotaExhausted,
  namespaceQuotaNearLimit,
  namespaceQuotaOvercommitted,
  namespaceQuotaBlocksRollout,
  limitRangeConflict,
  nodePoolAtMaximum,
  nodeAutoProvisioningLimitReached,
  podCidrNearlyFull,
  nodePoolMaxPodsLow,
  scaleUpRefused,
  quotaExhausted,
  quotaNearLimit,
  quotaForecast,
  autoscalerCeilingExceedsQuota,
  requestsAboveUsage,
  containerUsageAboveRequest,
  containerMemoryNearLimit,
  containerCpuNearLimit,
  nodesUnderused,
  evictionForbidden,
  clusterOvercommitted,
];
