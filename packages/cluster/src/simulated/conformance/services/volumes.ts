/** Claims and volumes. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { claim, IMAGE, NAMESPACE, pod, volume } from './objects.ts';

const VOLUMES = 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/';
const SOURCE = 'pkg/controller/volume/persistentvolume/pv_controller.go';
const data = { verb: 'get', resource: 'v1/persistentvolumeclaims', namespace: NAMESPACE, name: 'data' } as const;
const disk = { verb: 'get', resource: 'v1/persistentvolumes', name: 'disk' } as const;
const events = { verb: 'list', resource: 'v1/events', namespace: NAMESPACE } as const;
const NODES = [{ name: 'node-1' }];
const SOON = { eventuallyMs: 60_000 };

function storageClass(spec: Json): Json {
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'slow' }, ...spec };
}

function user(name: string, claimName: string): Json {
  return pod(name, {
    containers: [{ name: 'app', image: IMAGE, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
  });
}

function tells(type: string, reason: string, message: string | RegExp) {
  return { ...events, ...SOON, expect: { some: [{ type, reason, message, involvedObject: { name: 'data' } }] } };
}

export const VOLUME_CASES: readonly ConformanceCase[] = [
  {
    name: 'a claim gets the smallest volume that serves',
    source: `${VOLUMES}#binding`,
    given: [
      volume('large', { capacity: { storage: '100Gi' } }),
      volume('disk', { capacity: { storage: '20Gi' } }),
      volume('tiny', { capacity: { storage: '1Gi' } }),
    ],
    steps: [
      { ...disk, ...SOON, expect: { body: { status: { phase: 'Available' } } } },
      { verb: 'create', resource: 'v1/persistentvolumeclaims', namespace: NAMESPACE, body: claim('data') },
      {
        ...data,
        ...SOON,
        keep: 'claim',
        expect: {
          body: {
            metadata: {
              annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
              finalizers: ['kubernetes.io/pvc-protection'],
            },
            spec: { volumeName: 'disk' },
            status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '20Gi' } },
          },
        },
      },
      {
        ...disk,
        ...SOON,
        expect: {
          body: {
            metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
            spec: {
              claimRef: {
                apiVersion: 'v1',
                kind: 'PersistentVolumeClaim',
                namespace: NAMESPACE,
                name: 'data',
                uid: '${claim.metadata.uid}',
              },
            },
            status: { phase: 'Bound' },
          },
        },
      },
    ],
  },
  {
    name: 'a claim without a class waits for a volume',
    source: SOURCE,
    given: [claim('data')],
    steps: [
      tells('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set'),
      { ...data, expect: { body: { status: { phase: 'Pending' } } } },
      { verb: 'create', resource: 'v1/persistentvolumes', body: volume('disk') },
      { ...data, ...SOON, expect: { body: { spec: { volumeName: 'disk' }, status: { phase: 'Bound' } } } },
    ],
  },
  {
    name: 'a claim that says no class gets the default class that comes after it',
    source: `${VOLUMES}#retroactive-default-storageclass-assignment`,
    given: [claim('data', { storageClassName: undefined }), claim('none')],
    steps: [
      tells('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set'),
      {
        verb: 'create',
        resource: 'storage.k8s.io/v1/storageclasses',
        body: {
          ...storageClass({ provisioner: 'example.com/disk', volumeBindingMode: 'WaitForFirstConsumer' }),
          metadata: { name: 'late', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        },
      },
      { ...data, ...SOON, expect: { body: { spec: { storageClassName: 'late' }, status: { phase: 'Pending' } } } },
      tells('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding'),
      { ...data, name: 'none', expect: { body: { spec: { storageClassName: '' }, status: { phase: 'Pending' } } } },
    ],
  },
  {
    name: 'a class that is not there provisions nothing',
    source: SOURCE,
    given: [claim('data', { storageClassName: 'gold' })],
    steps: [tells('Warning', 'ProvisioningFailed', 'storageclass.storage.k8s.io "gold" not found')],
  },
  {
    name: 'a class that waits for its consumer says so',
    source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode',
    given: [
      storageClass({ provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' }),
      volume('disk', { storageClassName: 'slow' }),
      claim('data', { storageClassName: 'slow' }),
    ],
    steps: [
      tells('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding'),
      { ...data, staysMs: 30_000, expect: { body: { spec: { volumeName: ABSENT }, status: { phase: 'Pending' } } } },
    ],
  },
  {
    name: 'a provisioner that does not run is waited for',
    source: 'https://kubernetes.io/docs/concepts/storage/dynamic-provisioning/',
    given: [storageClass({ provisioner: 'example.com/absent' }), claim('data', { storageClassName: 'slow' })],
    steps: [
      tells(
        'Normal',
        'ExternalProvisioning',
        "Waiting for a volume to be created either by the external provisioner 'example.com/absent' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
      ),
      {
        ...data,
        expect: {
          body: {
            metadata: {
              annotations: {
                'volume.beta.kubernetes.io/storage-provisioner': 'example.com/absent',
                'volume.kubernetes.io/storage-provisioner': 'example.com/absent',
              },
            },
            status: { phase: 'Pending' },
          },
        },
      },
    ],
  },
  {
    name: 'a volume that is asked for by name must be large enough',
    source: SOURCE,
    given: [volume('disk', { capacity: { storage: '1Gi' } }), claim('data', { volumeName: 'disk' })],
    steps: [tells('Warning', 'VolumeMismatch', 'Cannot bind to requested volume "disk": requested PV is too small')],
  },
  {
    name: 'a volume that another claim has is not given again',
    source: `${VOLUMES}#binding`,
    given: [volume('disk'), claim('first', { volumeName: 'disk' })],
    steps: [
      { ...disk, ...SOON, expect: { body: { status: { phase: 'Bound' } } } },
      {
        verb: 'create',
        resource: 'v1/persistentvolumeclaims',
        namespace: NAMESPACE,
        body: claim('data', { volumeName: 'disk' }),
      },
      tells('Warning', 'FailedBinding', 'volume "disk" already bound to a different claim.'),
    ],
  },
  {
    name: 'a volume may be reserved for a claim',
    source: `${VOLUMES}#reserving-a-persistentvolume`,
    given: [volume('disk', { claimRef: { namespace: NAMESPACE, name: 'data' } }), claim('first'), claim('data')],
    steps: [
      { ...data, ...SOON, expect: { body: { spec: { volumeName: 'disk' }, status: { phase: 'Bound' } } } },
      { ...data, name: 'first', staysMs: 30_000, expect: { body: { status: { phase: 'Pending' } } } },
    ],
  },
  {
    name: 'a claim chooses volumes by their labels',
    source: `${VOLUMES}#selector`,
    given: [volume('disk'), claim('data', { selector: { matchLabels: { media: 'ssd' } } })],
    steps: [
      { ...data, staysMs: 30_000, expect: { body: { status: { phase: 'Pending' } } } },
      { ...disk, verb: 'patch', body: { metadata: { labels: { media: 'ssd' } } } },
      { ...data, ...SOON, expect: { body: { spec: { volumeName: 'disk' } } } },
    ],
  },
  {
    name: 'a retained volume is released when its claim goes',
    source: `${VOLUMES}#retain`,
    given: [volume('disk'), claim('data')],
    steps: [
      { ...disk, ...SOON, expect: { body: { status: { phase: 'Bound' } } } },
      { ...data, verb: 'delete' },
      { ...disk, ...SOON, expect: { body: { spec: { claimRef: { name: 'data' } }, status: { phase: 'Released' } } } },
      { verb: 'create', resource: 'v1/persistentvolumeclaims', namespace: NAMESPACE, body: claim('data') },
      { ...data, staysMs: 30_000, expect: { body: { status: { phase: 'Pending' } } } },
    ],
  },
  {
    name: 'a claim that a pod uses stays until the pod is gone',
    source: `${VOLUMES}#storage-object-in-use-protection`,
    nodes: NODES,
    given: [volume('disk'), claim('data'), user('one', 'data')],
    steps: [
      {
        verb: 'get',
        resource: 'v1/pods',
        namespace: NAMESPACE,
        name: 'one',
        eventuallyMs: 120_000,
        expect: { body: { status: { phase: 'Running' } } },
      },
      { ...data, verb: 'delete' },
      { ...data, staysMs: 30_000, expect: { body: { metadata: { deletionTimestamp: /Z$/ } } } },
      { verb: 'delete', resource: 'v1/pods', namespace: NAMESPACE, name: 'one' },
      { ...data, eventuallyMs: 120_000, expect: { code: 404 } },
    ],
  },
  {
    name: 'a volume that a claim has stays until the claim is gone',
    source: `${VOLUMES}#storage-object-in-use-protection`,
    given: [volume('disk'), claim('data')],
    steps: [
      { ...disk, ...SOON, expect: { body: { status: { phase: 'Bound' } } } },
      { ...disk, verb: 'delete' },
      {
        ...disk,
        staysMs: 30_000,
        expect: { body: { metadata: { deletionTimestamp: /Z$/ }, status: { phase: 'Bound' } } },
      },
      { ...data, verb: 'delete' },
      { ...disk, ...SOON, expect: { code: 404 } },
    ],
  },
  {
    name: 'a generic ephemeral volume gets a claim that belongs to its pod',
    source: 'https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes',
    given: [
      pod('one', {
        volumes: [
          {
            name: 'scratch',
            ephemeral: {
              volumeClaimTemplate: {
                metadata: { labels: { kind: 'scratch' } },
                spec: {
                  accessModes: ['ReadWriteOnce'],
                  storageClassName: 'slow',
                  resources: { requests: { storage: '1Gi' } },
                },
              },
            },
          },
        ],
      }),
    ],
    steps: [
      {
        ...data,
        ...SOON,
        name: 'one-scratch',
        expect: {
          body: {
            metadata: {
              labels: { kind: 'scratch' },
              ownerReferences: [
                { apiVersion: 'v1', kind: 'Pod', name: 'one', controller: true, blockOwnerDeletion: true },
              ],
            },
          },
        },
      },
    ],
  },
];
