/** Rules about quotas, autoscaling and utilisation. */
import type { Rule } from '../rule.ts';
import { rule as namespaceQuotaExhausted } from '../rules/namespace-quota-exhausted/rule.ts';
import { rule as namespaceQuotaNearLimit } from '../rules/namespace-quota-near-limit/rule.ts';
import { rule as nodePoolAtMaximum } from '../rules/node-pool-at-maximum/rule.ts';
import { rule as nodesUnderused } from '../rules/nodes-underused/rule.ts';
import { rule as quotaExhausted } from '../rules/quota-exhausted/rule.ts';
import { rule as quotaNearLimit } from '../rules/quota-near-limit/rule.ts';
import { rule as requestsAboveUsage } from '../rules/requests-above-usage/rule.ts';
import { rule as scaleUpRefused } from '../rules/scale-up-refused/rule.ts';

/** In the order of the reference pages. */
export const CAPACITY_RULES: readonly Rule[] = [
  namespaceQuotaExhausted,
  namespaceQuotaNearLimit,
  nodePoolAtMaximum,
  scaleUpRefused,
  quotaExhausted,
  quotaNearLimit,
  requestsAboveUsage,
  nodesUnderused,
];
