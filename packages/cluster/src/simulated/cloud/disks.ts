/**
 * Persistent disks of the simulated cloud: making, growing, attaching and deleting them, in the words of Google's CSI driver.
 * Source: https://github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver; https://cloud.google.com/compute/docs/disks
 */
import type { CloudDisk } from '../../cloud/cloud.ts';
import { quotaNeedOfDisk, type DiskShape } from '../../cloud/disk-need.ts';
import { fakeDigest } from '../kubelet/image-reference.ts';
import { quotaSentence } from './quota-exceeded.ts';
import type { SimulatedCloud } from './simulated-cloud.ts';

/** A disk to be made. */
export interface DiskRequest extends DiskShape {
  readonly name: string;
  /** One, or the two of a regional disk. */
  readonly zones: readonly string[];
  /** The claim that it is made for. */
  readonly namespace: string;
  readonly claim: string;
}

/** Why the cloud does not do it: a code of gRPC, and the driver's words. */
export interface DiskRefusal {
  readonly code: 'InvalidArgument' | 'PermissionDenied' | 'ResourceExhausted';
  readonly text: string;
}

const LARGEST_GB = 65_536;
/** Least size by type; regional standard disks have one of their own. Source: https://cloud.google.com/compute/docs/disks/hyperdisks */
const SMALLEST_GB: Readonly<Record<string, number>> = {
  'pd-extreme': 500,
  'hyperdisk-balanced': 4,
  'hyperdisk-extreme': 64,
  'hyperdisk-ml': 4,
  'hyperdisk-throughput': 2048,
  'regional pd-standard': 200,
};

/** Makes a disk and lists it, where disks were read. @returns why not */
export function createDisk(cloud: SimulatedCloud, disk: DiskRequest, now: number): DiskRefusal | undefined {
  const refusal = refusalOf(cloud, disk, now);
  if (refusal !== undefined) {
    const [kind, made] = disk.isRegional ? ['regional disk', 'regional'] : ['single zonal disk', 'zonal'];
    const text = `CreateVolume failed to create ${kind} ${disk.name}: failed to insert ${made} disk: unknown Insert ${disk.isRegional ? 'Regional disk' : 'disk'} ${refusal.text}`;
    return { code: refusal.code, text };
  }
  list(cloud, (disks) => [...disks, listed(cloud, disk, now)]);
  return undefined;
}

/** Grows a disk. @returns why not */
export function growDisk(
  cloud: SimulatedCloud,
  disk: DiskShape & Pick<DiskRequest, 'name' | 'zones'>,
  toGb: number,
  now: number,
): DiskRefusal | undefined {
  const { name, isRegional, zones, sizeGb } = disk;
  const key = isRegional ? `region: ${JSON.stringify(cloud.region)}` : `zone: ${JSON.stringify(zones[0] ?? '')}`;
  const kind = isRegional ? 'regional' : 'zonal';
  const title = `Key{${JSON.stringify(name)}, ${key}}`;
  if (toGb > LARGEST_GB)
    return invalid(
      `ControllerExpandVolume failed to resize disk: failed to resize ${kind} volume ${title}: ${tooLarge(toGb)}`,
    );
  const exceeded = cloud.take(quotaNeedOfDisk({ ...disk, sizeGb: toGb - sizeGb }));
  if (exceeded !== undefined)
    return exhausted(
      `ControllerExpandVolume failed to resize disk: failed waiting for op for ${kind} resize for ${title}: ${operation(name, now, 'QUOTA_EXCEEDED', quotaSentence(exceeded))}`,
    );
  change(cloud, name, (one) => ({ ...one, sizeGb: toGb }));
  return undefined;
}

/** Deletes a disk and gives its gigabytes back; `shape`: what it is, where it is not listed. */
export function deleteDisk(cloud: SimulatedCloud, name: string, shape: DiskShape | undefined): void {
  const row = diskNamed(cloud, name);
  const gone = row === undefined ? shape : shapeOf(row);
  // Where disks are listed, one that is not listed was deleted already.
  if (gone === undefined || (row === undefined && cloud.snapshot.disks !== undefined)) return;
  cloud.release(quotaNeedOfDisk(gone));
  list(cloud, (disks) => disks.filter((disk) => disk.name !== name));
}

/** Says that an instance uses a disk. */
export function attachDisk(cloud: SimulatedCloud, name: string, instance: string): void {
  change(cloud, name, (disk) => (disk.users.includes(instance) ? disk : { ...disk, users: [...disk.users, instance] }));
}

