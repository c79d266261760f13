/** Conditions of workloads' statuses, changed as their controllers do. Source: `SetDeploymentCondition` and its likes. */

/** One condition; `lastUpdateTime` only where the kind has it. */
export interface WorkloadCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export function findCondition<C extends WorkloadCondition>(conditions: readonly C[], type: string): C | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function withoutCondition<C extends WorkloadCondition>(conditions: readonly C[], type: string): readonly C[] {
  return conditions.filter((condition) => condition.type !== type);
}

/**
 * Puts a condition at the end. One of the same status and reason stays as it is, words included; one of the same status keeps the
 * time of its transition.
 */
export function withCondition<C extends WorkloadCondition>(conditions: readonly C[], condition: C): readonly C[] {
  const known = findCondition(conditions, condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return conditions;
  const isSame = known?.status === condition.status && known.lastTransitionTime !== undefined;
  const kept = isSame ? { ...condition, lastTransitionTime: known.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, condition.type), kept];
}

/** Fields without those that Go's `omitempty` leaves out: absent ones, zeros, empty texts and lists. */
export function withoutEmpty<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== 0 && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** An object without some of its fields. */
export function omit<T extends object, K extends keyof T>(fields: T, ...names: readonly K[]): Omit<T, K> {
  const left = Object.entries(fields).filter(([name]) => !names.includes(name as K));
  return Object.fromEntries(left) as Omit<T, K>;
}
