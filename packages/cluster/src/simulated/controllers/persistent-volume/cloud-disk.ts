/** Volumes of Google's CSI driver and the disks of the cloud behind them. */
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { DISK_DRIVER, diskKindOf, wholeGb, type DiskShape } from '../../../cloud/disk-need.ts';
import { urlName, urlPart } from '../../../cloud/resource-url.ts';
import { STORAGE_CLASSES } from '../../api/built-in-types.ts';
import { createDisk, diskNamed, growDisk, shapeOf, type DiskRefusal } from '../../cloud/disks.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { volumeNameOf, type Provisioned } from './provisioned-volume.ts';
import { classOfVolume, capacityOf, requestOf } from './volume-match.ts';
import { placeFor } from './volume-place.ts';

type StorageClass = KindMap['StorageClass'];

/** GKE's own label of zones goes first, as the driver has it. */
const ZONE_KEYS = ['topology.gke.io/zone', 'topology.kubernetes.io/zone'] as const;

/** Makes the disk of a claim. */
export function provisionDisk(
  context: SimulationContext,
  cloud: SimulatedCloud,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
): Provisioned | DiskRefusal {
  const kind = diskKindOf(storageClass) ?? { type: 'pd-standard', isRegional: false };
  const place = placeFor(context, claim, storageClass, ZONE_KEYS, kind.isRegional ? 2 : 1);
  const sizeGb = Math.max(1, wholeGb(requestOf(claim)));
  const name = volumeNameOf(claim);
  const zones = place?.values ?? cloud.zones.slice(0, kind.isRegional ? 2 : 1);
  const { namespace = '', name: claimName } = claim.metadata;
  const request = { ...kind, name, zones, sizeGb, namespace, claim: claimName };
  const refusal = createDisk(cloud, request, context.clock.now);
  if (refusal !== undefined) return refusal;
  const where = kind.isRegional ? `regions/${cloud.region}` : `zones/${zones[0] ?? ''}`;
  const handle = `projects/${cloud.project}/${where}/disks/${name}`;
  return { driver: DISK_DRIVER, handle, storage: `${sizeGb}Gi`, place };
}

/** Name of the disk behind a volume; `undefined` for volumes that are none. */
export function diskNameOf({ spec }: PersistentVolume): string | undefined {
  if (spec?.csi?.driver === DISK_DRIVER) return urlName(spec.csi.volumeHandle);
  return spec?.gcePersistentDisk?.pdName;
}

/** What the disk of a volume is: as the cloud lists it, else as the volume's class had it made. */
export function diskOfVolume(
  { api }: SimulationContext,
  cloud: SimulatedCloud,
  volume: PersistentVolume,
): DiskShape | undefined {
  const row = diskNamed(cloud, diskNameOf(volume) ?? '');
  if (row !== undefined) return shapeOf(row);
  const kind = diskKindOf(api.store.get(STORAGE_CLASSES, '', classOfVolume(volume)));
  return kind === undefined ? undefined : { ...kind, sizeGb: wholeGb(capacityOf(volume)) };
}

/** Grows the disk of a volume, where there is a cloud. @returns why not */
export function growCloudDisk(
  context: SimulationContext,
  volume: PersistentVolume,
  bytes: number,
): DiskRefusal | undefined {
  const { cloud, clock } = context;
  const disk = cloud === undefined ? undefined : diskOfVolume(context, cloud, volume);
  if (cloud === undefined || disk === undefined) return undefined;
  const zone = urlPart(volume.spec?.csi?.volumeHandle ?? '', 'zones') ?? '';
  const request = { ...disk, name: diskNameOf(volume) ?? '', zones: [zone] };
  return growDisk(cloud, request, wholeGb(bytes), clock.now);
}
