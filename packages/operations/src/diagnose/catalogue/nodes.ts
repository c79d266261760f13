/** Rules about nodes and what watches them. */
import type { Rule } from '../rule.ts';
import { rule as controlPlaneSingle } from '../rules/control-plane-single/rule.ts';
import { rule as metricsServerAbsent } from '../rules/metrics-server-absent/rule.ts';
import { rule as nodeConditionUnknown } from '../rules/node-condition-unknown/rule.ts';
import { rule as nodeCordoned } from '../rules/node-cordoned/rule.ts';
import { rule as nodeMetricsMissing } from '../rules/node-metrics-missing/rule.ts';
import { rule as nodeNetworkUnavailable } from '../rules/node-network-unavailable/rule.ts';
import { rule as nodeNotReady } from '../rules/node-not-ready/rule.ts';
import { rule as nodePodsFull } from '../rules/node-pods-full/rule.ts';
import { rule as nodePressure } from '../rules/node-pressure/rule.ts';
import { rule as nodeProblem } from '../rules/node-problem/rule.ts';
import { rule as nodeTaintUntolerated } from '../rules/node-taint-untolerated/rule.ts';
import { rule as nodeUsageHigh } from '../rules/node-usage-high/rule.ts';
import { rule as nodeVersionSkew } from '../rules/node-version-skew/rule.ts';

/** In the order of the reference pages. */
export const NODES_RULES: readonly Rule[] = [
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
];
