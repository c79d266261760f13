import type { ConformanceCase, Json } from '../conformance-case.ts';
import { create, hopeless, nodes, pod, waits } from './steps.ts';

const BINDING = 'https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode';
const VOLUMES = 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/';
const ONE = nodes({ n1: {} });
const DATA = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } };

function storageClass(volumeBindingMode: string): Json {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode,
  };
}

function claim(more: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop' },
    spec: {
      storageClassName: 'local',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...more,
    },
  };
}

/** What claims and volumes mean for where pods go. */
export const VOLUME_SCHEDULING_CASES: readonly ConformanceCase[] = [
  {
    name: 'A pod whose claim is not there waits for it',
    source: VOLUMES,
    nodes: ONE,
    steps: [create(pod('web', DATA)), waits('web', hopeless(1, 'persistentvolumeclaim "data" not found'))],
  },
  {
    name: 'A claim that binds late finds no volume where there is none',
    source: BINDING,
    nodes: ONE,
    given: [storageClass('WaitForFirstConsumer'), claim()],
    steps: [
      create(pod('web', DATA)),
      waits('web', hopeless(1, "1 node(s) didn't find available persistent volumes to bind")),
    ],
  },
];
