/** Volumes that are not there, not made, not free or not mounted. Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/ */
import type { Deployment, KindMap } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { STORAGE_CLASSES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { NoTargetError } from './no-target-error.ts';
import { flawedDeployment, type FlawedRollout, type Mistake } from './flawed-rollout.ts';
import { byEntity, servingNodes, zoneOf } from './targets.ts';

type StorageClass = KindMap['StorageClass'];

const VOLUMES = 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/';
const CLASSES = 'https://kubernetes.io/docs/concepts/storage/storage-classes/';
const ZONE = 'topology.kubernetes.io/zone';
const PD_DRIVER = 'pd.csi.storage.gke.io';

const ROWS: readonly FlawedRollout<Deployment>[] = [
  {
    name: 'storage-class-missing',
    family: 'storage',
    summary: 'A claim names a StorageClass that does not exist.',
    source: CLASSES,
    classes: ['storage-class-missing'],
    suits: ({ workload }) => isSingle(workload),
    mistake: ({ site, workload }) => {
      const storageClassName = freeClassName(site, ['premium-rwo', 'fast-ssd', 'nvme']);
      const claim = makeClaim(site, workload, { storageClassName });
      return {
        ...mounting(workload, claim),
        entities: [`StorageClass ${storageClassName}`, entityOf(claim)],
        remedy: 'Make the StorageClass, or claim a volume of one that exists.',
      };
    },
  },
  {
    name: 'provisioner-missing',
    family: 'storage',
    summary: 'A StorageClass names a provisioner that is not installed.',
    source: `${CLASSES}#provisioner`,
    classes: ['storage-class-provisioner-missing', 'claim-unusable', 'claim-pending'],
    suits: ({ workload }) => isSingle(workload),
    mistake: ({ site, workload }) => {
      const name = freeClassName(site, ['netapp-block', 'netapp-gold']);
      const made = makeClass(site, name, { provisioner: 'csi.trident.netapp.io', volumeBindingMode: 'Immediate' });
      const claim = makeClaim(site, workload, { storageClassName: name });
      return {
        ...mounting(workload, claim),
        entities: [entityOf(made), entityOf(claim)],
        remedy: 'Install the driver, or claim a volume of another class.',
      };
    },
  },
  {
    name: 'provisioner-refuses',
    family: 'storage',
    summary: 'A StorageClass asks its provisioner for a type of disk that there is not.',
    source: `${CLASSES}#parameters`,
    classes: ['claim-unusable', 'claim-pending'],
    suits: ({ workload }) => isSingle(workload),
    mistake: ({ site, workload }) => {
      const { provisioner = '' } = someClass(site);
      const name = freeClassName(site, ['ssd-retain', 'ssd-archive']);
      const parameters = { type: 'pd-sdd' };
      const made = makeClass(site, name, { provisioner, parameters, volumeBindingMode: 'Immediate' });
      const claim = makeClaim(site, workload, { storageClassName: name });
      site.behave({
        volume: ({ storageClass }) =>
          storageClass === name && typeOf(site.cluster, name) === parameters.type
            ? { provisionError: unknownDiskType(site.cluster, parameters.type) }
            : undefined,
      });
      return {
        ...mounting(workload, claim),
        entities: [entityOf(made), entityOf(claim)],
        remedy: 'Name a type of disk that there is.',
      };
    },
  },
  {
    name: 'volume-zone-conflict',
    family: 'storage',
    summary: 'A workload is to run in another zone than its volume is in.',
    source: `${VOLUMES}#node-affinity`,
    classes: ['volume-zone-conflict'],
    suits: ({ workload }) => isSingle(workload),
    mistake: ({ site, workload }) => {
      const [zone, other] = twoZones(site);
      const volume = makeVolume(site, workload, zone);
      const claim = makeClaim(site, workload, { storageClassName: '', volumeName: volume.metadata.name });
      const { pod, first } = mounting(workload, claim);
      const { nodeSelector } = workload.spec?.template.spec ?? {};
      return {
        pod: { ...pod, nodeSelector: { ...nodeSelector, [ZONE]: other } },
        first,
        entities: [entityOf(claim), entityOf(volume)],
        remedy: 'Run the workload in the zone of its volume, or move the volume.',
      };
    },
  },
  {
    name: 'volume-held',
    family: 'storage',
    summary: 'Replicas on several nodes share a disk that one node at a time can have.',
    source: `${VOLUMES}#access-modes`,
    settlesMs: 900_000,
    classes: ['volume-held'],
    suits: ({ workload: { spec } }) => (spec?.replicas ?? 1) === 2 && spec?.strategy?.type !== 'Recreate',
    mistake: ({ site, workload }) => {
      needPairs(site);
      const claim = makeClaim(site, workload, { storageClassName: someClass(site).metadata.name });
      const { pod, first } = mounting(workload, claim);
      const constraint = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' };
      const labelSelector = workload.spec?.selector;
      const spread = [{ ...constraint, labelSelector, matchLabelKeys: ['pod-template-hash'] }];
      return {
        pod: { ...pod, topologySpreadConstraints: spread },
        first,
        entities: [entityOf(claim)],
        remedy: 'Give each replica a volume of its own, as a StatefulSet does, or run one replica.',
      };
    },
  },
];

const mountFails: FaultKind = {
  name: 'mount-fails',
  family: 'storage',
  summary: 'The file system of a volume is damaged, so that no node can mount it.',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#csi',
  parameters: {},
  bring: (site) => {
    const target = site.statefulSet(({ spec }) => (spec?.volumeClaimTemplates ?? []).length > 0);
    const { namespace = '', name } = target.metadata;
    const [template] = target.spec?.volumeClaimTemplates ?? [];
    const driver = driverOf(site, template?.spec?.storageClassName);
    const words =
      'rpc error: code = Internal desc = Failed to format and mount device from "/dev/disk/by-id/google-disk" ' +
      'with fstype "ext4" and options []: mount failed: exit status 32: ' +
      'mount: wrong fs type, bad option, bad superblock on /dev/sdb, missing codepage or helper program, or other error';
    let isRepaired = false;
    const takeBack = site.behave({ node: () => ({ mountErrors: { [driver]: words } }) });
    site.restart(target);
    return {
      truth: {
        entities: [
          ...[entityOf(target), `Pod ${namespace}/${name}-*`],
          `PersistentVolumeClaim ${namespace}/${template?.metadata?.name ?? ''}-${name}-*`,
        ],
        classes: ['pod-volume-mount-failed', 'volume-unavailable'],
      },
      touched: site.takeTouched(),
      settlesMs: 600_000,
      remedy: 'Repair the file system of the volume, or restore it from a backup.',
      repair: () => {
        isRepaired = true;
        takeBack();
      },
      isGone: () => isRepaired,
    };
  },
};

export const STORAGE_FAULTS: readonly FaultKind[] = [...ROWS.map(flawedDeployment), mountFails];

/** Whether a disk that one node at a time can have is enough for a workload. */
export function isSingle({ spec }: Deployment): boolean {
  return (spec?.replicas ?? 1) === 1;
}

/** A claim for a workload. */
export function makeClaim(
  site: FaultSite,
  { metadata }: Deployment,
  spec: Readonly<Record<string, unknown>>,
  size = '20Gi',
) {
  return site.create({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name: `${metadata.name}-cache`, namespace: metadata.namespace ?? '' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, ...spec },
  });
}

