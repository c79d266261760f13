/** Rules about endpoints that were asked. */
import type { Rule } from '../rule.ts';
import { rule as endpointFailing } from '../rules/endpoint-failing/rule.ts';
import { rule as endpointSlow } from '../rules/endpoint-slow/rule.ts';
import { rule as endpointUnreachable } from '../rules/endpoint-unreachable/rule.ts';

/** In the order of the reference pages. */
export const ENDPOINT_RULES: readonly Rule[] = [endpointUnreachable, endpointFailing, endpointSlow];
