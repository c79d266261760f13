/** Kinds of action about capacity: requests and limits, nodes and pools, quotas. */
import { allowEviction } from '../actions/allow-eviction/allow-eviction.ts';
import { adjustLimitRange } from '../actions/adjust-limit-range/adjust-limit-range.ts';
import { setLimits } from '../actions/set-limits/set-limits.ts';
import { tuneAutoscaler } from '../actions/tune-autoscaler/tune-autoscaler.ts';
import { changeMachineType } from '../actions/change-machine-type/change-machine-type.ts';
import { changeZones } from '../actions/change-zones/change-zones.ts';
import { createNodePool } from '../actions/create-node-pool/create-node-pool.ts';
import { createLimitRange } from '../actions/create-limit-range/create-limit-range.ts';
import { drainNode } from '../actions/drain-node/drain-node.ts';
import { provideCapacity } from '../actions/provide-capacity/provide-capacity.ts';
import { setAutoscalingProfile } from '../actions/set-autoscaling-profile/set-autoscaling-profile.ts';
import { adjustResourceQuota } from '../actions/adjust-resource-quota/adjust-resource-quota.ts';
import { raiseRequests } from '../actions/raise-requests/raise-requests.ts';
import { raiseLimits } from '../actions/raise-limits/raise-limits.ts';
import { resizeNodePool } from '../actions/resize-node-pool/resize-node-pool.ts';
import { rightSizeRequests } from '../actions/right-size-requests/right-size-requests.ts';
import { replaceNode } from '../actions/replace-node/replace-node.ts';
import { setPoolAutoscaling } from '../actions/set-pool-autoscaling/set-pool-autoscaling.ts';
import { uncordonNode } from '../actions/uncordon-node/uncordon-node.ts';
import { grantRole } from '../actions/grant-role/grant-role.ts';
import type { ActionKind } from '../remedy.ts';

/** In the order of the reference page. */
export const CAPACITY_KINDS: readonly ActionKind[] = [
  rightSizeRequests,
  raiseLimits,
  raiseRequests,
  setLimits,
  createLimitRange,
  adjustResourceQuota,
  adjustLimitRange,
  tuneAutoscaler,
  resizeNodePool,
  setPoolAutoscaling,
  changeZones,
  setAutoscalingProfile,
  createNodePool,
  changeMachineType,
  uncordonNode,
  replaceNode,
  grantRole,
  drainNode,
  allowEviction,
  provideCapacity,
];
