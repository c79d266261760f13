/**
 * Gives aggregated ClusterRoles the rules of all that their selectors match.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
import type { ClusterRole } from 'kubernetes-types/rbac/v1.js';
import type { Kube } from '../../../model/kube-object.ts';
import { compare } from '../../../model/order.ts';
import { matchesSelector } from '../../../model/selector.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { CLUSTER_ROLES } from '../../api/built-in-types.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Controller } from '../controller.ts';

type Role = Kube<ClusterRole>;

const TYPE = CLUSTER_ROLES as ResourceType<Role>;

/** The controller. */
export function clusterRoleAggregation({ api }: SimulationContext): Controller {
  return {
    name: 'clusterrole-aggregation-controller',
    keysOf: ({ type }) =>
      type.kind !== TYPE.kind || type.group !== TYPE.group
        ? []
        : [...api.store.list(TYPE)].filter(isAggregated).map(({ metadata }) => metadata.name),
    reconcile: (name) => {
      const role = api.store.get(TYPE, '', name);
      if (role === undefined || !isAggregated(role)) return undefined;
      const rules = rulesFor(role, [...api.store.list(TYPE)]);
      if (!sameJson(rules, role.rules ?? [])) api.change(TYPE, '', name, (one) => ({ ...one, rules }));
      return undefined;
    },
  };
}

function isAggregated({ aggregationRule }: Role): boolean {
  return aggregationRule !== undefined && aggregationRule !== null;
}

/** Of each selector the matching roles by name; each rule once. */
function rulesFor({ metadata, aggregationRule }: Role, all: readonly Role[]): NonNullable<Role['rules']> {
  const byName = all.toSorted((a, b) => compare(a.metadata.name, b.metadata.name));
  const rules = (aggregationRule?.clusterRoleSelectors ?? []).flatMap((selector) =>
    byName
      .filter((one) => one.metadata.name !== metadata.name && matchesSelector(selector, one.metadata.labels ?? {}))
      .flatMap((one) => one.rules ?? []),
  );
  const seen = new Set<string>();
  return rules.filter((rule) => {
    const text = JSON.stringify(rule);
    return !seen.has(text) && seen.add(text);
  });
}
