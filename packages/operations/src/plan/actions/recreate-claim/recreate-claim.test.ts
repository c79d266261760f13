import { createDirectWrites, type SimulatedCluster } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { createStorageClass } from '../create-storage-class/create-storage-class.ts';
import { fixStorageClass } from '../fix-storage-class/fix-storage-class.ts';
import { recreateClaim } from './recreate-claim.ts';

const claim = (storageClassName: string) => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'store', namespace: 'shop' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } }, storageClassName },
});
const using = { volumes: [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }] };
const app = deployment('web', using, {}, { replicas: 1 });
const storageClass = (name: string, provisioner: string, parameters = {}) => ({
  ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner, parameters },
});

/** Whether the class still asks for what there is not. */
function isWrong(cluster: SimulatedCluster): boolean {
  const target = { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name: 'gold' };
  const now = createDirectWrites(cluster, 'test').read(target) as { parameters?: Record<string, string> } | undefined;
  return now?.parameters?.['type'] === 'pd-sdd';
}

function waiting(objects: readonly unknown[]) {
  const cluster = clusterWith([...objects, app]);
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

describe('recreate-claim', () => {
  it('gives a claim without a volume the nearest class that there is', () => {
    const planning = waiting([claim('standard-rw')]);
    const [best] = proposalsOf(recreateClaim, planning);
    expect(best?.drafts[0]?.changes).toMatchObject([
      { kind: 'delete', target: { kind: 'PersistentVolumeClaim', name: 'store' } },
      { kind: 'create', object: { metadata: { name: 'store' }, spec: { storageClassName: 'standard-rwo' } } },
    ]);
    expect(tried([recreateClaim], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('takes the default class where the provisioner of its class is not there', () => {
    const planning = waiting([storageClass('netapp', 'csi.trident.netapp.io'), claim('netapp')]);
    const [best] = proposalsOf(recreateClaim, planning);
    expect(best?.title).toContain('standard-rwo');
    expect(tried([recreateClaim], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('never touches a claim that is bound', () => {
    const planning = waiting([claim('standard-rwo')]);
    expect(planning.snapshot.get('PersistentVolumeClaim', 'shop', 'store')?.status?.phase).toBe('Bound');
    expect(proposalsOf(recreateClaim, planning)).toEqual([]);
  });
});

describe('create-storage-class', () => {
  it('makes a class of any other name after the one that makes volumes here', () => {
    const planning = waiting([claim('fast-local')]);
    const [best] = proposalsOf(createStorageClass, planning);
    expect(best?.fit).toBeLessThan(0.85);
    expect(best?.drafts[0]?.changes).toMatchObject([
      { object: { kind: 'StorageClass', metadata: { name: 'fast-local' }, provisioner: 'pd.csi.storage.gke.io' } },
    ]);
    expect(tried([createStorageClass], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});

describe('fix-storage-class', () => {
  it('leaves types of disks alone that there are', () => {
    const planning = waiting([storageClass('gold', 'pd.csi.storage.gke.io', { type: 'pd-ssd' }), claim('gold')]);
    expect(proposalsOf(fixStorageClass, planning)).toEqual([]);
  });

  it('names the nearest type of disk that there is', () => {
    const cluster = clusterWith([]);
    const words =
      'rpc error: code = InvalidArgument desc = googleapi: Error 400: The referenced diskType resource cannot be found., invalid';
    cluster.behave({
      volume: ({ storageClass: name }) => (name === 'gold' && isWrong(cluster) ? { provisionError: words } : undefined),
    });
    put(cluster, [storageClass('gold', 'pd.csi.storage.gke.io', { type: 'pd-sdd' }), claim('gold'), app]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixStorageClass, planning);
    expect(best?.title).toContain('pd-ssd');
    expect(tried([fixStorageClass], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});
