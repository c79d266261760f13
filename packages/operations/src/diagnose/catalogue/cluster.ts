/** Rules about namespaces, the API server and what extends it. */
import type { Rule } from '../rule.ts';
import { rule as apiDeprecatedInUse } from '../rules/api-deprecated-in-use/rule.ts';
import { rule as clusterVersionOld } from '../rules/cluster-version-old/rule.ts';
import { rule as namespaceStuckTerminating } from '../rules/namespace-stuck-terminating/rule.ts';
import { rule as suppressionExpired } from '../rules/suppression-expired/rule.ts';

/** In the order of the reference pages. */
export const CLUSTER_RULES: readonly Rule[] = [
  namespaceStuckTerminating,
  apiDeprecatedInUse,
  clusterVersionOld,
  suppressionExpired,
];
