/** The ReplicaSets of a Deployment: which is the new one, in what orders the others are taken. Source: `pkg/controller/deployment/util` */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { compare } from '../../../model/order.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { podTemplateDefaults } from '../../api/kinds/pod/pod-defaults.ts';
import type { ReplicasStatus } from '../replica-set/replicas.ts';
import { replicasOf } from './limits.ts';
import { revisionOf } from './revisions.ts';

export const TEMPLATE_HASH = 'pod-template-hash';

type Template = NonNullable<Deployment['spec']>['template'] | undefined;

/** Of the sets whose template is the Deployment's, the oldest. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return oldestFirst(sets).find(({ spec }) => hasSameTemplate(spec?.template, deployment.spec?.template));
}

/**
 * Whether two templates differ at most in the label that the controller adds. A recorded Deployment may be a plain manifest that lacks what the API server
 * has filled into its ReplicaSets.
 */
export function hasSameTemplate(a: Template, b: Template): boolean {
  return sameJson(plain(a), plain(b)) || sameJson(plain(completed(a)), plain(completed(b)));
}

function completed(template: Template): Template {
  return podTemplateDefaults({ template })['template'] as Template;
}

function plain(template: Template): unknown {
  const labels = Object.entries(template?.metadata?.labels ?? {}).filter(([key]) => key !== TEMPLATE_HASH);
  return { ...template, metadata: { ...template?.metadata, labels: Object.fromEntries(labels) } };
}

export function isActiveSet(set: ReplicaSet): boolean {
  return replicasOf(set) > 0;
}

/** The set that takes all of a scaling: the only active one, or the newest where none is; `undefined` where several are active. */
export function activeOrLatest(newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const all = newSet === undefined ? oldSets : [...oldSets, newSet];
  const active = all.filter(isActiveSet);
  if (active.length > 1) return undefined;
  return active[0] ?? newSet ?? oldestFirst(oldSets).at(-1);
}

export function oldestFirst(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return [...sets].sort(byAge);
}

/** For scaling up, newer ones first among equals; for scaling down, older ones. */
export function largestFirst(sets: readonly ReplicaSet[], among: 'newer' | 'older'): readonly ReplicaSet[] {
  return [...sets].sort((a, b) => replicasOf(b) - replicasOf(a) || (among === 'newer' ? byAge(b, a) : byAge(a, b)));
}

export function byRevision(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return [...sets].sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(a.metadata.name, b.metadata.name)
  );
}

/** Wanted pods of some sets. */
export function wantedOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** A number of `status` over some sets. */
export function countOf(
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas',
): number {
  return sets.reduce((sum, { status }) => sum + (status?.[field] ?? 0), 0);
}

/** `undefined` until all of them have said it. */
export function terminatingOf(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    const count = (status as ReplicasStatus | undefined)?.terminatingReplicas;
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}
