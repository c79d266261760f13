/**
 * Deletes what its owners have left behind, and lets owners go when their dependents are gone or free.
 * Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/; `pkg/controller/garbagecollector`
 */
import { groupOf, type KubeObject } from '../../../model/kube-object.ts';
import { ApiError } from '../../api/api-error.ts';
import { FOREGROUND, ORPHAN } from '../../api/deletion.ts';
import type { DeleteOptions } from '../../api/request.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import type { OwnerReference } from '../owned-index.ts';
import { DependencyGraph, ownersOf, waitsForDependents, waitsForOrphaning } from './dependency-graph.ts';

const NAME = 'garbage-collector-controller';

/** What becomes of an owner: it stays, it is gone, or it waits until this dependent is gone. */
type Standing = 'solid' | 'dangling' | 'waiting' | 'unknown';

export function garbageCollector(context: SimulationContext): Controller {
  const collector = new GarbageCollector(context);
  return {
    name: NAME,
    hearsEvents: true,
    keysOf: (change) => collector.keysOf(change),
    reconcile: (uid) => {
      collector.look(uid);
      return undefined;
    },
  };
}

/** Keys are uids. */
class GarbageCollector {
  readonly #context: SimulationContext;
  readonly #graph: DependencyGraph;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#graph = new DependencyGraph(context.api.store);
  }

  *keysOf({ kind, object, previous }: Change): Iterable<string> {
    const { uid } = object.metadata;
    if (uid === undefined || object.kind === 'Event') return;
    const owners = previous?.metadata.ownerReferences;
    if (kind === 'DELETED') for (const { metadata } of this.#graph.dependentsOf(uid)) yield metadata.uid as string;
    const mayGo = waitsForDependents(object) || waitsForOrphaning(object);
    const isOwnedAnew = kind !== 'DELETED' && object.metadata.ownerReferences !== owners && this.#isLeft(object);
    if (kind !== 'DELETED' && (mayGo || isOwnedAnew)) yield uid;
    if (kind !== 'DELETED' && object.metadata.ownerReferences === owners) return;
    for (const owner of owners ?? []) if (this.#waits(owner)) yield owner.uid;
  }

  look(uid: string): void {
    const { store } = this.#context.api;
    const object = store.byUid(uid);
    if (object === undefined) return;
    if (waitsForOrphaning(object)) this.#orphanDependents(object);
    else if (waitsForDependents(object)) this.#deleteDependents(object);
    else if (object.metadata.deletionTimestamp === undefined) this.#collect(object);
  }

  /** Whether some owner is not simply there. */
  #isLeft(object: KubeObject): boolean {
    return ownersOf(object).some((owner) => this.#standingOf(object, owner) !== 'solid');
  }

  #waits({ uid }: OwnerReference): boolean {
    const owner = this.#context.api.store.byUid(uid);
    return owner !== undefined && waitsForDependents(owner);
  }

  #orphanDependents(owner: KubeObject): void {
    const { uid } = owner.metadata;
    this.#each(this.#graph.dependentsOf(uid as string), (dependent) =>
      this.#disown(dependent, (one) => one.uid === uid),
    );
    this.#letGo(owner, ORPHAN);
  }

  /** The owner goes when nobody is left who blocks it; those who do not block it are deleted all the same. */
  #deleteDependents(owner: KubeObject): void {
    const { uid } = owner.metadata;
    const dependents = this.#graph.dependentsOf(uid as string);
    const blocks = (dependent: KubeObject) =>
      ownersOf(dependent).some((one) => one.uid === uid && one.blockOwnerDeletion === true);
    this.#each(dependents, (dependent) => {
      if (dependent.metadata.deletionTimestamp === undefined) this.#collect(dependent);
    });
    if (!this.#graph.dependentsOf(uid as string).some(blocks)) this.#letGo(owner, FOREGROUND);
  }

  /** Deletes an object that has no owner left, or forgets those of its owners that are gone. */
  #collect(object: KubeObject): void {
    const owners = ownersOf(object).map((owner) => ({ owner, standing: this.#standingOf(object, owner) }));
    this.#tellMisplaced(object);
    if (owners.length === 0 || owners.some(({ standing }) => standing === 'unknown')) return;
    if (owners.some(({ standing }) => standing === 'solid')) {
      const lost = new Set(owners.filter(({ standing }) => standing !== 'solid').map(({ owner }) => owner.uid));
      if (lost.size > 0) this.#disown(object, ({ uid }) => lost.has(uid));
      return;
    }
    const isAwaited = owners.some(({ standing }) => standing === 'waiting');
    this.#delete(object, isAwaited ? this.#policyWhereAwaited(object) : policyOf(object));
  }

  /** What has dependents itself goes after them; where those wait for it in turn, it stops blocking. */
  #policyWhereAwaited(object: KubeObject): Policy {
    const dependents = this.#graph.dependentsOf(object.metadata.uid as string);
    if (dependents.length === 0) return policyOf(object);
    if (dependents.some(waitsForDependents))
      this.#change(object, (one) => ({
        ...one,
        metadata: {
          ...one.metadata,
          ownerReferences: ownersOf(one).map((owner) => ({ ...owner, blockOwnerDeletion: false })),
        },
      }));
    return 'Foreground';
  }

  #standingOf(object: KubeObject, owner: OwnerReference): Standing {
    const { api, unread } = this.#context;
    const group = groupOf(owner.apiVersion);
    const type = api.types.byKind(group, owner.kind);
    const { namespace } = object.metadata;
    if (type === undefined || unread?.has(`${group}/${owner.kind}`) === true) return 'unknown';
    // What is in no namespace cannot be owned by what is in one.
    if (type.namespaced && namespace === undefined) return 'unknown';
    const found = api.store.get(type, type.namespaced ? (namespace ?? '') : '', owner.name);
    if (found === undefined || found.metadata.uid !== owner.uid) return 'dangling';
    return waitsForDependents(found) ? 'waiting' : 'solid';
  }

  /** An owner in another namespace counts as gone, which surprises who meant it. */
  #tellMisplaced(object: KubeObject): void {
    const { api, events } = this.#context;
    const { namespace = '' } = object.metadata;
    for (const { apiVersion, kind, name, uid } of ownersOf(object)) {
      const owner = api.store.byUid(uid);
      if (owner === undefined || (owner.metadata.namespace ?? namespace) === namespace) continue;
      const reference = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
      const message = `ownerRef ${reference} does not exist in namespace ${JSON.stringify(namespace)}`;
      events.record(object, 'Warning', 'OwnerRefInvalidNamespace', message, { component: NAME });
    }
  }

  #letGo(owner: KubeObject, finalizer: string): void {
    this.#change(owner, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: (one.metadata.finalizers ?? []).filter((held) => held !== finalizer) },
    }));
  }

  #disown(object: KubeObject, isLost: (owner: OwnerReference) => boolean): void {
    this.#change(object, (one) => ({
      ...one,
      metadata: { ...one.metadata, ownerReferences: ownersOf(one).filter((owner) => !isLost(owner)) },
    }));
  }

  #change(object: KubeObject, mutate: (object: KubeObject) => KubeObject): void {
    const { namespace = '', name } = object.metadata;
    unlessGone(() => this.#context.api.change(this.#typeOf(object), namespace, name, mutate));
  }

  #delete({ metadata, ...object }: KubeObject, propagationPolicy: Policy): void {
    const { namespace = '', name, uid } = metadata;
    const type = this.#typeOf({ metadata, ...object });
    const options = { propagationPolicy, preconditions: uid === undefined ? {} : { uid } };
    unlessGone(() => this.#context.api.delete(type, namespace, name, options));
  }

  /** All of them, also after one was refused. @throws ApiError the first refusal */
  #each(objects: readonly KubeObject[], act: (object: KubeObject) => void): void {
    const refused: ApiError[] = [];
    for (const object of objects)
      try {
        act(object);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push(error);
      }
    if (refused[0] !== undefined) throw refused[0];
  }

  #typeOf({ apiVersion, kind }: KubeObject): ResourceType {
    const type = this.#context.api.types.byKind(groupOf(apiVersion), kind);
    if (type === undefined) throw new TypeError(`${apiVersion} ${kind} is not served`);
    return type;
  }
}

type Policy = NonNullable<DeleteOptions['propagationPolicy']>;

/** What an object is already to wait for is kept. */
function policyOf({ metadata: { finalizers = [] } }: KubeObject): Policy {
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
}
