/**
 * The simulated API server, as its clients in the same process call it: the rules by which objects are made, changed and deleted.
 * `http/` puts Kubernetes' REST in front of it. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { timestamp, type VirtualClock } from '../clock/virtual-clock.ts';
import { drawName, drawUid, type Random } from '../clock/random.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { alreadyExists, badRequest, invalid, noNameLeft, notFound } from './api-error.ts';
import { AdmissionChain } from './admission-chain.ts';
import { deletionOf, isGone } from './deletion.ts';
import { trackFields } from './field-ownership.ts';
import { listObjects, type ListOptions, type ObjectList } from './list.ts';
import { hasGeneration, metadataErrors, metadataUpdateErrors, withGeneration } from './metadata.ts';
import { appliedObject } from './apply/apply.ts';
import { patchedObject } from './patch/patched-object.ts';
import type { ChangingPatch } from './patch/patch.ts';
import { checkCreation, checkDeletion, checkUpdate, isMadeByUpdate } from './preconditions.ts';
import {
  CONTROLLER,
  type Admission,
  type AdmissionPlugin,
  type ApplyOptions,
  type DeleteOptions,
  type ResourceStrategy,
  type WriteOptions,
} from './request.ts';
import { inVersion, kindKey, type ResourceType } from './resource-type.ts';
import type { ResourceTypes } from './resource-types.ts';
import { openWatch, type Watch, type WatchOptions } from './watch.ts';
import { changedObject, newObject, scopeOf } from './written-object.ts';

/** What an API server is made of. */
export interface ApiServerParts {
  readonly store: ObjectStore;
  readonly types: ResourceTypes;
  readonly clock: VirtualClock;
  readonly random: Random;
  /** By `group/Kind`. */
  readonly strategies: ReadonlyMap<string, ResourceStrategy>;
  /** In the order in which they are asked. */
  readonly admission: readonly AdmissionPlugin[];
}

/** Changes an object; given what is there, returns what is to be there. */
export type Mutation<T> = (object: T) => T;

/** Source: `k8s.io/apiserver/pkg/{storage/names,registry/generic/registry}` */
const NAME_ATTEMPTS = 8;
const LONGEST_PREFIX = 58;

/** Every method throws `ApiError` where Kubernetes would answer with a failure. */
export class ApiServer {
  readonly store: ObjectStore;
  readonly types: ResourceTypes;
  readonly clock: VirtualClock;
  readonly #random: Random;
  readonly #strategies: ReadonlyMap<string, ResourceStrategy>;
  readonly #admission: AdmissionChain;

  constructor({ store, types, clock, random, strategies, admission }: ApiServerParts) {
    this.store = store;
    this.types = types;
    this.clock = clock;
    this.#random = random;
    this.#strategies = strategies;
    this.#admission = new AdmissionChain(admission);
  }

  /** @throws ApiError 404 */
  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T {
    const found = this.store.get(type, namespace, name);
    if (found === undefined) throw notFound(type, name);
    return inVersion(type, found);
  }

