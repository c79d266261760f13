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
import { NAMESPACES } from './built-in-types.ts';
import { deletionOf, isGone } from './deletion.ts';
import { trackFields } from './field-ownership.ts';
import { listObjects, type ListOptions, type ObjectList } from './list.ts';
import {
  hasGeneration,
  keptMetadata,
  metadataErrors,
  metadataUpdateErrors,
  tidyMetadata,
  withGeneration,
} from './metadata.ts';
import { appliedObject } from './apply/apply.ts';
import { patchedObject } from './patch/patched-object.ts';
import type { ChangingPatch } from './patch/patch.ts';
import { checkDeletion, checkUpdate } from './preconditions.ts';
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

/** Source: `k8s.io/apiserver/pkg/{storage/names,registry/generic/registry}` */
const NAME_ATTEMPTS = 8;
const LONGEST_PREFIX = 58;

const GIVEN_BY_SERVER = [
  'uid',
  'creationTimestamp',
  'generation',
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** What a subresource can change, where it is one part of the object. */
const PART_OF_SUBRESOURCE: Readonly<Record<string, string>> = { status: 'status', finalize: 'spec' };
/** Writes that change nothing that somebody wants. */
const UNCOUNTED: ReadonlySet<string> = new Set(['status', 'binding', 'finalize']);

/** Through the resource itself, or its scale; other subresources have rules of their own. */
function isWhole({ subresource = '' }: WriteOptions): boolean {
  return subresource === '' || subresource === 'scale';
}

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
    const fresh = this.#fresh(type, object, name, strategy?.keepsStatus === true);
    const wanted = strategy?.defaults?.(fresh) ?? fresh;
    // Before admission: what plugins fill in belongs to nobody.
    const owned = trackFields(undefined, wanted, type, options, this.clock.now);
    const mutated = this.#mutated(this.#admissionOf('CREATE', type, owned, undefined, options));
    const prepared = strategy?.prepareForCreate?.(mutated.object, this.clock.now) ?? mutated.object;
    const admission = { ...mutated, object: prepared };
    const errors = [...metadataErrors(type, prepared.metadata), ...(strategy?.validate?.(prepared) ?? [])];
    if (errors.length > 0) throw invalid(type, name, errors);
    this.#warn(admission, strategy);
    const complete = this.#completed(this.#validated(admission));
    const taken = this.store.get(type, complete.namespace, name);
    if (taken !== undefined) throw alreadyExists(type, name, taken.metadata.deletionTimestamp !== undefined);
    return this.#stored(complete, complete.object);
  }

  /** A new object with what only the server gives, and without what nobody can bring. */
  #fresh<T extends KubeObject>(type: ResourceType<T>, object: T, name: string, keepsStatus: boolean): T {
    const brought = without({ ...(object.metadata as Partial<ObjectMeta> | undefined) }, ...GIVEN_BY_SERVER);
    const placed = type.namespaced ? brought : without(brought, 'namespace');
    const metadata = {
      ...tidyMetadata({ ...placed, name }),
      uid: drawUid(this.#random),
      creationTimestamp: timestamp(this.clock.now),
      ...(hasGeneration(type) ? { generation: 1 } : {}),
    };
    const wanted = { ...object, metadata } as unknown as Fields;
    const losesStatus = type.subresources.includes('status') && !keepsStatus;
    return (losesStatus ? without(wanted, 'status') : wanted) as unknown as T;
  }

  /**
   * Replaces an object, or the part of it that a subresource is. A `resourceVersion` that is not the stored one is a conflict.
   * @throws ApiError 404, 409, 422, 403
   */
  update<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): T {
    const { namespace = '', name } = object.metadata;
    const previous = this.get(type, namespace, name);
    checkUpdate(type, object, previous);
    const strategy = this.#strategy(type);
    const isStatus = options.subresource === 'status';
    const isPart = PART_OF_SUBRESOURCE[options.subresource ?? ''] !== undefined;
    const isJudged = type.isCustom === true || !isPart;
    const wanted = isJudged ? (strategy?.defaults?.(object) ?? object) : object;
    const content = this.#merged(type, wanted, previous, options.subresource ?? '');
    const merged = trackFields(previous, content, type, options, this.clock.now);
    if (sameJson(merged, previous)) return previous;
    const mutated = this.#mutated(this.#admissionOf('UPDATE', type, merged, previous, options));
    const changed = UNCOUNTED.has(options.subresource ?? '')
      ? mutated.object
      : withGeneration(type, mutated.object, previous);
    const prepared = isStatus ? changed : (strategy?.prepareForUpdate?.(changed, previous, this.clock.now) ?? changed);
    const admission = { ...mutated, object: prepared };
    // The schema of a custom resource holds for its status too.
    const isChecked = isWhole(options) || type.isCustom === true;
    const errors =
      !isJudged && isStatus
        ? []
        : [
            ...metadataUpdateErrors(prepared.metadata, previous.metadata),
            ...(isChecked ? (strategy?.validateUpdate?.(prepared, previous) ?? []) : []),
          ];
    if (errors.length > 0) throw invalid(type, name, errors);
    if (!isStatus) this.#warn(admission, strategy);
    const complete = this.#completed(this.#validated(admission));
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
    const admission = this.#mutated(this.#admissionOf('DELETE', type, previous, previous, options));
    this.#validated(admission);
    const { marked, isRemoved } = deletionOf(type, previous, options, this.clock.now);
    const last = marked === undefined || sameJson(marked, previous) ? previous : this.#stored(admission, marked);
    return isRemoved ? this.#removed({ ...admission, object: last }) : last;
  }

  /** What a write through the resource itself, or through one of its subresources, may change. */
  #merged<T extends KubeObject>(type: ResourceType<T>, object: T, previous: T, subresource: string): T {
    const before = previous as unknown as Fields;
    const wanted = object as unknown as Fields;
    const kept = keptMetadata(object.metadata, previous.metadata);
    const part = PART_OF_SUBRESOURCE[subresource];
    if (part !== undefined) {
      // Annotations of a Deployment, labels of a Node: only custom resources keep their metadata apart from their status.
      const metadata = type.isCustom === true ? previous.metadata : kept;
      return { ...before, metadata, [part]: wanted[part] } as unknown as T;
    }
    const status = before['status'] === undefined ? {} : { status: before['status'] };
    const content: Fields = type.subresources.includes('status')
      ? { ...without(wanted, 'status'), ...status }
      : { ...wanted };
    // Its only field is changed through a subresource of its own.
    const spec = kindKey(type) === kindKey(NAMESPACES) ? { spec: before['spec'] } : {};
    return { ...content, ...spec, metadata: kept } as unknown as T;
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
    for (const plugin of this.#admission) plugin.stored?.({ ...admission, object: stored } as unknown as Admission);
    return inVersion(type, stored);
  }

  #removed<T extends KubeObject>(admission: Admission<T>): T {
    if (admission.dryRun) return admission.object;
    this.store.remove(admission.type, admission.namespace, admission.name);
    for (const plugin of this.#admission)
      plugin.stored?.({ ...admission, operation: 'DELETE' } as unknown as Admission);
    return admission.object;
  }

  #strategy<T extends KubeObject>(type: ResourceType<T>): ResourceStrategy<T> | undefined {
    return (this.types.strategyOf(type) ?? this.#strategies.get(kindKey(type))) as ResourceStrategy<T> | undefined;
  }
}

function ignore(): void {}

function without(object: Fields, ...fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
