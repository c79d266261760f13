import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudSnapshot } from '../../../cloud/cloud.ts';
import type { Event, KindMap } from '../../../model/kinds.ts';
import {
  CSI_NODES,
  EVENTS,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../api/built-in-types.ts';
import { newCloud } from '../../cloud/new-cloud.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { snapshotOf } from '../../simulated-reader.ts';
import { attachLimitOf } from './csi-node-controller.ts';

const NAMESPACE = 'default';
const REGION = 'europe-west1';

type Parameters = Readonly<Record<string, string>>;

/** Three nodes in three zones; `fast` binds at once and `late` with its first consumer. */
function diskCluster(limits: Readonly<Record<string, number>> = {}, parameters: Parameters = { type: 'pd-balanced' }) {
  const cluster = new SimulatedCluster({
    cloud: newCloud({
      limits,
      clusterName: 'shop',
      nodePools: [{ name: 'pool', initialNodes: 0, autoscaling: undefined }],
    }),
  });
  const { api, clock, kubelets, cloud } = cluster;
  if (cloud === undefined) throw new Error('there is a cloud');
  for (const letter of ['b', 'c', 'd'])
    kubelets.addNode({ name: `node-${letter}`, zone: `${REGION}-${letter}`, instanceType: 'e2-standard-4' });
  for (const [name, volumeBindingMode] of [
    ['fast', 'Immediate'],
    ['late', 'WaitForFirstConsumer'],
  ] as const)
    api.create(STORAGE_CLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'pd.csi.storage.gke.io',
      parameters,
      volumeBindingMode,
      allowVolumeExpansion: true,
      reclaimPolicy: 'Delete',
    } as KindMap['StorageClass']);
  clock.advance(20_000);
  return {
    cluster,
    api,
    clock,
    cloud,
    claim: (name: string, storageClassName: string, storage: string) =>
      api.create(PERSISTENT_VOLUME_CLAIMS, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name, namespace: NAMESPACE },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, storageClassName },
      }),
    phase: (name: string) => api.store.get(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, name)?.status?.phase,
    pod: (name: string, claimName: string) =>
      api.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: NAMESPACE },
        spec: {
          containers: [{ name: 'app', image: 'db', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
        },
      }),
    told: (name: string, reason: string) =>
      [...api.store.list(EVENTS)]
        .filter((event: Event) => event.involvedObject?.name === name && event.reason === reason)
        .map(({ message = '' }) => message),
    usage: (metric: string) => cloud.snapshot.quotas?.find((quota) => quota.metric === metric)?.usage,
  };
}

