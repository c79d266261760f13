/** Rules about Services and load balancers. */
import type { Rule } from '../rule.ts';
import { rule as loadBalancerPending } from '../rules/load-balancer-pending/rule.ts';
import { rule as loadBalancerProliferation } from '../rules/load-balancer-proliferation/rule.ts';

/** In the order of the reference pages. */
export const NETWORK_RULES: readonly Rule[] = [loadBalancerPending, loadBalancerProliferation];
