/** Rules about pods as a whole. */
import type { Rule } from '../rule.ts';
import { rule as podEvicted } from '../rules/pod-evicted/rule.ts';
import { rule as podFailed } from '../rules/pod-failed/rule.ts';
import { rule as podMultipleDisruptionBudgets } from '../rules/pod-multiple-disruption-budgets/rule.ts';
import { rule as podOnMissingNode } from '../rules/pod-on-missing-node/rule.ts';
import { rule as podReadinessGatePending } from '../rules/pod-readiness-gate-pending/rule.ts';
import { rule as podRejected } from '../rules/pod-rejected/rule.ts';
import { rule as podResizePending } from '../rules/pod-resize-pending/rule.ts';
import { rule as podSandboxFailed } from '../rules/pod-sandbox-failed/rule.ts';
import { rule as podSchedulingGated } from '../rules/pod-scheduling-gated/rule.ts';
import { rule as podStartStalled } from '../rules/pod-start-stalled/rule.ts';
import { rule as podStuckTerminating } from '../rules/pod-stuck-terminating/rule.ts';
import { rule as podUnschedulable } from '../rules/pod-unschedulable/rule.ts';
import { rule as podVolumeMountFailed } from '../rules/pod-volume-mount-failed/rule.ts';
import { rule as podWithoutOwner } from '../rules/pod-without-owner/rule.ts';

/** In the order of the reference pages. */
export const PODS_RULES: readonly Rule[] = [
  podEvicted,
  podFailed,
  podMultipleDisruptionBudgets,
  podOnMissingNode,
  podReadinessGatePending,
  podRejected,
  podResizePending,
  podSandboxFailed,
  podSchedulingGated,
  podStartStalled,
  podStuckTerminating,
  podUnschedulable,
  podVolumeMountFailed,
  podWithoutOwner,
];
