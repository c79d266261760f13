/** Storage that fails, each scene looked at by every rule: exactly these findings, at these severities, and no other. */
import { describe, expect, it } from 'vitest';
import { ago, brief, condition, deployment, event, findingsIn, node, object, pod, replicaSet } from './scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

const cluster = { metadata: { namespace: undefined } };
const storageClass = (name: string, more: Fields = {}) =>
  object('storage.k8s.io/v1', 'StorageClass', name, {
    ...cluster,
    provisioner: 'pd.csi.storage.gke.io',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
    ...more,
  });
const claim = (phase: string, more: { metadata?: Fields; spec?: Fields; status?: Fields } = {}) =>
  object('v1', 'PersistentVolumeClaim', 'data', {
    metadata: { ...more.metadata },
    spec: { storageClassName: 'standard-rwo', resources: { requests: { storage: '20Gi' } }, ...more.spec },
    status: { phase, ...more.status },
  });
const volume = (phase: string, more: { spec?: Fields; status?: Fields; metadata?: Fields } = {}) =>
  object('v1', 'PersistentVolume', 'pv-data', {
    metadata: { namespace: undefined, ...more.metadata },
    spec: { capacity: { storage: '20Gi' }, claimRef: { namespace: 'shop', name: 'data' }, ...more.spec },
    status: { phase, ...more.status },
  });
const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
const waiting = (message: string) => [
  deployment(1, 0),
  replicaSet('web-1', 1, 0),
  pod('web-1-a', {
    phase: 'Pending',
    statuses: [],
    spec: { nodeName: undefined, volumes },
    status: {
      conditions: [condition('PodScheduled', 'False', 60, { reason: 'Unschedulable', message })],
      containerStatuses: [],
    },
  }),
];
const SHORT = 'high deployment-unavailable web';
const UNBOUND =
  '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
const base = [node(), storageClass('standard-rwo')];

describe('claims and volumes that fail', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a claim of a class that does not exist, and its pod',
      [...base, claim('Pending', { spec: { storageClassName: 'fast' } }), ...waiting(UNBOUND)],
      ['high claim-pending data', SHORT, 'high pod-unschedulable web-1-a'],
    ],
    [
      'the same without a pod',
      [...base, claim('Pending', { spec: { storageClassName: 'fast' } })],
      ['medium claim-pending data'],
    ],
    ['a claim without class, events or anything', [claim('Pending')], ['medium claim-pending data']],
    ['a lost claim', [...base, claim('Lost', { spec: { volumeName: 'pv-data' } })], ['high claim-lost data']],
    ['a failed volume', [...base, volume('Failed')], ['medium volume-failed pv-data']],
    ['a pending volume', [...base, volume('Pending')], ['medium volume-pending pv-data']],
    ['a released volume', [...base, volume('Released')], ['low volume-released pv-data']],
    [
      'two default classes',
      ['a', 'b'].map((name) =>
        storageClass(name, {
          metadata: {
            namespace: undefined,
            annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
          },
        }),
      ),
      ['low storage-class-multiple-defaults a'],
    ],
    [
      'an expansion beyond what the disk may have: one refusal, and why',
      [
        node(),
        storageClass('standard-rwo', { provisioner: 'ebs.csi.aws.com', parameters: { type: 'gp2' } }),
        claim('Bound', {
          spec: { volumeName: 'pv-data', resources: { requests: { storage: '20Ti' } } },
          status: { capacity: { storage: '1Ti' }, conditions: [condition('Resizing', 'True', 60)] },
        }),
        pod('web-1-a', { spec: { volumes } }),
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
      ],
      ['high claim-size-unsupported data', 'medium claim-expansion-stuck data'],
    ],
    [
      'a claim deleted under a running pod',
      [
        ...base,
        claim('Bound', {
          metadata: { deletionTimestamp: ago(60), finalizers: ['kubernetes.io/pvc-protection'] },
          status: { capacity: { storage: '20Gi' } },
        }),
        pod('web-1-a', { spec: { volumes } }),
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
      ],
      ['medium claim-deletion-blocked data'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn(objects)).toSorted()).toEqual(expected.toSorted());
  });

  it('the words of a refusal win over the note that the provisioner was asked', () => {
    const pending = claim('Pending');
    const asked =
      "Waiting for a volume to be created either by the external provisioner 'pd.csi.storage.gke.io' or manually by the system administrator.";
    const failed =
      'failed to provision volume with StorageClass "standard-rwo": rpc error: code = PermissionDenied desc = googleapi: Error 403: Required \'compute.disks.create\' permission';
    const [finding] = findingsIn([
      ...base,
      pending,
      event(pending, 'ExternalProvisioning', asked, 1, { type: 'Normal' }),
      event(pending, 'ProvisioningFailed', failed, 4),
    ]);
    expect(finding?.facts).toMatchObject({ cause: 'provisioning-failed', refusal: 'permission' });
  });
});
