/** What the objects of a namespace take of its quotas, kept up to date from the changes so that nobody has to count again. */
import { addAmounts, amountText, subtractAmounts, ZERO, type Amount } from '../../../model/amount.ts';
import type { Pod, ResourceQuota } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { matchesScopes } from '../../admission/quota/scope.ts';
import { usageOf } from '../../admission/quota/usage.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { ResourceTypes } from '../../api/resource-types.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';

/** The usage of one quota. */
export class QuotaTally {
  readonly #quota: ResourceQuota;
  readonly #used = new Map<string, Amount>();

  /** Counts everything that is there once. */
  constructor(quota: ResourceQuota, store: ObjectStore, types: ResourceTypes) {
    this.#quota = quota;
    for (const name of Object.keys(quota.spec?.hard ?? {}).sort()) this.#used.set(name, ZERO);
    const { namespace = '' } = quota.metadata;
    for (const type of types.all) {
      if (!type.namespaced || types.byKind(type.group, type.kind) !== type) continue;
      for (const object of store.list(type, namespace)) this.#count(type, object, addAmounts);
    }
  }

  /** Takes a change into account. */
  apply({ kind, type, object, previous }: Change): void {
    if (kind === 'MODIFIED' && previous !== undefined && isSameUsage(object, previous)) return;
    if (previous !== undefined) this.#count(type, previous, subtractAmounts);
    if (kind !== 'DELETED') this.#count(type, object, addAmounts);
  }

  /** As in `status.used`. */
  get used(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#used].map(([name, amount]) => [name, amountText(amount)]));
  }

  #count(type: ResourceType, object: KubeObject, combine: (a: Amount, b: Amount) => Amount): void {
    if (!matchesScopes(this.#quota, type, object)) return;
    for (const [name, amount] of usageOf(type, object)) {
      const known = this.#used.get(name);
      if (known !== undefined) this.#used.set(name, combine(known, amount));
    }
  }
}

/** Of most changes only the status is new, and of that only the end of a pod counts. */
function isSameUsage(object: KubeObject, previous: KubeObject): boolean {
  const [now, before] = [object, previous] as readonly Pod[];
  return now?.spec === before?.spec && now?.status?.phase === before?.status?.phase;
}
