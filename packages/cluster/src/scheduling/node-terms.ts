/**
 * Node selectors as node affinity and persistent volumes use them.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity
 */
import { matchesRequirement, type Labels, type Requirement } from '../model/selector.ts';

export interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** Whether one of the terms holds. A term without requirements holds for no node, and neither does an empty list. */
export function matchesNodeTerms(terms: readonly NodeTerm[], name: string, labels: Labels | undefined): boolean {
  return terms.some((term) => matchesNodeTerm(term, name, labels));
}

/** Whether all requirements of a term hold; one without any holds for no node. */
export function matchesNodeTerm(
  { matchExpressions = [], matchFields = [] }: NodeTerm,
  name: string,
  labels: Labels | undefined,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => matchesRequirement(requirement, labels)) &&
    matchFields.every((requirement) => matchesField(requirement, name))
  );
}

/** `metadata.name` is the only field that Kubernetes can select by. */
function matchesField({ key, operator, values = [] }: Requirement, name: string): boolean {
  if (key !== 'metadata.name') return false;
  if (operator === 'In') return values.includes(name);
  return operator === 'NotIn' && !values.includes(name);
}

/**
 * Names of the only nodes that terms can hold for, when every term names nodes (as DaemonSet pods do); else `undefined`.
 */
export function namedNodes(terms: readonly NodeTerm[] | undefined): ReadonlySet<string> | undefined {
  if (terms === undefined || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const requirements = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    const [first] = requirements;
    if (first === undefined) return undefined;
    for (const name of first.values ?? [])
      if (requirements.every(({ values = [] }) => values.includes(name))) names.add(name);
  }
  return names;
}