  /**
   * Makes an object. Names are generated from `generateName`; uid, creation time and generation are set.
   * @throws ApiError 409 where the name is taken, 422 where a field is wrong, 403 where admission refuses
   */
  create<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): T {
    const { name = '', generateName = '' } = (object.metadata as Partial<ObjectMeta> | undefined) ?? {};
    if (name !== '' || generateName === '') return this.#created(type, object, name, options);
    let drawn = '';
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      drawn = `${generateName.slice(0, LONGEST_PREFIX)}${drawName(this.#random)}`;
      if (this.store.get(type, object.metadata.namespace ?? '', drawn) === undefined)
        return this.#created(type, object, drawn, options);
    }
    throw noNameLeft(type, drawn);
  }

  #created<T extends KubeObject>(type: ResourceType<T>, object: T, name: string, options: WriteOptions): T {
    const strategy = this.#strategy(type);
    const given = {
      name,
      uid: drawUid(this.#random),
      creationTimestamp: timestamp(this.clock.now),
      ...(hasGeneration(type) ? { generation: 1 } : {}),
    };
    const fresh = newObject(type, object, given, strategy?.keepsStatus === true);
    const wanted = strategy?.defaults?.(fresh) ?? fresh;
    // Before admission: what plugins fill in belongs to nobody.
    const owned = trackFields(undefined, wanted, type, options, this.clock.now);
    const mutated = this.#admission.mutated(this.#admissionOf('CREATE', type, owned, undefined, options));
    const prepared = strategy?.prepareForCreate?.(mutated.object, this.clock.now) ?? mutated.object;
    const admission = { ...mutated, object: prepared };
    const errors = [...metadataErrors(type, prepared.metadata), ...(strategy?.validate?.(prepared) ?? [])];
    if (errors.length > 0) throw invalid(type, name, errors);
    this.#warn(admission, strategy);
    const complete = this.#admission.completed(this.#admission.validated(admission));
    checkCreation(object);
    const taken = this.store.get(type, complete.namespace, name);
    if (taken !== undefined) throw alreadyExists(type, name, taken.metadata.deletionTimestamp !== undefined);
    return this.#stored(complete, complete.object);
  }

  /**
   * Replaces an object, or the part of it that a subresource is. A `resourceVersion` that is not the stored one is a conflict. Of few kinds
   * it makes what is not there.
   * @throws ApiError 404, 409, 422, 403
   */
  update<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): T {
    const { namespace = '', name } = object.metadata;
    if (isMadeByUpdate(type, options.subresource) && this.store.get(type, namespace, name) === undefined)
      return this.#created(type, object, name, options);
    const previous = this.get(type, namespace, name);
    checkUpdate(type, object, previous);
    const strategy = this.#strategy(type);
    const { part, isCounted, isDefaulted, isJudged } = scopeOf(type, options.subresource ?? '');
    const isStatus = part === 'status';
    const wanted = isDefaulted ? (strategy?.defaults?.(object) ?? object) : object;
    const merged = trackFields(previous, changedObject(type, wanted, previous, part), type, options, this.clock.now);
    if (sameJson(merged, previous)) return previous;
    const mutated = this.#admission.mutated(this.#admissionOf('UPDATE', type, merged, previous, options));
    const changed = isCounted ? withGeneration(type, mutated.object, previous) : mutated.object;
    const prepared = isStatus ? changed : (strategy?.prepareForUpdate?.(changed, previous, this.clock.now) ?? changed);
    const admission = { ...mutated, object: prepared };
    const judge = isJudged ? strategy?.validateUpdate : strategy?.validateSubresource?.[options.subresource ?? ''];
    const errors = [
      ...metadataUpdateErrors(prepared.metadata, previous.metadata),
      ...(judge?.(prepared, previous) ?? []),
    ];
    if (errors.length > 0) throw invalid(type, name, errors);
    if (!isStatus) this.#warn(admission, strategy);
    const complete = this.#admission.completed(this.#admission.validated(admission));
    // What was left out of the request may have been filled in as it was.
    if (complete.object !== merged && sameJson(complete.object, previous)) return previous;
    // The last finalizer of what is being deleted takes it away.
    if (isGone(type, complete.object, previous)) return this.#removed(complete);
    return this.#stored(complete, complete.object);
  }

  /** Objects by namespace and name. @throws ApiError as {@link listObjects} does */
  list<T extends KubeObject>(type: ResourceType<T>, options: ListOptions = {}): ObjectList<T> {
    return listObjects(this.store, type, options);
  }

  /** Changes from a revision on, until it is closed. @throws ApiError as {@link openWatch} does */
  watch(type: ResourceType, options: WatchOptions = {}): Watch {
    return openWatch(this.store, this.clock, type, options);
  }

  /** Deletes each object of a selection; returns them as they were. @throws ApiError what the first refused deletion throws */
  deleteCollection<T extends KubeObject>(
    type: ResourceType<T>,
    selection: ListOptions,
    options: DeleteOptions = {},
  ): ObjectList<T> {
    const selected = this.list(type, selection);
    for (const { metadata } of selected.items) this.delete(type, metadata.namespace ?? '', metadata.name, options);
    return selected;
  }

  /** Changes the object as it is now: read, change, write in one step, so that nothing can come between. */
  change<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    mutate: Mutation<T>,
    options: WriteOptions = {},
  ): T {
    return this.update(type, mutate(this.get(type, namespace, name)), options);
  }

  /**
   * Changes an object as a patch says. Its `metadata.resourceVersion`, where it has one, must be the stored one.
   * @throws ApiError 404, 400 and 422 for what cannot be patched so, 415 for strategic merge patches of custom resources
   */
  patch<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    patch: ChangingPatch,
    options: WriteOptions = {},
  ): T {
    const { fieldValidation, onWarning = ignore } = options;
    const validation = fieldValidation === undefined ? undefined : { directive: fieldValidation, warn: onWarning };
    return this.change(type, namespace, name, (current) => patchedObject(type, current, patch, validation), options);
  }

  /**
   * Server-side apply: makes the object, or gives it what a configuration says and takes away what the manager applied before.
   * @throws ApiError 409 where others own what would change, unless `force`; 422 without `fieldManager`; 404 for parts of what is not there
   */
  apply<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    configuration: Readonly<Record<string, unknown>>,
    options: ApplyOptions = {},
  ): T {
    const { fieldManager = '', force = false, subresource = '' } = options;
    const kept = this.store.get(type, namespace, name);
    const live = kept === undefined ? undefined : inVersion(type, kept);
    if (live === undefined && subresource !== '') throw notFound(type, name);
    const about = { type, namespace, name, live, configuration, fieldManager, force, subresource };
    const object = appliedObject({ ...about, now: this.clock.now });
    if (object === live) return live;
    const write: WriteOptions = { ...options, managedFields: 'given' };
    return live === undefined ? this.create(type, object, write) : this.update(type, object, write);
  }

  /** {@link change} of the status; does nothing where it is so already. */
  changeStatus<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string, mutate: Mutation<T>): T {
    return this.change(type, namespace, name, mutate, { subresource: 'status' });
  }

  /**
   * Deletes an object: at once, or by marking it where finalizers or a grace period hold it. Returns it as it is after.
   * @throws ApiError 404, 409 for a precondition, 403 where admission refuses
   */
  delete<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string, options: DeleteOptions = {}): T {
    const previous = this.get(type, namespace, name);
    checkDeletion(type, previous, options);
    const admission = this.#admission.mutated(this.#admissionOf('DELETE', type, previous, previous, options));
    this.#admission.validated(admission);
    const { marked, isRemoved } = deletionOf(type, previous, options, this.clock.now);
    const last = marked === undefined || sameJson(marked, previous) ? previous : this.#stored(admission, marked);
    return isRemoved ? this.#removed({ ...admission, object: last }) : last;
  }

  #admissionOf<T extends KubeObject>(
    operation: Admission['operation'],
    type: ResourceType<T>,
    object: T,
    previous: T | undefined,
    { user = CONTROLLER, dryRun = false, subresource = '', onWarning = ignore }: WriteOptions,
  ): Admission<T> {
    const { namespace = '', name } = object.metadata;
    if (type.namespaced && namespace === '') throw badRequest('an empty namespace may not be set during creation');
    return { operation, type, subresource, namespace, name, object, previous, user, dryRun, warn: onWarning };
  }

  #warn<T extends KubeObject>({ object, warn }: Admission<T>, strategy: ResourceStrategy<T> | undefined): void {
    // Most writes are those of controllers, which nobody warns.
    if (warn === ignore) return;
    for (const text of strategy?.warnings?.(object) ?? []) warn(text);
  }

  #stored<T extends KubeObject>(admission: Admission<T>, object: T): T {
    if (admission.dryRun) return object;
    const { type } = admission;
    // All versions of a custom resource are kept in one.
    const keptAs =
      type.isCustom === true ? (this.types.byKind(type.group, type.kind) as typeof type | undefined) : type;
    const stored = this.store.put(keptAs ?? type, inVersion(keptAs ?? type, object));
    this.#admission.stored({ ...admission, object: stored });
    return inVersion(type, stored);
  }

  #removed<T extends KubeObject>(admission: Admission<T>): T {
    if (admission.dryRun) return admission.object;
    this.store.remove(admission.type, admission.namespace, admission.name);
    this.#admission.stored({ ...admission, operation: 'DELETE' });
    return admission.object;
  }

  #strategy<T extends KubeObject>(type: ResourceType<T>): ResourceStrategy<T> | undefined {
    return (this.types.strategyOf(type) ?? this.#strategies.get(kindKey(type))) as ResourceStrategy<T> | undefined;
  }
}

function ignore(): void {}
