/**
 * As many pods as wanted: what ReplicaSets and ReplicationControllers have in common.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/
 */
import type { Pod } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { matchesLabels, matchesSelector, type Labels, type LabelSelector } from '../../../model/selector.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import type { ApiError } from '../../api/api-error.ts';
import { PODS } from '../../api/built-in-types.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { claimed } from '../claim.ts';
import { findCondition, withCondition, withoutCondition, withoutEmpty, type WorkloadCondition } from '../conditions.ts';
import type { Controller } from '../controller.ts';
import { askedOnce } from '../asked-once.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { controllerRefOf, OwnedIndex } from '../owned-index.ts';
import {
  BURST,
  createPod,
  deletePod,
  inGrowingBatches,
  isNamespaceGoing,
  podFromTemplate,
  refusalOf,
  type PodOwner,
  type PodTemplate,
} from '../pod-control.ts';
import { keysOfOwners } from '../owner-keys.ts';
import { rankForDeletion } from '../pod-ranking.ts';
import { isActive, isAvailable, isReady, isTerminating, nextAvailability } from '../pod-state.ts';

/** `status` of both kinds; `terminatingReplicas` is ReplicaSets' since 1.33. */
export interface ReplicasStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly WorkloadCondition[];
}

/** Both kinds, as far as this controller reads them. */
export interface ReplicaOwner extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector?: unknown;
    readonly template?: PodTemplate;
  };
  readonly status?: ReplicasStatus;
}

/** In what the two kinds differ. */
export interface ReplicaKind<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly component: string;
  selectorOf(set: T): LabelSelector | undefined;
  /** Whether the status counts terminating pods. */
  readonly countsTerminating: boolean;
}

/** Keeps the number of pods of each set of this kind. */
export class ReplicasController<T extends KubeObject> implements Controller {
  readonly name: string;
  readonly needs = ['/Pod'];
  readonly #context: SimulationContext;
  readonly #kind: ReplicaKind<T>;
  readonly #pods: OwnedIndex<Pod>;
  readonly #sets: OwnedIndex<T>;

  constructor(context: SimulationContext, kind: ReplicaKind<T>) {
    this.name = kind.component;
    this.#context = context;
    this.#kind = kind;
    this.#pods = OwnedIndex.of(context.api.store, PODS);
    this.#sets = OwnedIndex.of(context.api.store, kind.type);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, this.#kind.type)) return [keyOf(change.object)];
    return keysOfOwners(change, PODS, this.#context.api.store, this.#kind);
  }

  reconcile(key: string): number | undefined {
    const [namespace, name] = namesOf(key);
    const set = this.#context.api.store.get(this.#kind.type, namespace, name);
    if (set === undefined) return undefined;
    const pods = this.#claim(set);
    const refusal = set.metadata.deletionTimestamp === undefined ? this.#manage(set, pods) : undefined;
    this.#report(set, pods, refusal);
    if (refusal !== undefined) throw refusal;
    return nextAvailability(pods, owned(set).spec?.minReadySeconds ?? 0, this.#context.clock.now);
  }

  #claim(set: T): readonly Pod[] {
    const isSelected = this.#selects(set);
    return claimed({
      api: this.#context.api,
      type: PODS,
      owner: set,
      ownerType: this.#kind.type,
      matches: ({ metadata }) => isSelected(metadata.labels),
      considers: isActive,
    });
  }

  #selects(set: T): (labels: Labels | undefined) => boolean {
    const selector = this.#kind.selectorOf(set);
    return askedOnce((labels) => matchesSelector(selector, labels));
  }

  /** Makes what is missing, deletes what is too much; returns what the API server refused. */
  #manage(set: T, pods: readonly Pod[]): ApiError | undefined {
    const missing = (owned(set).spec?.replicas ?? 1) - pods.length;
    const owner: PodOwner = { object: set, type: this.#kind.type, component: this.#kind.component };
    if (missing > 0) return this.#create(owner, Math.min(missing, BURST));
    return missing < 0 ? this.#delete(owner, pods, Math.min(-missing, BURST)) : undefined;
  }

