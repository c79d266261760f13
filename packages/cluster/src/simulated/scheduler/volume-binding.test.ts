import { describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim } from '../../model/kinds.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES } from '../api/built-in-types.ts';
import { bareScheduler } from './bare-scheduler.suite.ts';
import { nodeObject, podObject } from './scheduler.suite.ts';

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** A node, a pod and its claim, which binds late and has a volume made for it. */
function waitingForVolume(provisioner = 'disk.example.com') {
  const bare = bareScheduler('volumes');
  const { store, api } = bare;
  store.put(STORAGE_CLASSES, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'late' },
    provisioner,
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  store.put(PERSISTENT_VOLUME_CLAIMS, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop', uid: 'claim' },
    spec: { storageClassName: 'late', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  });
  bare.putNode(nodeObject('n1'));
  bare.putPod(
    podObject('web', { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } }),
  );
  const change = (mutate: (claim: PersistentVolumeClaim) => PersistentVolumeClaim) =>
    store.put(PERSISTENT_VOLUME_CLAIMS, mutate(claim()));
  const claim = () => api.get(PERSISTENT_VOLUME_CLAIMS, 'shop', 'data');
  return { ...bare, claim, change, nodeOf: () => bare.pod('web')?.spec?.nodeName };
}

describe('VolumeBinding', () => {
  it('says on which node a volume is to be made, and binds the pod when the claim is bound', () => {
    const { settle, claim, change, nodeOf, store, events } = waitingForVolume();
    settle();
    expect(claim().metadata.annotations).toEqual({ [SELECTED_NODE]: 'n1' });
    settle(60_000);
    expect(nodeOf()).toBeUndefined();
    store.put(PERSISTENT_VOLUMES, { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'made' } });
    change((one) => ({ ...one, spec: { ...one.spec, volumeName: 'made' }, status: { phase: 'Bound' } }));
    settle();
    expect(nodeOf()).toBe('n1');
    expect(events().map(({ reason }) => reason)).toEqual(['Scheduled']);
  });

  it('keeps the room of a pod that waits for its volumes', () => {
    const { settle, putPod, pod } = waitingForVolume();
    settle();
    putPod(podObject('other', { requests: { cpu: '4' }, spec: { priority: -1 } }));
    putPod(podObject('third', { requests: { cpu: '1' }, spec: { priority: -1 } }));
    settle();
    expect([pod('other')?.spec?.nodeName, pod('third')?.spec?.nodeName]).toEqual(['n1', undefined]);
  });

  it('tries anew when the provisioner gives the node up', () => {
    const { settle, change, claim, events } = waitingForVolume();
    settle();
    change((one) => ({ ...one, metadata: { ...one.metadata, annotations: {} } }));
    settle(10);
    expect(events()).toMatchObject([
      {
        reason: 'FailedScheduling',
        message: 'running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"',
      },
    ]);
    expect(claim().metadata.annotations).toEqual({});
    settle(1000);
    expect(claim().metadata.annotations).toEqual({ [SELECTED_NODE]: 'n1' });
  });

  it('gives up after ten minutes', () => {
    const { settle, pod } = waitingForVolume();
    settle();
    settle(600_000);
    expect(pod('web')?.status?.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'SchedulerError',
        message: 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
      },
    ]);
  });

  it('says nothing of a pod that is gone meanwhile', () => {
    const { settle, api, events } = waitingForVolume();
    settle();
    api.delete(PODS, 'shop', 'web');
    settle(700_000);
    expect(events()).toEqual([]);
  });

  it('gives two pods two volumes that are there, each the smallest that will do', () => {
    const { settle, store, putPod, change, api } = waitingForVolume('kubernetes.io/no-provisioner');
    for (const [name, storage] of [
      ['large', '4Gi'],
      ['small', '2Gi'],
    ] as const)
      store.put(PERSISTENT_VOLUMES, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name },
        spec: { storageClassName: 'late', accessModes: ['ReadWriteOnce'], capacity: { storage } },
        status: { phase: 'Available' },
      });
    change((one) => one);
    store.put(PERSISTENT_VOLUME_CLAIMS, {
      ...api.get(PERSISTENT_VOLUME_CLAIMS, 'shop', 'data'),
      metadata: { name: 'more', namespace: 'shop', uid: 'second' },
    });
    putPod(
      podObject('second', { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'more' } }] } }),
    );
    settle();
    const claimOf = (name: string) => api.get(PERSISTENT_VOLUMES, '', name).spec?.claimRef?.name;
    expect([claimOf('small'), claimOf('large')].toSorted()).toEqual(['data', 'more']);
  });
});
