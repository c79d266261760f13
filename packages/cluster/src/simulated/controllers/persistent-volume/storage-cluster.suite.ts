/** A cluster with two zones and storage classes, as tests of storage begin. */
import type { Event, KindMap, PersistentVolume, PersistentVolumeClaim, Pod } from '../../../model/kinds.ts';
import {
  EVENTS,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../api/built-in-types.ts';
import type { Behaviours } from '../../kubelet/behaviour.ts';
import { HEALTHY } from '../../kubelet/behaviour.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';

const NAMESPACE = 'default';

/** `fast` binds at once, `local` waits for the first consumer; both are provisioned. */
export function storageCluster(behaviours: Partial<Behaviours> = {}) {
  const cluster = new SimulatedCluster({ behaviours: { ...HEALTHY, ...behaviours } });
  const { api, clock, kubelets } = cluster;
  for (const zone of ['a', 'b'])
    kubelets.addNode({ name: `node-${zone}`, labels: { 'topology.kubernetes.io/zone': zone } });
  for (const [name, volumeBindingMode] of [
    ['fast', 'Immediate'],
    ['local', 'WaitForFirstConsumer'],
  ] as const)
    api.create(STORAGE_CLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'pd.csi.storage.gke.io',
      volumeBindingMode,
      allowVolumeExpansion: true,
      reclaimPolicy: 'Delete',
    } as KindMap['StorageClass']);
  clock.advance(20_000);
  return {
    ...cluster,
    api,
    clock,
    kubelets,
    claim: (name: string) => api.get(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, name),
    volume: (name: string) => api.store.get(PERSISTENT_VOLUMES, '', name),
    pod: (name: string) => api.store.get(PODS, NAMESPACE, name),
    createClaim: (
      name: string,
      storageClassName: string | undefined,
      more: Partial<PersistentVolumeClaim['spec']> = {},
    ) => api.create(PERSISTENT_VOLUME_CLAIMS, claimOf(name, storageClassName, more)),
    createVolume: (name: string, more: Partial<PersistentVolume['spec']> = {}) =>
      api.create(PERSISTENT_VOLUMES, volumeOf(name, more)),
    createPod: (name: string, claimName: string, nodeName?: string) =>
      api.create(PODS, podOf(name, claimName, nodeName)),
    told: (name: string) =>
      [...api.store.list(EVENTS)]
        .filter(({ involvedObject }) => involvedObject?.name === name)
        .map(({ type, reason, message }: Event) => `${type} ${reason} ${message}`),
  };
}

function claimOf(name: string, storageClassName: string | undefined, more: object): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...more,
    },
  };
}

function volumeOf(name: string, more: object): PersistentVolume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      hostPath: { path: '/data' },
      persistentVolumeReclaimPolicy: 'Retain',
      ...more,
    },
  } as PersistentVolume;
}

function podOf(name: string, claimName: string, nodeName: string | undefined): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      ...(nodeName === undefined ? {} : { nodeName }),
      containers: [{ name: 'app', image: 'db', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  };
}
