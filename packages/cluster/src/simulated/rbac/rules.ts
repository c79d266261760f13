/**
 * What roles grant: rules, and whether they cover a request or each other.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/; `k8s.io/component-helpers/auth/rbac/validation`.
 */
import type { PolicyRule } from 'kubernetes-types/rbac/v1.js';
import type { DeepReadonly } from '../../model/kube-object.ts';

export type Rule = DeepReadonly<PolicyRule>;

/** What somebody wants to do. */
export interface Attributes {
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** `''` for none. */
  readonly namespace: string;
  readonly name: string;
  /** Of what is no resource. */
  readonly path: string;
}

/** Whether one rule allows it. */
export function allows(rule: Rule, wanted: Attributes): boolean {
  if (!includes(rule.verbs, wanted.verb)) return false;
  if (!wanted.isResource) return (rule.nonResourceURLs ?? []).some((pattern) => coversPath(pattern, wanted.path));
  return (
    includes(rule.apiGroups, wanted.group) &&
    (rule.resources ?? []).some((one) => coversResource(one, wanted)) &&
    coversName(rule.resourceNames, wanted.name)
  );
}

function includes(granted: readonly string[] | undefined, wanted: string): boolean {
  return granted?.some((one) => one === '*' || one === wanted) ?? false;
}

function coversResource(
  granted: string,
  { resource, subresource }: Pick<Attributes, 'resource' | 'subresource'>,
): boolean {
  if (granted === '*') return true;
  if (subresource === '') return granted === resource;
  return granted === `${resource}/${subresource}` || granted === `*/${subresource}`;
}

function coversName(granted: readonly string[] | undefined, name: string): boolean {
  return granted === undefined || granted.length === 0 || granted.includes(name);
}

function coversPath(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1));
}

/** One thing that a rule grants: one verb on one resource of one group, with one name or all, or on one path. */
interface Grant {
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly name?: string | undefined;
  readonly path?: string;
}

/** Rules that hold what others do not cover, as one rule for each thing missing. */
export function uncovered(owned: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  return wanted.flatMap((rule) =>
    [...grantsOf(rule)].filter((grant) => !owned.some((own) => covers(own, grant))).map(ruleOf),
  );
}

function* grantsOf({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: Rule): Iterable<Grant> {
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs) for (const name of names) yield { verb, group, resource, name };
  for (const path of nonResourceURLs) for (const verb of verbs) yield { verb, path };
}

function covers(own: Rule, { verb, group = '', resource = '', name, path }: Grant): boolean {
  if (!includes(own.verbs, verb)) return false;
  if (path !== undefined) return (own.nonResourceURLs ?? []).some((pattern) => coversPath(pattern, path));
  const names = own.resourceNames ?? [];
  return (
    includes(own.apiGroups, group) &&
    (own.resources ?? []).some(
      (one) => one === '*' || one === resource || (one.startsWith('*/') && resource.endsWith(one.slice(1))),
    ) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function ruleOf({ verb, group, resource, name, path }: Grant): Rule {
  if (path !== undefined) return { verbs: [verb], nonResourceURLs: [path] };
  return {
    verbs: [verb],
    apiGroups: [group ?? ''],
    resources: [resource ?? ''],
    ...(name !== undefined && { resourceNames: [name] }),
  };
}
