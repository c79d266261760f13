/** Roles and bindings for cases. */
import type { Json } from '../conformance-case.ts';

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const API_GROUP = 'rbac.authorization.k8s.io';

export const SHOP = { namespace: 'shop' } as const;

/** A rule over resources of one group. */
export function rule(
  verbs: readonly string[],
  resources: readonly string[],
  apiGroup = '',
  resourceNames?: readonly string[],
): Json {
  return { verbs, resources, apiGroups: [apiGroup], ...(resourceNames !== undefined && { resourceNames }) };
}

export function role(name: string, ...rules: readonly Json[]): Json {
  return { apiVersion: API_VERSION, kind: 'Role', metadata: { name, ...SHOP }, rules };
}

export function clusterRole(name: string, rules: readonly Json[], more: Json = {}): Json {
  return { apiVersion: API_VERSION, kind: 'ClusterRole', metadata: { name }, rules, ...more };
}

export function user(name: string): Json {
  return { kind: 'User', apiGroup: API_GROUP, name };
}

export function group(name: string): Json {
  return { kind: 'Group', apiGroup: API_GROUP, name };
}

/** `to` names a role of the namespace, or with `ClusterRole/` one of the cluster. */
export function roleBinding(name: string, to: string, ...subjects: readonly Json[]): Json {
  return {
    apiVersion: API_VERSION,
    kind: 'RoleBinding',
    metadata: { name, ...SHOP },
    roleRef: reference(to),
    subjects,
  };
}

export function clusterRoleBinding(name: string, to: string, ...subjects: readonly Json[]): Json {
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: reference(`ClusterRole/${to}`),
    subjects,
  };
}

function reference(to: string): Json {
  const [kind = '', name] = to.includes('/') ? to.split('/') : ['Role', to];
  return { apiGroup: API_GROUP, kind, name };
}
