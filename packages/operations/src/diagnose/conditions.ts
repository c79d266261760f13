/** Conditions, the same in every kind: `type`, `status` and why. */
import { timeOf, type KubeObject, type Pod } from '@aia/cluster';
import type { Evidence } from './evidence.ts';
import { fieldEvidence } from './examination.ts';

export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  /** Deployments only: the last sign of progress. */
  readonly lastUpdateTime?: string;
}

/** A condition with its place, for evidence. */
export interface FoundCondition extends Condition {
  /** `status.conditions[2]`. */
  readonly path: string;
}

/** Every condition with its place. */
export function conditionsOf(conditions: readonly Condition[] | undefined): readonly FoundCondition[] {
  return (conditions ?? []).map((condition, i) => ({ ...condition, path: `status.conditions[${i}]` }));
}

/** The condition of a type. */
export function conditionOf(conditions: readonly Condition[] | undefined, type: string): FoundCondition | undefined {
  const at = conditions?.findIndex((condition) => condition.type === type) ?? -1;
  const condition = conditions?.[at];
  return condition === undefined ? undefined : { ...condition, path: `status.conditions[${at}]` };
}

/** Whether the condition of a type is True. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** Whether a pod or node says that it is ready. */
export function isReady({ status }: { readonly status?: { readonly conditions?: readonly Condition[] } }): boolean {
  return isTrue(status?.conditions, 'Ready');
}

/** Since when a pod is not ready, epoch ms: since it was made, or last was ready; `undefined` when it is, or nothing tells. */
export function unreadySince({ metadata, status }: Pod): number | undefined {
  const ready = conditionOf(status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  const [created, changed] = [timeOf(metadata.creationTimestamp), timeOf(ready?.lastTransitionTime)];
  return changed === undefined ? created : Math.max(changed, created ?? changed);
}

/** Status, reason and message, as far as they are there. */
export function conditionEvidence(object: KubeObject, condition: FoundCondition): readonly Evidence[] {
  const { path, status, reason = '', message = '' } = condition;
  return [
    fieldEvidence(object, `${path}.status`, status),
    ...(reason === '' ? [] : [fieldEvidence(object, `${path}.reason`, reason)]),
    ...(message === '' ? [] : [fieldEvidence(object, `${path}.message`, message)]),
  ];
}
