/**
 * Persistent disks as storage classes ask for them, and the quota that they use up.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver; https://cloud.google.com/compute/resource-usage
 */
import type { KindMap, PersistentVolumeClaim } from '../model/kinds.ts';
import { wholeUnits } from '../model/quantity.ts';
import { driverOf } from '../scheduling/storage.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { NODE_QUOTAS, type NodeQuotaTable, type QuotaNeed } from './quota-need.ts';

type StorageClass = KindMap['StorageClass'];

/** What is made for a claim. */
export interface DiskShape {
  /** `pd-balanced`, `pd-ssd`, `hyperdisk-balanced`, … */
  readonly type: string;
  readonly sizeGb: number;
  /** In two zones, and so twice as much of the quota. */
  readonly isRegional: boolean;
}

/** Driver of Google's persistent disks. */
export const DISK_DRIVER = 'pd.csi.storage.gke.io';
const GIB = 2 ** 30;

/** Type and replication that a class asks for; `undefined` for classes whose volumes are no disks of Google's. */
export function diskKindOf(storageClass: StorageClass | undefined): Omit<DiskShape, 'sizeGb'> | undefined {
  if (storageClass === undefined || driverOf(storageClass.provisioner ?? '') !== DISK_DRIVER) return undefined;
  const { type = 'pd-standard', 'replication-type': replication } = lowered(storageClass.parameters);
  return { type, isRegional: replication === 'regional-pd' };
}

/** Bytes in the whole gigabytes (of 2³⁰ bytes) that disks are made in. */
export function wholeGb(bytes: number): number {
  return Math.ceil(bytes / GIB);
}

/** Gigabytes that a disk takes, twice for regional ones; empty for types whose quotas are not known. */
export function quotaNeedOfDisk(
  { type, sizeGb, isRegional }: DiskShape,
  table: NodeQuotaTable = NODE_QUOTAS,
): readonly QuotaNeed[] {
  const metric = Object.hasOwn(table.diskGigabytes, type) ? table.diskGigabytes[type] : undefined;
  if (metric === undefined || sizeGb <= 0) return [];
  return [{ metric, region: 'region', amount: sizeGb * (isRegional ? 2 : 1) }];
}

/** What the disk of a claim takes; empty for volumes that are no disks of the cloud. `objects`: where its class is looked up. */
export function quotaNeedOfClaim(
  { spec }: PersistentVolumeClaim,
  objects: Pick<ClusterSnapshot, 'get'>,
  table: NodeQuotaTable = NODE_QUOTAS,
): readonly QuotaNeed[] {
  const kind = diskKindOf(objects.get('StorageClass', '', spec?.storageClassName ?? ''));
  const bytes = wholeUnits(spec?.resources?.requests?.['storage'] ?? '0') ?? 0;
  return kind === undefined ? [] : quotaNeedOfDisk({ ...kind, sizeGb: wholeGb(bytes) }, table);
}

/** The driver reads parameters without regard to case. */
function lowered(parameters: StorageClass['parameters']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters ?? {}).map(([key, value]) => [key.toLowerCase(), value.toLowerCase()]),
  );
}
