import type { ConformanceCase, Json } from '../conformance-case.ts';
import { create, hopeless, impossible, nodes, placed, pod, waits } from './steps.ts';

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

function volume(node: string, more: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: {
      storageClassName: 'local',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      local: { path: '/mnt/disk' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
          ],
        },
      },
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
    steps: [create(pod('web', DATA)), waits('web', impossible(1, 'persistentvolumeclaim "data" not found'))],
  },
  {
    name: 'A pod whose claim should be bound already waits for that',
    source: BINDING,
    nodes: ONE,
    given: [storageClass('Immediate'), claim()],
    steps: [
      create(pod('web', DATA)),
      waits('web', impossible(1, 'pod has unbound immediate PersistentVolumeClaims')),
      create(volume('n1')),
      placed('web', 'n1'),
    ],
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
  {
    name: 'A claim that binds late leads its pod to where a volume is, and is bound to it',
    source: BINDING,
    nodes: nodes({ n1: {}, n2: {} }),
    given: [storageClass('WaitForFirstConsumer'), claim(), volume('n2')],
    steps: [
      create(pod('web', DATA)),
      placed('web', 'n2'),
      {
        verb: 'get',
        resource: 'v1/persistentvolumeclaims',
        namespace: 'shop',
        name: 'data',
        expect: { body: { spec: { volumeName: 'disk' }, status: { phase: 'Bound' } } },
        eventuallyMs: 20_000,
      },
    ],
  },
  {
    name: 'A volume that only one node reaches keeps the pod from the others',
    source: VOLUMES,
    nodes: nodes({ n1: { taints: [{ key: 'team', effect: 'NoSchedule' }] }, n2: {} }),
    given: [storageClass('Immediate'), volume('n1'), claim()],
    steps: [
      { passMs: 20_000 },
      create(pod('web', DATA)),
      waits(
        'web',
        hopeless(2, "1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) had untolerated taint(s)"),
      ),
    ],
  },
  {
    name: 'A claim that is made later lets its pod go on',
    source: BINDING,
    nodes: ONE,
    given: [storageClass('WaitForFirstConsumer'), volume('n1')],
    steps: [
      create(pod('web', DATA)),
      waits('web', impossible(1, 'persistentvolumeclaim "data" not found')),
      create(claim()),
      placed('web', 'n1'),
    ],
  },
];
