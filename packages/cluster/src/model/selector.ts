/**
 * Label selectors and node selectors.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
import type { LabelSelector as WireLabelSelector } from 'kubernetes-types/meta/v1.js';
import type { DeepReadonly } from './kube-object.ts';

/** Labels of an object, by key. */
export type Labels = Readonly<Record<string, string>>;
/** A selector over labels, as in `spec.selector`. */
export type LabelSelector = DeepReadonly<WireLabelSelector>;

/** One requirement of a label or node selector; `Gt` and `Lt` only occur in node selectors. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether every pair of `wanted` is in `labels`; an empty map matches everything. */
export function matchesLabels(wanted: Labels, labels: Labels | undefined): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** Whether the selector matches. As in Kubernetes, an absent selector matches nothing and an empty one everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  if (selector.matchLabels !== undefined && !matchesLabels(selector.matchLabels, labels)) return false;
  return (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels));
}

/** Whether a selector asks for nothing. */
export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return matchExpressions.length === 0 && Object.keys(matchLabels).length === 0;
}

/** Whether one requirement holds; an operator that Kubernetes does not have matches nothing. */
export function matchesRequirement(requirement: Requirement, labels: Labels | undefined): boolean {
  const found: unknown = labels?.[requirement.key];
  // Every object inherits `constructor` and the like; those are no labels.
  const value = typeof found === 'string' ? found : undefined;
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compareIntegers(value, values) > 0;
    case 'Lt':
      return compareIntegers(value, values) < 0;
    default:
      return false;
  }
}

/** As `kubectl` prints it: `app=web,tier in (a,b)`; `<none>` when empty. */
export function selectorText(selector: LabelSelector | undefined): string {
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(requirementText);
  return [...pairs, ...expressions].join(',') || '<none>';
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
}

/** Sign of label − bound, both 64-bit integers as Kubernetes reads them; NaN, which is neither more nor less, for anything else. */
export function compareIntegers(label: string | undefined, values: readonly string[]): number {
  const own = integer(label);
  const bound = values.length === 1 ? integer(values[0]) : undefined;
  if (own === undefined || bound === undefined) return Number.NaN;
  return own > bound ? 1 : own < bound ? -1 : 0;
}

function integer(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d{1,64}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
