/** The catalogue: every rule, by what it looks at. `npm run docs` writes a page for each. */
import { AUTOSCALING_RULES } from './catalogue/autoscaling.ts';
import { CAPACITY_RULES } from './catalogue/capacity.ts';
import { CERTIFICATES_RULES } from './catalogue/certificates.ts';
import { CLOUD_RULES } from './catalogue/cloud.ts';
import { CLUSTER_RULES } from './catalogue/cluster.ts';
import { CONFIGURATION_RULES } from './catalogue/configuration.ts';
import { CONTAINERS_RULES } from './catalogue/containers.ts';
import { DISRUPTION_RULES } from './catalogue/disruption.ts';
import { ENDPOINT_RULES } from './catalogue/endpoints.ts';
import { JOBS_RULES } from './catalogue/jobs.ts';
import { EXTENSIONS_RULES } from './catalogue/extensions.ts';
import { NETWORK_RULES } from './catalogue/network.ts';
import { NODES_RULES } from './catalogue/nodes.ts';
import { PODS_RULES } from './catalogue/pods.ts';
import { ROUTING_RULES } from './catalogue/routing.ts';
import { STORAGE_RULES } from './catalogue/storage.ts';
import { WORKLOADS_RULES } from './catalogue/workloads.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order of the reference pages. */
export const RULES: readonly Rule[] = Object.freeze([
  ...PODS_RULES,
  ...CONTAINERS_RULES,
  ...WORKLOADS_RULES,
  ...JOBS_RULES,
  ...AUTOSCALING_RULES,
  ...DISRUPTION_RULES,
  ...CONFIGURATION_RULES,
  ...NODES_RULES,
  ...CLUSTER_RULES,
  ...EXTENSIONS_RULES,
  ...CAPACITY_RULES,
  ...CLOUD_RULES,
  ...NETWORK_RULES,
  ...ROUTING_RULES,
  ...CERTIFICATES_RULES,
  ...ENDPOINT_RULES,
  ...STORAGE_RULES,
]);

const BY_CODE = new Map(RULES.map((rule) => [rule.code, rule]));

/** The rule with this code. */
export function ruleOf(code: string): Rule | undefined {
  return BY_CODE.get(code);
}
