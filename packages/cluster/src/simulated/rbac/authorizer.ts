/** Who may do what, by the roles and bindings in the store. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
import type { RoleRef, Subject } from 'kubernetes-types/rbac/v1.js';
import type { DeepReadonly, KubeObject } from '../../model/kube-object.ts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES } from '../api/built-in-types.ts';
import type { User } from '../api/request.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { allows, type Attributes, type Rule } from './rules.ts';

interface Role extends KubeObject {
  readonly rules?: readonly Rule[] | null;
}
interface Binding extends KubeObject {
  readonly subjects?: readonly DeepReadonly<Subject>[] | null;
  readonly roleRef?: DeepReadonly<RoleRef>;
}

/** Members of it may do everything, whatever the roles say. */
export const MASTERS = 'system:masters';
const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** An answer, with what led to it. */
export interface Decision {
  readonly allowed: boolean;
  /** As SubjectAccessReviews say it. */
  readonly reason: string;
}

/** A rule that somebody has, and whence. */
interface Granted {
  readonly rule: Rule;
  readonly binding: Binding;
}

/** Reads the store anew for each question, so that a change counts at once. */
export class RbacAuthorizer {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  decide(user: User, wanted: Attributes): Decision {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    for (const { rule, binding } of this.#granted(user, wanted.isResource ? wanted.namespace : ''))
      if (allows(rule, wanted)) return { allowed: true, reason: reasonOf(binding) };
    return { allowed: false, reason: '' };
  }

  /** Everything that somebody may do in a namespace; `''` for what is granted cluster-wide alone. */
  rulesOf(user: User, namespace: string): readonly Rule[] {
    return [...this.#granted(user, namespace)].map(({ rule }) => rule);
  }

  /** What a role that a binding names grants; empty for one that is not there. */
  rulesOfRole(role: DeepReadonly<RoleRef>, namespace: string): readonly Rule[] {
    const isCluster = role.kind === 'ClusterRole';
    const found = this.#store.get(isCluster ? CLUSTER_ROLES : ROLES, isCluster ? '' : namespace, role.name);
    return (found as Role | undefined)?.rules ?? [];
  }

  *#granted(user: User, namespace: string): Iterable<Granted> {
    yield* this.#bound(this.#store.list(CLUSTER_ROLE_BINDINGS), user, '');
    if (namespace !== '') yield* this.#bound(this.#store.list(ROLE_BINDINGS, namespace), user, namespace);
  }

  *#bound(bindings: Iterable<Binding>, user: User, namespace: string): Iterable<Granted> {
    for (const binding of bindings) {
      const { roleRef, subjects } = binding;
      if (roleRef === undefined || !(subjects ?? []).some((subject) => isMeant(subject, user, namespace))) continue;
      for (const rule of this.rulesOfRole(roleRef, namespace)) yield { rule, binding };
    }
  }
}

function isMeant(subject: DeepReadonly<Subject>, { name, groups }: User, bindingNamespace: string): boolean {
  if (subject.kind === 'User') return subject.name === name;
  if (subject.kind === 'Group') return groups.includes(subject.name);
  const namespace = subject.namespace ?? bindingNamespace;
  return subject.kind === 'ServiceAccount' && name === `${SERVICE_ACCOUNT}${namespace}:${subject.name}`;
}

/** `RBAC: allowed by RoleBinding "readers/shop" of Role "reader" to User "jane"`. */
function reasonOf({ kind, metadata, roleRef, subjects }: Binding): string {
  const place = metadata.namespace === undefined ? metadata.name : `${metadata.name}/${metadata.namespace}`;
  const [subject] = subjects ?? [];
  const who = subject?.namespace === undefined ? subject?.name : `${subject.name}/${subject.namespace}`;
  return `RBAC: allowed by ${kind} ${JSON.stringify(place)} of ${roleRef?.kind ?? ''} ${JSON.stringify(roleRef?.name)} to ${subject?.kind ?? ''} ${JSON.stringify(who)}`;
}
