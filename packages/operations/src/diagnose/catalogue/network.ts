/** Rules about Services and load balancers. */
import type { Rule } from '../rule.ts';
import { rule as loadBalancerPending } from '../rules/load-balancer-pending/rule.ts';
import { rule as loadBalancerProliferation } from '../rules/load-balancer-proliferation/rule.ts';
import { rule as serviceAddressUnallocated } from '../rules/service-address-unallocated/rule.ts';
import { rule as serviceEndpointsNotReady } from '../rules/service-endpoints-not-ready/rule.ts';
import { rule as serviceSelectsNothing } from '../rules/service-selects-nothing/rule.ts';
import { rule as serviceStuckTerminating } from '../rules/service-stuck-terminating/rule.ts';
import { rule as serviceSyncFailed } from '../rules/service-sync-failed/rule.ts';
import { rule as serviceTargetPortMissing } from '../rules/service-target-port-missing/rule.ts';
import { rule as serviceWithoutEndpoints } from '../rules/service-without-endpoints/rule.ts';

/** In the order of the reference pages. */
export const NETWORK_RULES: readonly Rule[] = [
  serviceSelectsNothing,
  serviceWithoutEndpoints,
  serviceEndpointsNotReady,
  serviceTargetPortMissing,
  serviceAddressUnallocated,
  serviceStuckTerminating,
  serviceSyncFailed,
  loadBalancerPending,
  loadBalancerProliferation,
];
