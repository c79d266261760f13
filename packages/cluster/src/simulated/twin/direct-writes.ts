/** Writes to a simulated cluster in the same process, at once: what rehearsals use where execution uses a `ClusterWriter`. */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/kube-object.ts';
import type { ResourceRef } from '../../model/resource-ref.ts';
import type { Patch } from '../../writer.ts';
import { ApiError } from '../api/api-error.ts';
import { evictPod } from '../api/eviction.ts';
import { patchedObject } from '../api/patch/patched-object.ts';
import type { ChangingPatch } from '../api/patch/patch.ts';
import type { DeleteOptions } from '../api/request.ts';
import { writeScale } from '../api/scale.ts';
import { ResourceTypes } from '../api/resource-types.ts';
import { BUILT_IN_TYPES } from '../api/built-in-types.ts';
import { resourceType, type ResourceType } from '../api/resource-type.ts';
import { podsOnNode } from '../store/object-index.ts';
import { OwnedIndex } from '../controllers/owned-index.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';

/** What became of one write. */
export type DirectOutcome =
  | { readonly kind: 'done'; readonly object: KubeObject | undefined }
  /** In the API server's words. */
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string };

/** Writes as {@link createDirectWrites} makes them. */
export interface DirectWrites {
  create(object: KubeObject): DirectOutcome;
  patch(target: ResourceRef, patch: Patch): DirectOutcome;
  remove(target: ResourceRef, options?: Pick<DeleteOptions, 'propagationPolicy' | 'gracePeriodSeconds'>): DirectOutcome;
  scale(target: ResourceRef, replicas: number): DirectOutcome;
  evict(pod: ResourceRef): DirectOutcome;
  /** The object as it is now. */
  read(target: ResourceRef): KubeObject | undefined;
  /** Objects of a kind that `owner` controls, as they are now; costs no more than there are of them. */
  ownedBy(owner: KubeObject, kind: Pick<ResourceRef, 'group' | 'kind'>): readonly KubeObject[];
  /** Pods that are on a node. */
  podsOn(node: string): readonly Pod[];
  /** All objects of a kind, or those of a namespace. */
  list(kind: Pick<ResourceRef, 'group' | 'kind'>, namespace?: string): readonly KubeObject[];
}

/** Writes to this cluster, in the name of `fieldManager`. */
export function createDirectWrites({ api }: SimulatedCluster, fieldManager: string): DirectWrites {
  const typeOf = ({ group, kind }: Pick<ResourceRef, 'group' | 'kind'>) => api.types.byKind(group, kind);
  const write = (
    target: Pick<ResourceRef, 'group' | 'kind' | 'name'>,
    perform: (type: ResourceType) => KubeObject | undefined,
  ): DirectOutcome => {
    const type = typeOf(target);
    if (type === undefined)
      return { kind: 'refused', reason: 'NotFound', message: `the cluster serves no kind ${target.kind}` };
    try {
      return { kind: 'done', object: perform(type) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { kind: 'refused', reason: error.status.reason, message: error.message };
    }
  };
  return {
    create: (object) => {
      const { name } = object.metadata;
      return write({ group: groupOf(object.apiVersion), kind: object.kind, name }, (type) =>
        api.create(type, object, { fieldManager }),
      );
    },
    patch: (target, patch) =>
      write(target, (type) =>
        api.patch(type, target.namespace, target.name, changing(patch), { fieldManager, fieldValidation: 'Strict' }),
      ),
    remove: (target, options = {}) =>
      write(target, (type) => api.delete(type, target.namespace, target.name, { ...options, fieldManager })),
    scale: (target, replicas) =>
      write(target, (type) => {
        const change = (scale: Parameters<Parameters<typeof writeScale>[4]>[0]) => ({ ...scale, spec: { replicas } });
        writeScale(api, type, target.namespace, target.name, change, { fieldManager });
        return api.get(type, target.namespace, target.name);
      }),
    evict: (pod) =>
      write(pod, () => {
        evictPod(api, pod.namespace, pod.name);
        return undefined;
      }),
    read: (target) => {
      const type = typeOf(target);
      return type === undefined ? undefined : api.store.get(type, target.namespace, target.name);
    },
    ownedBy: ({ metadata: { uid = '' } }, kind) => {
      const type = typeOf(kind);
      return type === undefined ? [] : [...OwnedIndex.of(api.store, type).ownedBy(uid)];
    },
    podsOn: (node) => [...podsOnNode(api.store, node)],
    list: (kind, namespace) => {
      const type = typeOf(kind);
      return type === undefined ? [] : [...api.store.list(type, namespace)];
    },
  };
}

function changing(patch: Patch): ChangingPatch {
  return patch.type === 'json'
    ? { kind: 'json', operations: patch.operations }
    : { kind: patch.type, patch: patch.patch };
}

const TYPES = new ResourceTypes(BUILT_IN_TYPES);

/**
 * The object with a patch, as an API server would make it before defaults and admission; neither is written to. Custom resources take no
 * strategic merge patches.
 * @throws RangeError where the patch does not apply, naming why
 */
export function withPatch<T extends KubeObject>(object: T, patch: Patch): T {
  const { kind, apiVersion } = object;
  const type = TYPES.of(object) ?? resourceType(apiVersion, kind, `${kind.toLowerCase()}s`);
  try {
    return patchedObject(type as ResourceType<T>, object, changing(patch));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new RangeError(`patch of ${kind} ${object.metadata.name} (${apiVersion}): ${error.message}`, {
      cause: error,
    });
  }
}
