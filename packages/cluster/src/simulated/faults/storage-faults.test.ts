import { describe, expect, it } from 'vitest';
import { PERSISTENT_VOLUME_CLAIMS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const UNBOUND = 'Unschedulable: 0/6 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found';
const CLAIM = 'PersistentVolumeClaim search/indexer-cache';

describe('faults of storage', () => {
  it.each([
    ['storage-class-missing', 'premium-rwo', 'ProvisioningFailed: storageclass.storage.k8s.io "premium-rwo" not found'],
    [
      'provisioner-missing',
      'netapp-block',
      "ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'csi.trident.netapp.io' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ],
    [
      'provisioner-refuses',
      'ssd-retain',
      'ProvisioningFailed: failed to provision volume with StorageClass "ssd-retain": rpc error: code = InvalidArgument desc = ' +
        'CreateVolume failed to create single zonal disk: failed to insert zonal disk: unknown Insert disk error: googleapi: Error 400: ' +
        "Invalid value for field 'resource.type': 'projects/example-project/zones/europe-west1-a/diskTypes/pd-sdd'. The referenced diskType resource cannot be found., invalid",
    ],
  ])('%s: the claim stays unbound, and says why', (kind, storageClassName, words) => {
    const symptoms = new Symptoms(kind, { target: 'search/indexer' });
    expect(symptoms.fault.truth.entities).toEqual(expect.arrayContaining([`StorageClass ${storageClassName}`, CLAIM]));
    expect(symptoms.cluster.api.store.get(PERSISTENT_VOLUME_CLAIMS, 'search', 'indexer-cache')).toMatchObject({
      spec: { storageClassName },
      status: { phase: 'Pending' },
    });
    expect(symptoms.events(CLAIM)).toContain(words);
    expect(symptoms.unscheduled('search', 'indexer')).toEqual([UNBOUND]);
    expect(symptoms.repair().unscheduled('search')).toEqual([]);
  });

  it('volume-zone-conflict: no node is in both zones', () => {
    const symptoms = new Symptoms('volume-zone-conflict', { target: 'search/indexer' });
    expect(symptoms.unscheduled('search', 'indexer')).toEqual([
      "Unschedulable: 0/6 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity, " +
        "4 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, " +
        'preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.',
    ]);
    const claim = symptoms.cluster.api.store.get(PERSISTENT_VOLUME_CLAIMS, 'search', 'indexer-cache');
    expect(claim?.status?.phase).toBe('Bound');
    expect(symptoms.repair().unscheduled('search')).toEqual([]);
  });

  it('volume-held: the second node waits for the disk of the first', () => {
    const symptoms = new Symptoms('volume-held', { target: 'shop/catalog' });
    expect(symptoms.warnings('Pod shop/catalog')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^FailedAttachVolume: Multi-Attach error for volume "pvc-[0-9a-f-]+" Volume is already used by pod\(s\) catalog-[a-z0-9-]+$/,
        ),
        'FailedMount: Unable to attach or mount volumes: unmounted volumes=[cache], unattached volumes=[cache], failed to process volumes=[]: context deadline exceeded',
      ]),
    );
    const creating = symptoms
      .pods('shop', 'catalog')
      .map(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason);
    expect(creating).toContain('PodInitializing');
  });

  it('mount-fails: the driver says that the file system is damaged', () => {
    const symptoms = new Symptoms('mount-fails', { target: 'payments/payments-db' });
    expect(symptoms.warnings('Pod payments/payments-db-1')).toContainEqual(
      expect.stringMatching(
        /^FailedMount: MountVolume\.MountDevice failed for volume "pvc-[0-9a-f-]+" : rpc error: code = Internal desc = Failed to format and mount device .*wrong fs type, bad option, bad superblock/,
      ),
    );
    const [pod] = symptoms.pods('payments', 'payments-db-1');
    expect(pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
    symptoms.repair();
    expect(symptoms.pods('payments', 'payments-db').map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
  });
});
