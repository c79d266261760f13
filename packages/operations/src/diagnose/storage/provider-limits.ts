/**
 * What providers allow and count, by provisioner and type of disk. Sources: Compute Engine "Persistent Disk", "Hyperdisk" and "Allocation
 * quotas"; Filestore "Service tiers"; Amazon EBS "Volume types" (gp3 64 TiB since September 2025); Azure "Managed disk types", "Azure Files".
 */
import { driverOf, type Quota } from '@aia/cluster';
import type { StorageClass } from './storage-class.ts';

const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** Bounds of one type of disk, in bytes. */
export interface SizeLimits {
  /** Type as the provider calls it. */
  readonly type: string;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Whether the driver makes a larger disk of a smaller request, instead of refusing it. */
  readonly roundsUp: boolean;
}

/** One type: smallest and largest size, whether smaller requests are rounded up, the GCE quota that counts its gigabytes. */
type Row = readonly [minBytes: number, maxBytes: number, roundsUp: boolean, metric?: Quota['metric']];

interface Provider {
  /** Parameter of the class that names the type, in lower case. */
  readonly parameter: readonly string[];
  readonly fallback: string;
  readonly types: Readonly<Record<string, Row>>;
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  'pd.csi.storage.gke.io': {
    parameter: ['type'],
    fallback: 'pd-standard',
    types: {
      'pd-standard': [GIB, 64 * TIB, true, 'DISKS_TOTAL_GB'],
      'pd-balanced': [GIB, 64 * TIB, true, 'SSD_TOTAL_GB'],
      'pd-ssd': [GIB, 64 * TIB, true, 'SSD_TOTAL_GB'],
      'pd-extreme': [500 * GIB, 64 * TIB, false],
      'hyperdisk-balanced': [4 * GIB, 64 * TIB, false],
      'hyperdisk-extreme': [64 * GIB, 64 * TIB, false],
      'hyperdisk-throughput': [2 * TIB, 32 * TIB, false],
      'hyperdisk-ml': [4 * GIB, 64 * TIB, false],
    },
  },
  'filestore.csi.storage.gke.io': {
    parameter: ['tier'],
    fallback: 'standard',
    types: {
      standard: [TIB, 63.9 * TIB, true],
      premium: [2.5 * TIB, 63.9 * TIB, true],
      zonal: [TIB, 100 * TIB, true],
      enterprise: [TIB, 10 * TIB, true],
    },
  },
  'ebs.csi.aws.com': {
    parameter: ['type'],
    fallback: 'gp3',
    types: {
      gp2: [GIB, 16 * TIB, true],
      gp3: [GIB, 64 * TIB, true],
      io1: [4 * GIB, 16 * TIB, false],
      io2: [4 * GIB, 64 * TIB, false],
      st1: [125 * GIB, 16 * TIB, false],
      sc1: [125 * GIB, 16 * TIB, false],
      standard: [GIB, TIB, true],
    },
  },
  'disk.csi.azure.com': {
    parameter: ['skuname', 'storageaccounttype'],
    fallback: 'standardssd_lrs',
    types: {
      standard_lrs: [GIB, 32 * TIB, true],
      standardssd_lrs: [GIB, 32 * TIB, true],
      standardssd_zrs: [GIB, 32 * TIB, true],
      premium_lrs: [GIB, 32 * TIB, true],
      premium_zrs: [GIB, 32 * TIB, true],
      premiumv2_lrs: [GIB, 64 * TIB, true],
      ultrassd_lrs: [4 * GIB, 64 * TIB, false],
    },
  },
};

/** Regional standard disks have a larger least size. */
const REGIONAL_STANDARD: Row = [200 * GIB, 64 * TIB, false, 'DISKS_TOTAL_GB'];

/** The bounds for volumes of a class; `undefined` where its provisioner or type is not in the table. */
export function sizeLimitsOf(storageClass: StorageClass): SizeLimits | undefined {
  const found = rowOf(storageClass);
  if (found === undefined) return undefined;
  const [minBytes, maxBytes, roundsUp] = found.row;
  return { type: found.type, minBytes, maxBytes, roundsUp };
}

/** The GCE quota that a volume of a class counts against, and how often: regional disks count in both zones. */
export function quotaMetricOf(
  storageClass: StorageClass,
): { readonly metric: string; readonly factor: number } | undefined {
  const metric = rowOf(storageClass)?.row[3];
  return metric === undefined ? undefined : { metric, factor: isRegional(storageClass) ? 2 : 1 };
}

function rowOf(storageClass: StorageClass): { readonly type: string; readonly row: Row } | undefined {
  const driver = driverOf(storageClass.provisioner ?? '');
  if (!Object.hasOwn(PROVIDERS, driver)) return undefined;
  const { parameter, fallback, types } = PROVIDERS[driver] as Provider;
  const type = parameterOf(storageClass, ...parameter) ?? fallback;
  if (type === 'pd-standard' && isRegional(storageClass))
    return { type: 'regional pd-standard', row: REGIONAL_STANDARD };
  const row = Object.hasOwn(types, type) ? types[type] : undefined;
  return row === undefined ? undefined : { type, row };
}

function isRegional(storageClass: StorageClass): boolean {
  return parameterOf(storageClass, 'replication-type') === 'regional-pd';
}

/** Keys and values are read without regard to case, as the drivers do. */
function parameterOf({ parameters }: StorageClass, ...names: readonly string[]): string | undefined {
  return Object.entries(parameters ?? {})
    .find(([key]) => names.includes(key.toLowerCase()))?.[1]
    .toLowerCase();
}
