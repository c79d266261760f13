/** The store as the parts of the scheduler look things up in it. */
import type { KindMap } from '../../model/kinds.ts';
import {
  CSI_NODES,
  NAMESPACES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  POD_DISRUPTION_BUDGETS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  SERVICES,
  STATEFUL_SETS,
  STORAGE_CLASSES,
} from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Belonging } from './default-spread.ts';
import type { WorldObjects } from './scheduler-world.ts';

const TYPES: Partial<Record<keyof KindMap, ResourceType>> = {
  CSINode: CSI_NODES,
  PersistentVolume: PERSISTENT_VOLUMES,
  PersistentVolumeClaim: PERSISTENT_VOLUME_CLAIMS,
  ReplicaSet: REPLICA_SETS,
  ReplicationController: REPLICATION_CONTROLLERS,
  StatefulSet: STATEFUL_SETS,
  StorageClass: STORAGE_CLASSES,
};

/** `unread`: kinds (`group/Kind`) of which a recorded cluster shows none although it had some. */
export function worldObjects(store: ObjectStore, unread: ReadonlySet<string>): WorldObjects {
  return {
    get: (kind, namespace, name) => found(store, kind, namespace, name),
    list: <K extends keyof KindMap>(kind: K) => {
      const type = TYPES[kind];
      return type === undefined ? [] : ([...store.list(type)] as unknown as readonly KindMap[K][]);
    },
    missing: [...unread].map((kind) => ({ input: `kind:${kind.replace(/^\//, '')}` })),
    namespaceLabels: (name) => ({
      'kubernetes.io/metadata.name': name,
      ...store.get(NAMESPACES, '', name)?.metadata.labels,
    }),
  };
}

export function belongingIn(store: ObjectStore): Belonging {
  return {
    services: (namespace) => store.list(SERVICES, namespace),
    get: (kind, namespace, name) => found(store, kind, namespace, name),
  };
}

export function budgetsIn(store: ObjectStore): readonly KindMap['PodDisruptionBudget'][] {
  return [...store.list(POD_DISRUPTION_BUDGETS)];
}

function found<K extends keyof KindMap>(
  store: ObjectStore,
  kind: K,
  namespace: string,
  name: string,
): KindMap[K] | undefined {
  const type = TYPES[kind];
  return type === undefined ? undefined : (store.get(type, namespace, name) as KindMap[K] | undefined);
}
