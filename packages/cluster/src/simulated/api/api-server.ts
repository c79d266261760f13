/**
 * The simulated API server, as its clients in the same process call it: the rules by which objects are made, changed and deleted.
 * `http/` puts Kubernetes' REST in front of it. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { timestamp, type VirtualClock } from '../clock/virtual-clock.ts';
import { drawName, drawUid, type Random } from '../clock/random.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { alreadyExists, badRequest, conflict, invalid, modified, notFound, type FieldError } from './api-error.ts';
import { graceOf, pendingFinalizers } from './deletion.ts';
import { trackFields } from './field-ownership.ts';
import { listObjects, type ListOptions, type ObjectList } from './list.ts';
import { patchedObject } from './patch/patched-object.ts';
import type { ChangingPatch } from './patch/patch.ts';
import {
  CONTROLLER,
  type Admission,
  type AdmissionPlugin,
  type DeleteOptions,
  type ResourceStrategy,
  type WriteOptions,
} from './request.ts';
import type { ResourceType, ResourceTypes } from './resource-type.ts';
import { openWatch, type Watch, type WatchOptions } from './watch.ts';

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

type Fields = Record<string, unknown>;

/** Every method throws `ApiError` where Kubernetes would answer with a failure. */
export class ApiServer {
  readonly store: ObjectStore;
  readonly types: ResourceTypes;
  readonly clock: VirtualClock;
  readonly #random: Random;
  readonly #strategies: ReadonlyMap<string, ResourceStrategy>;
  readonly #admission: readonly AdmissionPlugin[];

  constructor({ store, types, clock, random, strategies, admission }: ApiServerParts) {
    this.store = store;
    this.types = types;
    this.clock = clock;
    this.#random = random;
    this.#strategies = strategies;
    this.#admission = admission;
  }

  /** @throws ApiError 404 */
  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T {
    const found = this.store.get(type, namespace, name);
    if (found === undefined) throw notFound(type, name);
    return found;
  }

