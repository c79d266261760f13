import { createSnapshot, withPatch, type ClusterSnapshot } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { workload } from '../../revisions/workload-scene.suite.ts';
import { clusterWith, planningOf, proposalsOf, put } from '../../trial.suite.ts';
import { repairVolume } from './repair-volume.ts';

const HANDLE = 'projects/shop/zones/europe-west1-b/disks/pvc-1';
const WORDS =
  'rpc error: code = Internal desc = Failed to format and mount device: mount failed: exit status 32: wrong fs type, bad option, bad superblock on /dev/sdb';

/** A StatefulSet whose volume no node can mount. */
function damaged(): ClusterSnapshot {
  const cluster = clusterWith([]);
  cluster.behave({ node: () => ({ mountErrors: { '*': WORDS } }) });
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { ...claim, storageClassName: 'standard-rwo' } }];
  const container = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  put(cluster, [workload('StatefulSet', 'db', { container, spec: { replicas: 3, volumeClaimTemplates } })]);
  cluster.clock.advance(20 * 60_000);
  const { snapshot } = planningOf(cluster);
  const objects = snapshot.objects.map((one) =>
    one.kind === 'PersistentVolume'
      ? withPatch(one, { type: 'merge', patch: { spec: { csi: { volumeHandle: HANDLE } } } })
      : one,
  );
  return createSnapshot({ ...snapshot, objects });
}

describe('repair-volume', () => {
  it('says how to copy the disk, end what uses it, and start that again with as many pods as before', () => {
    const [remedy] = proposalsOf(repairVolume, planningOf(damaged()));
    const [change] = remedy?.drafts[0]?.changes ?? [];
    const text = change?.kind === 'manual' ? change.instruction : '';
    for (const part of [
      'gcloud compute disks snapshot pvc-1 --zone=europe-west1-b --project=shop --snapshot-names=before-pvc-1',
      'kubectl scale statefulset/db -n shop --replicas=0',
      'attach-disk MACHINE --disk=pvc-1 --zone=europe-west1-b --project=shop',
      'kubectl scale statefulset/db -n shop --replicas=3',
    ])
      expect(text).toContain(part);
    expect(text.indexOf('snapshot pvc-1')).toBeLessThan(text.indexOf('--replicas=0'));
  });
});
