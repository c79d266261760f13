/** Who uses which claim, and which claims and volumes belong together. */
import type { PersistentVolume, Pod } from '../../../model/kinds.ts';
import { PERSISTENT_VOLUMES, PODS } from '../../api/built-in-types.ts';
import { ObjectIndex } from '../../store/object-index.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { classOfVolume } from './volume-match.ts';

/** Names of the claims of a pod, those of its ephemeral volumes included. */
export function claimsOf({ metadata, spec }: Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}

/** `namespace/name` of the claims of a pod. */
export function claimKeysOf(pod: Pod): readonly string[] {
  return claimsOf(pod).map((name) => `${pod.metadata.namespace ?? ''}/${name}`);
}

/** Indexes for all controllers of storage in a cluster. */
export class StorageIndex {
  /** By `namespace/name` of a claim. */
  readonly users: ObjectIndex<Pod>;
  /** By `class` those that nobody claims, by `namespace/name` those that a claim has. */
  readonly volumes: ObjectIndex<PersistentVolume>;

  private constructor(store: ObjectStore) {
    this.users = new ObjectIndex(store, PODS, claimKeysOf);
    this.volumes = new ObjectIndex(store, PERSISTENT_VOLUMES, (volume) => {
      const { claimRef } = volume.spec ?? {};
      return claimRef === undefined
        ? [`class ${classOfVolume(volume)}`]
        : [`claim ${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`];
    });
  }

  /** The one of a store. */
  static of(store: ObjectStore): StorageIndex {
    let index = INDEXES.get(store);
    if (index === undefined) INDEXES.set(store, (index = new StorageIndex(store)));
    return index;
  }

  /** Volumes that could serve a claim: those that name it, and the free ones of its class. */
  *candidates(claim: string, storageClass: string): Iterable<PersistentVolume> {
    yield* this.volumes.get(`claim ${claim}`);
    yield* this.volumes.get(`class ${storageClass}`);
  }
}

const INDEXES = new WeakMap<ObjectStore, StorageIndex>();