/** Has the first container of a workload use the claim. */
export function mounting({ spec }: Deployment, { metadata }: KubeObject): Required<Pick<Mistake, 'pod' | 'first'>> {
  const { volumes = [], containers = [] } = spec?.template.spec ?? {};
  const mounts = containers[0]?.volumeMounts ?? [];
  return {
    pod: { volumes: [...volumes, { name: 'cache', persistentVolumeClaim: { claimName: metadata.name } }] },
    first: { volumeMounts: [...mounts, { name: 'cache', mountPath: '/var/cache/app' }] },
  };
}

/** The default class, else the first whose provisioner makes volumes. @throws NoTargetError of none */
export function someClass(site: FaultSite): StorageClass {
  const classes = byEntity(site.cluster.api.store.list(STORAGE_CLASSES)).filter(
    ({ provisioner = '' }) => provisioner !== '' && provisioner !== 'kubernetes.io/no-provisioner',
  );
  const isDefault = ({ metadata }: StorageClass) =>
    metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  return site.pick(
    'StorageClass',
    [classes.find(isDefault) ?? classes[0]].filter((one) => one !== undefined),
  );
}

function freeClassName({ cluster }: FaultSite, names: readonly string[]): string {
  const free = names.find((name) => cluster.api.store.get(STORAGE_CLASSES, '', name) === undefined);
  if (free === undefined) throw new NoTargetError('there are StorageClasses of all names already');
  return free;
}

