/**
 * Nobody grants by roles what they have not themselves, unless they may `escalate` or `bind`.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
import type { RoleRef } from 'kubernetes-types/rbac/v1.js';
import type { DeepReadonly, KubeObject } from '../../model/kube-object.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { forbidden, notFound } from '../api/api-error.ts';
import { CLUSTER_ROLES, ROLES } from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { MASTERS, RbacAuthorizer } from './authorizer.ts';
import { uncovered, type Rule } from './rules.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Asked of every write of roles and bindings. */
export function rbacEscalation(store: ObjectStore): AdmissionPlugin {
  const authorizer = new RbacAuthorizer(store);
  return {
    name: 'RBACEscalation',
    validate: (admission) => {
      const { type, operation, user } = admission;
      if (type.group !== GROUP || operation === 'DELETE' || user.groups.includes(MASTERS)) return;
      if (type.kind.endsWith('RoleBinding')) checkBinding(store, authorizer, admission);
      else checkRole(authorizer, admission);
    },
  };
}

interface RoleFields extends KubeObject {
  readonly rules?: readonly Rule[] | null;
  readonly aggregationRule?: unknown;
}
interface BindingFields extends KubeObject {
  readonly roleRef: DeepReadonly<RoleRef>;
  readonly subjects?: unknown;
}

function checkRole(authorizer: RbacAuthorizer, admission: Admission): void {
  const { rules, aggregationRule } = admission.object as RoleFields;
  const before = admission.previous as RoleFields | undefined;
  if (
    before !== undefined &&
    sameJson(before.rules ?? [], rules ?? []) &&
    sameJson(before.aggregationRule, aggregationRule)
  )
    return;
  if (may(authorizer, admission, 'escalate', admission.type.plural, admission.name)) return;
  // What an aggregation will come to is not known yet.
  const all: readonly Rule[] = [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ];
  confirm(authorizer, admission, aggregationRule === undefined ? (rules ?? []) : all);
}

function checkBinding(store: ObjectStore, authorizer: RbacAuthorizer, admission: Admission): void {
  const { roleRef, subjects } = admission.object as BindingFields;
  const before = admission.previous as BindingFields | undefined;
  if (before !== undefined && sameJson(before.roleRef, roleRef) && sameJson(before.subjects, subjects)) return;
  const isCluster = roleRef.kind === 'ClusterRole';
  if (may(authorizer, admission, 'bind', isCluster ? 'clusterroles' : 'roles', roleRef.name)) return;
  const type = isCluster ? CLUSTER_ROLES : ROLES;
  if (store.get(type, isCluster ? '' : admission.namespace, roleRef.name) === undefined)
    throw notFound(type, roleRef.name);
  confirm(authorizer, admission, authorizer.rulesOfRole(roleRef, admission.namespace));
}

function may(
  authorizer: RbacAuthorizer,
  { user, namespace }: Admission,
  verb: string,
  resource: string,
  name: string,
): boolean {
  const wanted = { isResource: true, group: GROUP, subresource: '', path: '', verb, resource, namespace, name };
  return authorizer.decide(user, wanted).allowed;
}

function confirm(
  authorizer: RbacAuthorizer,
  { type, name, user, namespace }: Admission,
  wanted: readonly Rule[],
): void {
  const missing = compact(uncovered(authorizer.rulesOf(user, namespace), wanted));
  if (missing.length === 0) return;
  const texts = [...new Set(missing.map(ruleText))].sort();
  throw forbidden(
    type,
    name,
    `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}`,
  );
}

/** Rules about the same thing as one, with the verbs of all. */
function compact(rules: readonly Rule[]): readonly Rule[] {
  const byThing = Map.groupBy(rules, ({ verbs: _verbs, ...thing }) => JSON.stringify(thing));
  return [...byThing.values()].map((same) => ({ ...(same[0] as Rule), verbs: same.flatMap(({ verbs }) => verbs) }));
}

function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: Rule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const texts = Object.entries(parts).flatMap(([name, values]) =>
    values === undefined || values.length === 0 ? [] : [`${name}:${quoted(values)}`],
  );
  return `{${texts.join(', ')}}`;
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
}