  /**
   * Makes an object. Names are generated from `generateName`; uid, creation time and generation are set.
   * @throws ApiError 409 where the name is taken, 422 where a field is wrong, 403 where admission refuses
   */
  create<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): T {
    const meta = object.metadata as ObjectMeta | undefined;
    const name =
      meta?.name ??
      (meta?.generateName === undefined ? '' : `${meta.generateName.slice(0, 58)}${drawName(this.#random)}`);
    const given = without(
      { ...meta, name },
      'resourceVersion',
      'selfLink',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
    );
    const metadata = {
      ...given,
      uid: drawUid(this.#random),
      creationTimestamp: timestamp(this.clock.now),
      ...(hasGeneration(type) ? { generation: 1 } : {}),
    };
    const wanted = { ...object, metadata } as unknown as Fields;
    const strategy = this.#strategy(type);
    const losesStatus = type.subresources.includes('status') && strategy?.keepsStatus !== true;
    const fresh = (losesStatus ? without(wanted, 'status') : wanted) as unknown as T;
    const mutated = this.#mutated(
      this.#admissionOf('CREATE', type, strategy?.defaults?.(fresh) ?? fresh, undefined, options),
    );
    const prepared = strategy?.prepareForCreate?.(mutated.object, this.clock.now) ?? mutated.object;
    const admission = { ...mutated, object: prepared };
    const errors = [...nameErrors(name, meta?.generateName), ...(strategy?.validate?.(prepared) ?? [])];
    if (errors.length > 0) throw invalid(type, name, errors);
    this.#warn(admission, strategy);
    const complete = this.#completed(this.#validated(admission));
    if (this.store.get(type, complete.namespace, name) !== undefined) throw alreadyExists(type, name);
    return this.#stored(complete, trackFields(undefined, complete.object, type, options, this.clock.now));
  }

  /**
   * Replaces an object, or the part of it that a subresource is. A `resourceVersion` that is not the stored one is a conflict.
   * @throws ApiError 404, 409, 422, 403
   */
  update<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): T {
    const { namespace = '', name, resourceVersion, uid } = object.metadata;
    const previous = this.get(type, namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== previous.metadata.resourceVersion)
      throw modified(type, name);
    if (uid !== undefined && uid !== previous.metadata.uid)
      throw conflict(
        type,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid ?? ''}`,
      );
    const strategy = this.#strategy(type);
    const isStatus = options.subresource === 'status';
    const wanted = isStatus ? object : (strategy?.defaults?.(object) ?? object);
    const merged = this.#merged(type, wanted, previous, options.subresource ?? '');
    if (sameJson(merged, previous)) return previous;
    const mutated = this.#mutated(this.#admissionOf('UPDATE', type, merged, previous, options));
    const changed = isStatus ? mutated.object : withGeneration(type, mutated.object, previous);
    const prepared = isStatus ? changed : (strategy?.prepareForUpdate?.(changed, previous, this.clock.now) ?? changed);
    const admission = { ...mutated, object: prepared };
    const errors = isStatus ? [] : (strategy?.validateUpdate?.(prepared, previous) ?? []);
    if (errors.length > 0) throw invalid(type, name, errors);
    if (!isStatus) this.#warn(admission, strategy);
    const complete = this.#completed(this.#validated(admission));
    // What was left out of the request may have been filled in as it was.
    if (complete.object !== merged && sameJson(complete.object, previous)) return previous;
    const tracked = trackFields(previous, complete.object, type, options, this.clock.now);
    // The last finalizer of what is being deleted takes it away.
    if (isGone(tracked, type)) return this.#removed({ ...admission, object: tracked });
    return this.#stored(admission, tracked);
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
    return this.change(type, namespace, name, (current) => patchedObject(type, current, patch), options);
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
    this.#checkPreconditions(type, previous, options);
    const admission = this.#mutated(this.#admissionOf('DELETE', type, previous, previous, options));
    this.#validated(admission);
    const finalizers = pendingFinalizers(previous, options, this.#strategy(type)?.propagationPolicy ?? 'Background');
    const graceSeconds = graceOf(type, previous, options);
    if (finalizers.length === 0 && graceSeconds === 0) return this.#removed(admission);
    const marked = this.#marked(previous, finalizers, graceSeconds);
    return sameJson(marked, previous) ? previous : this.#stored(admission, marked);
  }

  #checkPreconditions(type: ResourceType, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
    const { uid, resourceVersion } = preconditions ?? {};
    if (uid !== undefined && uid !== metadata.uid)
      throw conflict(
        type,
        metadata.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ''}`,
      );
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
      throw conflict(
        type,
        metadata.name,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ''}`,
      );
  }

  /** A second deletion may shorten the grace period, and never lengthens it. */
  #marked<T extends KubeObject>(object: T, finalizers: readonly string[], graceSeconds: number): T {
    const { metadata } = object;
    const known = metadata.deletionTimestamp === undefined ? Infinity : (metadata.deletionGracePeriodSeconds ?? 0);
    const period = Math.min(known, graceSeconds);
    const deletionTimestamp = period < known ? timestamp(this.clock.now + period * 1000) : metadata.deletionTimestamp;
    const generation =
      metadata.deletionTimestamp === undefined && metadata.generation !== undefined
        ? metadata.generation + 1
        : metadata.generation;
    const meta: Fields = { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: period };
    if (generation !== undefined) meta['generation'] = generation;
    if (finalizers.length > 0) meta['finalizers'] = finalizers;
    return { ...object, metadata: meta as unknown as ObjectMeta };
  }

  /** What a write through the resource itself, or through one of its subresources, may change. */
  #merged<T extends KubeObject>(type: ResourceType<T>, object: T, previous: T, subresource: string): T {
    const before = previous as unknown as Fields;
    const wanted = object as unknown as Fields;
    if (subresource === 'status') return { ...before, status: wanted['status'] } as unknown as T;
    const meta = keptMeta(object.metadata, previous.metadata);
    const status = before['status'] === undefined ? {} : { status: before['status'] };
    const content: Fields = type.subresources.includes('status')
      ? { ...without(wanted, 'status'), ...status }
      : { ...wanted };
    return { ...content, metadata: meta } as unknown as T;
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

  #mutated<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    let current = admission as unknown as Admission;
    for (const plugin of this.#admission) {
      const object = plugin.mutate?.(current);
      if (object !== undefined && object !== current.object) current = { ...current, object };
    }
    return current as unknown as Admission<T>;
  }

  #validated<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    for (const plugin of this.#admission) plugin.validate?.(admission as unknown as Admission);
    return admission;
  }

  #completed<T extends KubeObject>(admission: Admission<T>): Admission<T> {
    let current = admission as unknown as Admission;
    for (const plugin of this.#admission) {
      const object = plugin.complete?.(current);
      if (object !== undefined && object !== current.object) current = { ...current, object };
    }
    return current as unknown as Admission<T>;
  }

  #warn<T extends KubeObject>({ object, warn }: Admission<T>, strategy: ResourceStrategy<T> | undefined): void {
    for (const text of strategy?.warnings?.(object) ?? []) warn(text);
  }

  #stored<T extends KubeObject>(admission: Admission<T>, object: T): T {
    if (admission.dryRun) return object;
    const stored = this.store.put(admission.type, object);
    for (const plugin of this.#admission) plugin.stored?.({ ...admission, object: stored } as unknown as Admission);
    return stored;
  }

  #removed<T extends KubeObject>(admission: Admission<T>): T {
    if (admission.dryRun) return admission.object;
    this.store.remove(admission.type, admission.namespace, admission.name);
    for (const plugin of this.#admission)
      plugin.stored?.({ ...admission, operation: 'DELETE' } as unknown as Admission);
    return admission.object;
  }

  #strategy<T extends KubeObject>(type: ResourceType<T>): ResourceStrategy<T> | undefined {
    return this.#strategies.get(`${type.group}/${type.kind}`) as ResourceStrategy<T> | undefined;
  }
}

/** Kinds with a status count the versions of what is wanted. */
function hasGeneration({ kind, subresources }: ResourceType): boolean {
  return (
    kind !== 'Namespace' &&
    kind !== 'Node' &&
    kind !== 'Service' &&
    kind !== 'PersistentVolume' &&
    kind !== 'PersistentVolumeClaim' &&
    subresources.includes('status')
  );
}

/** Counts a version where what is wanted changes. */
function withGeneration<T extends KubeObject>(type: ResourceType, object: T, previous: T): T {
  const isNew =
    hasGeneration(type) && !sameJson(contentOf(object as unknown as Fields), contentOf(previous as unknown as Fields));
  if (!isNew) return object;
  return { ...object, metadata: { ...object.metadata, generation: (previous.metadata.generation ?? 0) + 1 } };
}

function ignore(): void {}

/** Everything that somebody may want: not the envelope, not the status. */
function contentOf(object: Fields): Fields {
  return without(object, 'metadata', 'status');
}

function without(object: Fields, ...fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

const FIXED = [
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generateName',
] as const;

/** Metadata that clients cannot change stays as it was. */
function keptMeta(wanted: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  const kept = FIXED.filter((field) => previous[field] !== undefined).map((field) => [field, previous[field]]);
  return { ...without({ ...wanted }, ...FIXED), ...Object.fromEntries(kept) } as unknown as ObjectMeta;
}

function isGone(object: KubeObject, type: ResourceType): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    finalizers.length === 0 &&
    (type.kind !== 'Pod' || deletionGracePeriodSeconds === 0)
  );
}

function nameErrors(name: string, generateName: string | undefined): readonly FieldError[] {
  return name !== '' || generateName !== undefined
    ? []
    : [{ type: 'FieldValueRequired', field: 'metadata.name', detail: 'name or generateName is required' }];
}