  #create(owner: PodOwner, count: number): ApiError | undefined {
    const pod = podFromTemplate(owned(owner.object).spec?.template, owner);
    const { refusal } = inGrowingBatches(count, () => createPod(this.#context, owner, pod));
    return refusal === undefined || isNamespaceGoing(refusal) ? undefined : refusal;
  }

  #delete(owner: PodOwner, pods: readonly Pod[], count: number): ApiError | undefined {
    const ranked =
      count < pods.length ? rankForDeletion(pods, this.#related(owner.object), this.#context.clock.now) : pods;
    const refusals = ranked.slice(0, count).map((pod) => refusalOf(() => deletePod(this.#context, owner, pod)));
    return refusals.find((refusal) => refusal !== undefined);
  }

  /** Pods of all sets of the same owner. */
  *#related(set: KubeObject): Iterable<Pod> {
    const owner = controllerRefOf(set);
    if (owner === undefined) return;
    for (const { metadata } of this.#sets.ownedBy(owner.uid)) yield* this.#pods.ownedBy(metadata.uid ?? '');
  }

  #report(set: T, pods: readonly Pod[], refusal: ApiError | undefined): void {
    const { api } = this.#context;
    const status = this.#status(set, pods, refusal);
    if (sameJson(status, owned(set).status ?? null)) return;
    api.changeStatus(this.#kind.type, set.metadata.namespace ?? '', set.metadata.name, (current) => ({
      ...current,
      status,
    }));
  }

  #status(set: T, pods: readonly Pod[], refusal: ApiError | undefined): ReplicasStatus {
    const { spec, status: before } = owned(set);
    const { now } = this.#context.clock;
    const counts = countPods(pods, spec?.template?.metadata?.labels ?? {}, spec?.minReadySeconds ?? 0, now);
    return {
      replicas: pods.length,
      ...withoutEmpty({
        ...counts,
        observedGeneration: set.metadata.generation,
        conditions: this.#conditions(before?.conditions ?? [], pods.length - (spec?.replicas ?? 1), refusal),
      }),
      ...(this.#kind.countsTerminating && this.#context.features?.countsTerminating !== false
        ? { terminatingReplicas: this.#terminating(set) }
        : {}),
    };
  }

  #conditions(
    conditions: readonly WorkloadCondition[],
    surplus: number,
    refusal: ApiError | undefined,
  ): readonly WorkloadCondition[] {
    if (refusal === undefined) return withoutCondition(conditions, 'ReplicaFailure');
    // The words of the first failure stay until there is none.
    if (findCondition(conditions, 'ReplicaFailure') !== undefined) return conditions;
    return withCondition(conditions, {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: timestamp(this.#context.clock.now),
      reason: surplus < 0 ? 'FailedCreate' : 'FailedDelete',
      message: refusal.message,
    });
  }

  #terminating(set: T): number {
    const isSelected = this.#selects(set);
    let count = 0;
    for (const pod of this.#pods.ownedBy(set.metadata.uid ?? ''))
      if (isTerminating(pod) && isSelected(pod.metadata.labels)) count++;
    return count;
  }
}

type Counts = Pick<ReplicasStatus, 'fullyLabeledReplicas' | 'readyReplicas' | 'availableReplicas'>;

/** In one pass: sets may have thousands of pods, and are looked at whenever one of them changes. */
function countPods(pods: readonly Pod[], labels: Labels, minReadySeconds: number, now: number): Counts {
  const hasAll = askedOnce((those) => matchesLabels(labels, those));
  let [labelled, ready, available] = [0, 0, 0];
  for (const pod of pods) {
    if (hasAll(pod.metadata.labels)) labelled++;
    if (!isReady(pod)) continue;
    ready++;
    if (isAvailable(pod, minReadySeconds, now)) available++;
  }
  return { fullyLabeledReplicas: labelled, readyReplicas: ready, availableReplicas: available };
}

function owned(set: KubeObject): ReplicaOwner {
  return set as ReplicaOwner;
}

/** The selector of a kind that has only labels to match. */
export function selectorFromLabels(labels: Labels | undefined): LabelSelector | undefined {
  return labels === undefined ? undefined : { matchLabels: labels };
}