function makeClass(site: FaultSite, name: string, fields: Readonly<Record<string, unknown>>): KubeObject {
  const metadata = { name };
  return site.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata,
    reclaimPolicy: 'Delete',
    ...fields,
  });
}

function typeOf({ api }: SimulatedCluster, name: string): string | undefined {
  return api.store.get(STORAGE_CLASSES, '', name)?.parameters?.['type'];
}

/** Source: `gcp-compute-persistent-disk-csi-driver`, `pkg/gce-pd-csi-driver/controller.go` */
function unknownDiskType({ cloud }: SimulatedCluster, type: string): string {
  const zone = cloud?.zones[0] ?? 'europe-west1-b';
  const disk = `projects/${cloud?.project ?? 'example-project'}/zones/${zone}/diskTypes/${type}`;
  return (
    'rpc error: code = InvalidArgument desc = CreateVolume failed to create single zonal disk: failed to insert zonal disk: ' +
    `unknown Insert disk error: googleapi: Error 400: Invalid value for field 'resource.type': '${disk}'. ` +
    'The referenced diskType resource cannot be found., invalid'
  );
}

/** A disk that was made by hand, in a zone. */
function makeVolume(site: FaultSite, { metadata }: Deployment, zone: string): KubeObject {
  const name = `${metadata.name}-archive`;
  const project = site.cluster.cloud?.project ?? 'example-project';
  const csi = { driver: PD_DRIVER, fsType: 'ext4', volumeHandle: `projects/${project}/zones/${zone}/disks/${name}` };
  const matchExpressions = [{ key: ZONE, operator: 'In', values: [zone] }];
  return site.create({
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: {
      ...{ capacity: { storage: '20Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain' },
      ...{ storageClassName: '', csi, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } },
      claimRef: { namespace: metadata.namespace ?? '', name: `${metadata.name}-cache` },
    },
  });
}

function twoZones({ cluster }: FaultSite): readonly [string, string] {
  const [one, other] = [...new Set(servingNodes(cluster).map(zoneOf))].filter((zone) => zone !== '').sort();
  if (one === undefined || other === undefined) throw new NoTargetError('the nodes are not in several zones');
  return [one, other];
}

/** Wherever the volume is made, two nodes must be there that could use it. */
function needPairs({ cluster }: FaultSite): void {
  const counts = new Map<string, number>();
  for (const node of servingNodes(cluster)) counts.set(zoneOf(node), (counts.get(zoneOf(node)) ?? 0) + 1);
  if (counts.size === 0 || [...counts.values()].some((count) => count < 2))
    throw new NoTargetError('there are not two nodes in each zone');
}

function driverOf({ cluster }: FaultSite, name: string | undefined): string {
  return cluster.api.store.get(STORAGE_CLASSES, '', name ?? '')?.provisioner ?? '*';
}
