/** Storage that is well, or resting on purpose: no finding above information. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  brief,
  condition,
  DAY,
  findingsIn,
  node,
  object,
  pod,
  deployment,
  replicaSet,
  statefulSet,
} from './scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

const storageClass = object('storage.k8s.io/v1', 'StorageClass', 'standard-rwo', {
  metadata: { namespace: undefined, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'pd.csi.storage.gke.io',
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
});
const claim = (name: string, phase = 'Bound', more: { metadata?: Fields; spec?: Fields; status?: Fields } = {}) =>
  object('v1', 'PersistentVolumeClaim', name, {
    metadata: { ...more.metadata },
    spec: {
      storageClassName: 'standard-rwo',
      resources: { requests: { storage: '20Gi' } },
      ...(phase === 'Bound' ? { volumeName: `pv-${name}` } : {}),
      ...more.spec,
    },
    status: { phase, ...(phase === 'Bound' ? { capacity: { storage: '20Gi' } } : {}), ...more.status },
  });
const volume = (name: string, phase = 'Bound', spec: Fields = {}) =>
  object('v1', 'PersistentVolume', `pv-${name}`, {
    metadata: { namespace: undefined },
    spec: {
      capacity: { storage: '20Gi' },
      storageClassName: 'standard-rwo',
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'pd.csi.storage.gke.io', volumeHandle: name },
      claimRef: { namespace: 'shop', name },
      ...spec,
    },
    status: { phase },
  });
const mounting = (name: string) => ({
  spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] },
});
const web = [deployment(1, 1), replicaSet('web-1', 1, 1)];

describe('storage without a fault', () => {
  it.each<[string, readonly unknown[]]>([
    ['a bound claim that a pod uses', [...web, claim('data'), volume('data'), pod('web-1-a', mounting('data'))]],
    ['a claim a minute old', [claim('data', 'Pending', { metadata: { creationTimestamp: ago(1) } })]],
    [
      'a claim of a retired class that was bound before the class went',
      [
        ...web,
        claim('data', 'Bound', { spec: { storageClassName: 'retired' } }),
        volume('data'),
        pod('web-1-a', mounting('data')),
      ],
    ],
    [
      'a disk that is larger than asked for',
      [
        ...web,
        claim('data', 'Bound', { status: { capacity: { storage: '32Gi' } } }),
        volume('data'),
        pod('web-1-a', mounting('data')),
      ],
    ],
    [
      'an expansion that was done',
      [
        ...web,
        claim('data', 'Bound', { status: { conditions: [condition('FileSystemResizePending', 'False', DAY)] } }),
        volume('data'),
        pod('web-1-a', mounting('data')),
      ],
    ],
    [
      'a small volume that is what its owner wants',
      [
        ...web,
        claim('data', 'Bound', { spec: { storageClassName: 'nfs', resources: { requests: { storage: '100Mi' } } } }),
        pod('web-1-a', mounting('data')),
      ],
    ],
    [
      'a claim template of a StatefulSet that runs',
      [
        statefulSet(1, 1, { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] } }),
        claim('data-db-0'),
      ],
    ],
    [
      'a volume of an ended pod',
      [
        claim('data'),
        volume('data'),
        pod('web-1-a', { ...mounting('data'), phase: 'Succeeded', ready: false, statuses: [] }),
      ],
    ],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn([node(), storageClass, ...objects])).filter((one) => !one.startsWith('info'))).toEqual([]);
  });

  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a claim that no pod uses yet', [claim('data', 'Pending')], ['info claim-pending data']],
    [
      'a bound claim that no pod uses',
      [pod('web-1-a'), ...web, claim('data'), volume('data')],
      ['info claim-unused data'],
    ],
    ['a volume in reserve', [volume('data', 'Available', { claimRef: undefined })], ['info volume-unused pv-data']],
  ])('information at most: %s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), storageClass, ...objects]))).toEqual(expected);
  });
});