describe('disks of the CSI driver', () => {
  it('takes gigabytes, lists the disk as the driver writes it, and gives them back with the volume', () => {
    const { api, clock, cloud, claim, phase, usage } = diskCluster();
    const { metadata } = claim('data', 'fast', '10500Mi');
    clock.advance(5000);
    const name = `pvc-${metadata.uid ?? ''}`;
    expect(phase('data')).toBe('Bound');
    expect(usage('SSD_TOTAL_GB')).toBe(11);
    expect(cloud.snapshot.disks).toMatchObject([
      {
        ...{ name, type: 'pd-balanced', sizeGb: 11, region: REGION, users: [] },
        labels: { 'goog-k8s-cluster-name': 'shop' },
      },
    ]);
    const [disk] = cloud.snapshot.disks ?? [];
    expect(JSON.parse(disk?.description ?? '')).toEqual({
      'kubernetes.io/created-for/pv/name': name,
      'kubernetes.io/created-for/pvc/name': 'data',
      'kubernetes.io/created-for/pvc/namespace': NAMESPACE,
      'storage.gke.io/created-by': 'pd.csi.storage.gke.io',
    });
    expect(api.store.get(PERSISTENT_VOLUMES, '', name)?.spec).toMatchObject({
      capacity: { storage: '11Gi' },
      csi: { volumeHandle: `projects/example-project/zones/${disk?.zone ?? ''}/disks/${name}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.gke.io/zone', operator: 'In', values: [disk?.zone] }] },
          ],
        },
      },
    });
    api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data');
    clock.advance(10_000);
    expect(cloud.snapshot.disks).toEqual([]);
    expect(usage('SSD_TOTAL_GB')).toBe(0);
  });

  it.each([
    ['pd-standard', 'DISKS_TOTAL_GB', {}, 10],
    ['pd-ssd', 'SSD_TOTAL_GB', {}, 10],
    ['pd-ssd', 'SSD_TOTAL_GB', { 'replication-type': 'regional-pd' }, 20],
    ['hyperdisk-balanced', 'HDB_TOTAL_GB', {}, 10],
  ])('charges %s to %s', (type, metric, more, amount) => {
    const { clock, claim, usage, phase } = diskCluster({ HDB_TOTAL_GB: 100 }, { type, ...more });
    claim('data', 'fast', '10Gi');
    clock.advance(5000);
    expect(phase('data')).toBe('Bound');
    expect(usage(metric)).toBe(amount);
  });

  it('puts a regional disk into two zones', () => {
    const { api, clock, claim, cloud } = diskCluster({}, { type: 'pd-ssd', 'replication-type': 'regional-pd' });
    const { metadata } = claim('data', 'fast', '10Gi');
    clock.advance(5000);
    expect(cloud.snapshot.disks).toMatchObject([{ zone: '', region: REGION }]);
    const volume = api.store.get(PERSISTENT_VOLUMES, '', `pvc-${metadata.uid ?? ''}`);
    expect(volume?.spec?.csi?.volumeHandle).toContain(`/regions/${REGION}/disks/pvc-`);
    const [term] = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    expect(new Set(term?.matchExpressions?.[0]?.values).size).toBe(2);
  });

  it('refuses in the words of the driver what the quota has no room for, and makes it once there is', () => {
    const { clock, cloud, claim, phase, told } = diskCluster({ SSD_TOTAL_GB: 15 });
    claim('first', 'fast', '10Gi');
    clock.advance(5000);
    const { metadata } = claim('second', 'fast', '10Gi');
    clock.advance(60_000);
    expect([phase('first'), phase('second')]).toEqual(['Bound', 'Pending']);
    const name = `pvc-${metadata.uid ?? ''}`;
    const words = told('second', 'ProvisioningFailed');
    expect(words[0]).toMatch(
      new RegExp(
        `^failed to provision volume with StorageClass "fast": rpc error: code = ResourceExhausted desc = CreateVolume failed to create single zonal disk ${name}: failed to insert zonal disk: unknown Insert disk operation error: rpc error: code = ResourceExhausted desc = operation operation-[-0-9a-f]+ failed \\(QUOTA_EXCEEDED\\): Quota 'SSD_TOTAL_GB' exceeded\\.  Limit: 15\\.0 in region europe-west1\\.$`,
      ),
    );
    expect(cloud.snapshot.disks).toHaveLength(1);
    cloud.setLimit('SSD_TOTAL_GB', 20);
    clock.advance(300_000);
    expect(phase('second')).toBe('Bound');
  });

  it('gives a claim whose zone has no disks back to the scheduler, which tries again', () => {
    const { api, clock, cloud, claim, pod, phase, told } = diskCluster();
    cloud.conditions.diskStockOuts = ['b', 'c', 'd'].map((letter) => ({ zone: `${REGION}-${letter}` }));
    claim('data', 'late', '10Gi');
    pod('db', 'data');
    clock.advance(60_000);
    expect(phase('data')).toBe('Pending');
    expect(told('data', 'ProvisioningFailed')[0]).toMatch(
      /failed \(ZONE_RESOURCE_POOL_EXHAUSTED\): The zone 'projects\/example-project\/zones\/europe-west1-[bcd]' does not have enough resources available to fulfill the request\. {2}Try a different zone, or try again later\.$/,
    );
    expect(told('db', 'FailedScheduling')).toContain(
      'running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"',
    );
    cloud.conditions.diskStockOuts = [];
    clock.advance(60_000);
    expect(phase('data')).toBe('Bound');
    expect(api.store.get(PODS, NAMESPACE, 'db')?.status?.phase).toBe('Running');
  });

  it('refuses what is not permitted, and disks of sizes that there are not', () => {
    const { clock, cloud, claim, told } = diskCluster({}, { type: 'hyperdisk-balanced' });
    claim('small', 'fast', '1Gi');
    claim('huge', 'fast', '70Ti');
    clock.advance(3000);
    expect(told('small', 'ProvisioningFailed')[0]).toContain(
      'rpc error: code = InvalidArgument desc = CreateVolume failed to create single zonal disk',
    );
    expect(told('small', 'ProvisioningFailed')[0]).toContain(
      'googleapi: Error 400: Disk size cannot be smaller than 4 GB for disk type hyperdisk-balanced., badRequest',
    );
    expect(told('huge', 'ProvisioningFailed')[0]).toContain('Must be less than or equal to 65536, invalid');
    cloud.conditions.refusal = ({ type }) =>
      type === 'disk' ? "Required 'compute.disks.create' permission" : undefined;
    claim('denied', 'fast', '10Gi');
    clock.advance(3000);
    expect(told('denied', 'ProvisioningFailed')[0]).toMatch(
      /code = PermissionDenied .*googleapi: Error 403: Required 'compute.disks.create' permission, forbidden$/,
    );
  });

  it('says who uses a disk, and since when nobody does', () => {
    const { api, clock, cloud, claim, pod } = diskCluster();
    claim('data', 'late', '10Gi');
    pod('db', 'data');
    clock.advance(30_000);
    const { nodeName } = api.get(PODS, NAMESPACE, 'db').spec ?? {};
    expect(cloud.snapshot.disks).toMatchObject([{ users: [nodeName], lastDetachedAt: undefined }]);
    api.delete(PODS, NAMESPACE, 'db');
    clock.advance(60_000);
    const [disk] = cloud.snapshot.disks ?? [];
    expect(disk?.users).toEqual([]);
    expect(disk?.lastDetachedAt).toBeGreaterThan(disk?.createdAt ?? 0);
  });

  it('takes more of the quota to grow, or says that there is not enough', () => {
    const { api, clock, cloud, claim, usage, told } = diskCluster({ SSD_TOTAL_GB: 25 });
    claim('data', 'fast', '10Gi');
    clock.advance(5000);
    const grow = (storage: string) =>
      api.change(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data', (one) => ({
        ...one,
        spec: { ...one.spec, resources: { requests: { storage } } },
      }));
    grow('20Gi');
    clock.advance(5000);
    expect(usage('SSD_TOTAL_GB')).toBe(20);
    expect(cloud.snapshot.disks).toMatchObject([{ sizeGb: 20 }]);
    grow('30Gi');
    clock.advance(30_000);
    expect(usage('SSD_TOTAL_GB')).toBe(20);
    expect(told('data', 'VolumeResizeFailed')[0]).toMatch(
      /^resize volume "pvc-[-0-9a-f]+" by resizer "pd\.csi\.storage\.gke\.io" failed: rpc error: code = ResourceExhausted desc = ControllerExpandVolume failed to resize disk: .*Quota 'SSD_TOTAL_GB' exceeded\. {2}Limit: 25\.0 in region europe-west1\.$/,
    );
    expect(api.get(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data').status?.conditions).toMatchObject([
      { type: 'Resizing', status: 'True' },
      { type: 'ControllerResizeError', status: 'True' },
    ]);
    cloud.setLimit('SSD_TOTAL_GB', 100);
    clock.advance(300_000);
    expect(usage('SSD_TOTAL_GB')).toBe(30);
  });
});

describe('nodes of the cloud', () => {
  it('register the driver with its limit of disks', () => {
    const { api } = diskCluster();
    expect(api.get(CSI_NODES, '', 'node-b').spec?.drivers).toEqual([
      {
        name: 'pd.csi.storage.gke.io',
        nodeID: `projects/example-project/zones/${REGION}-b/instances/node-b`,
        topologyKeys: ['topology.gke.io/zone'],
        allocatable: { count: 127 },
      },
    ]);
    expect(api.get(NODES, '', 'node-b').metadata.labels).toMatchObject({ 'topology.gke.io/zone': `${REGION}-b` });
  });

  it.each([
    ['e2-standard-4', 127],
    ['n1-standard-1', 127],
    ['e2-micro', 15],
    ['f1-micro', 15],
    ['g1-small', 15],
    ['c4-standard-8', 15],
    ['c4-standard-48', 31],
  ])('take as many as Google says: %s', (type, limit) => {
    expect(attachLimitOf(type)).toBe(limit);
  });
});

describe('recorded disks', () => {
  function twinOf(change: (cloud: CloudSnapshot) => CloudSnapshot) {
    const { cluster, clock, claim } = diskCluster();
    claim('data', 'fast', '10Gi');
    clock.advance(10_000);
    const recorded = snapshotOf(cluster, 'recorded');
    const twin = new SimulatedCluster({ snapshot: recorded, cloud: change(recorded.cloud) });
    return { twin, recorded };
  }

  it('stay as they were, and go with their volumes', () => {
    const { twin, recorded } = twinOf((cloud) => cloud);
    twin.clock.advance(1_800_000);
    expect(twin.cloud?.snapshot.disks).toEqual(recorded.cloud.disks);
    expect(twin.cloud?.snapshot.quotas).toEqual(recorded.cloud.quotas);
    twin.api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data');
    twin.clock.advance(10_000);
    expect(twin.cloud?.snapshot.disks).toEqual([]);
    expect(twin.cloud?.snapshot.quotas?.find(({ metric }) => metric === 'SSD_TOTAL_GB')?.usage).toBe(0);
  });

  it('give their gigabytes back also where no listing of them was read, and none is invented', () => {
    const { twin } = twinOf(({ disks: _, ...cloud }) => cloud);
    twin.api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data');
    twin.clock.advance(10_000);
    expect(twin.cloud?.snapshot.disks).toBeUndefined();
    expect(twin.cloud?.snapshot.quotas?.find(({ metric }) => metric === 'SSD_TOTAL_GB')?.usage).toBe(0);
  });
});

describe('what recorded storage refused', () => {
  const grown = (one: KindMap['PersistentVolumeClaim']) => ({
    ...one,
    spec: { ...one.spec, resources: { requests: { storage: '20Gi' } } },
  });

  function refusedTwin(change: (cloud: CloudSnapshot) => CloudSnapshot) {
    const { cluster, api, clock, claim } = diskCluster({ SSD_TOTAL_GB: 15 });
    claim('data', 'fast', '10Gi');
    clock.advance(10_000);
    claim('more', 'fast', '10Gi');
    api.change(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data', grown);
    clock.advance(60_000);
    const recorded = snapshotOf(cluster, 'recorded');
    const twin = new SimulatedCluster({ snapshot: recorded, cloud: change(recorded.cloud) });
    const status = (name: string) => twin.api.store.get(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, name)?.status;
    return { twin, status };
  }

  it('stays refused where nothing tells of the quota, until something else is asked for', () => {
    const { twin, status } = refusedTwin(({ quotas: _, ...cloud }) => ({ ...cloud, quotas: undefined }));
    twin.clock.advance(1_800_000);
    expect(status('more')?.phase).toBe('Pending');
    expect(status('data')?.capacity).toEqual({ storage: '10Gi' });
    twin.api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'more');
    twin.clock.advance(10_000);
    twin.api.create(PERSISTENT_VOLUME_CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'more', namespace: NAMESPACE },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } }, storageClassName: 'fast' },
    });
    twin.clock.advance(10_000);
    expect(status('more')?.phase).toBe('Bound');
  });

  it('is made once a quota that was read has room for it', () => {
    const { twin, status } = refusedTwin((cloud) => cloud);
    twin.clock.advance(1_800_000);
    expect(status('more')?.phase).toBe('Pending');
    twin.cloud?.setLimit('SSD_TOTAL_GB', 100);
    twin.clock.advance(600_000);
    expect(status('more')?.phase).toBe('Bound');
    expect(twin.cloud?.snapshot.disks).toMatchObject([{ sizeGb: 20 }, { sizeGb: 10 }]);
  });
});

describe('the quota of disks', () => {
  it('is what the listed disks have, whatever comes and goes', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), gb: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.boolean(), (steps, isRegional) => {
        const parameters = { type: 'pd-ssd', ...(isRegional ? { 'replication-type': 'regional-pd' } : {}) };
        const { api, clock, cloud, claim, usage } = diskCluster({ SSD_TOTAL_GB: 30 }, parameters);
        for (const { name, gb } of steps) {
          if (api.store.get(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, name) === undefined) claim(name, 'fast', `${gb}Gi`);
          else api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, name);
          clock.advance(4000);
          const sum = (cloud.snapshot.disks ?? []).reduce((all, disk) => all + disk.sizeGb, 0);
          expect(usage('SSD_TOTAL_GB')).toBe(isRegional ? sum * 2 : sum);
          expect(usage('SSD_TOTAL_GB')).toBeLessThanOrEqual(30);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('places of disks', () => {
  it('follow what the class allows, whichever label of zones it names', () => {
    const { api, clock, claim, cloud } = diskCluster();
    api.create(STORAGE_CLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'zonal' },
      provisioner: 'pd.csi.storage.gke.io',
      volumeBindingMode: 'Immediate',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: [`${REGION}-c`] }] }],
    } as KindMap['StorageClass']);
    claim('data', 'zonal', '10Gi');
    clock.advance(5000);
    expect(cloud.snapshot.disks).toMatchObject([{ zone: `${REGION}-c`, type: 'pd-standard' }]);
  });

  it('are full when a machine takes no more', () => {
    const { api, clock, cluster, claim, pod, told } = diskCluster();
    for (const letter of ['b', 'c', 'd']) api.change(NODES, '', `node-${letter}`, cordoned);
    cluster.kubelets.addNode({ name: 'small', zone: `${REGION}-b`, instanceType: 'e2-micro' });
    clock.advance(10_000);
    for (let i = 0; i < 16; i++) {
      claim(`data-${i}`, 'late', '10Gi');
      pod(`db-${i}`, `data-${i}`);
    }
    clock.advance(60_000);
    const waiting = [...api.store.list(PODS)].filter(({ spec }) => spec?.nodeName === undefined);
    expect(waiting).toHaveLength(1);
    expect(told(waiting[0]?.metadata.name ?? '', 'FailedScheduling').at(-1)).toContain(
      '1 node(s) exceed max volume count',
    );
  });
});

function cordoned(node: KindMap['Node']): KindMap['Node'] {
  return { ...node, spec: { ...node.spec, unschedulable: true } };
}