/** Says that an instance no longer uses a disk. */
export function detachDisk(cloud: SimulatedCloud, name: string, instance: string, now: number): void {
  change(cloud, name, (disk) =>
    disk.users.includes(instance)
      ? { ...disk, users: disk.users.filter((user) => user !== instance), lastDetachedAt: now }
      : disk,
  );
}

/** A disk as it is listed; `undefined` where it is not, or disks were not read. */
export function diskNamed({ snapshot: { disks } }: SimulatedCloud, name: string): CloudDisk | undefined {
  return disks?.find((disk) => disk.name === name);
}

/** What a listed disk is. */
export function shapeOf({ type, sizeGb, zone }: CloudDisk): DiskShape {
  return { type, sizeGb, isRegional: zone === '' };
}

function refusalOf(cloud: SimulatedCloud, disk: DiskRequest, now: number): DiskRefusal | undefined {
  const { name, type, sizeGb, isRegional, zones } = disk;
  const denied = cloud.conditions.refusal({ type: 'disk', name });
  if (denied !== undefined)
    return { code: 'PermissionDenied', text: `error: googleapi: Error 403: ${denied}, forbidden` };
  const smallest = SMALLEST_GB[isRegional ? `regional ${type}` : type] ?? 1;
  if (sizeGb < smallest)
    return invalid(
      `error: googleapi: Error 400: Disk size cannot be smaller than ${smallest} GB for disk type ${type}., badRequest`,
    );
  if (sizeGb > LARGEST_GB) return invalid(`error: ${tooLarge(sizeGb)}`);
  const empty = zones.find((zone) =>
    cloud.conditions.diskStockOuts.some((out) => out.zone === zone && (out.disk === undefined || out.disk === type)),
  );
  if (empty !== undefined) {
    const text = `The zone 'projects/${cloud.project}/zones/${empty}' does not have enough resources available to fulfill the request.  Try a different zone, or try again later.`;
    return exhausted(`operation error: ${operation(name, now, 'ZONE_RESOURCE_POOL_EXHAUSTED', text)}`);
  }
  const exceeded = cloud.take(quotaNeedOfDisk(disk));
  if (exceeded === undefined) return undefined;
  return exhausted(`operation error: ${operation(name, now, 'QUOTA_EXCEEDED', quotaSentence(exceeded))}`);
}

function invalid(text: string): DiskRefusal {
  return { code: 'InvalidArgument', text };
}

function exhausted(text: string): DiskRefusal {
  return { code: 'ResourceExhausted', text };
}

function tooLarge(sizeGb: number): string {
  return `googleapi: Error 400: Invalid value for field 'sizeGb': '${sizeGb}'. Must be less than or equal to ${LARGEST_GB}, invalid`;
}

/** How the driver tells of an operation that failed; no two have one name. */
function operation(name: string, now: number, code: string, text: string): string {
  const digits = fakeDigest(`${name} ${now}`);
  const id = `operation-${now}-${digits.slice(0, 13)}-${digits.slice(16, 24)}-${digits.slice(24, 32)}`;
  return `rpc error: code = ResourceExhausted desc = operation ${id} failed (${code}): ${text}`;
}

function listed(cloud: SimulatedCloud, disk: DiskRequest, now: number): CloudDisk {
  const { name, type, sizeGb, isRegional, zones, namespace, claim } = disk;
  const { cluster } = cloud.snapshot;
  return {
    name,
    zone: isRegional ? '' : (zones[0] ?? ''),
    region: cloud.region,
    type,
    sizeGb,
    users: [],
    description: JSON.stringify({
      'kubernetes.io/created-for/pv/name': name,
      'kubernetes.io/created-for/pvc/name': claim,
      'kubernetes.io/created-for/pvc/namespace': namespace,
      'storage.gke.io/created-by': 'pd.csi.storage.gke.io',
    }),
    labels: {
      'goog-gke-volume': '',
      ...(cluster === undefined
        ? {}
        : { 'goog-k8s-cluster-location': cluster.location, 'goog-k8s-cluster-name': cluster.name }),
    },
    createdAt: now,
    lastDetachedAt: undefined,
  };
}

function change(cloud: SimulatedCloud, name: string, to: (disk: CloudDisk) => CloudDisk): void {
  list(cloud, (disks) => disks.map((disk) => (disk.name === name ? to(disk) : disk)));
}

function list(cloud: SimulatedCloud, to: (disks: readonly CloudDisk[]) => readonly CloudDisk[]): void {
  cloud.change(({ disks }) => (disks === undefined ? {} : { disks: to(disks) }));
}
