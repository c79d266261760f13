/**
 * Machine types that a pool could be made of, for general purposes and with GPUs.
 * Sources: https://cloud.google.com/compute/docs/general-purpose-machines, …/compute/docs/gpus
 */
import { machineType, type MachineType } from '@aia/cluster';

/** A machine type under its name. */
export interface Shape extends MachineType {
  readonly name: string;
  /** `standard`, `highmem`, `highcpu`. */
  readonly shapeClass: string;
}

/** Numbers of vCPUs that a family comes in, up to what clusters usually run. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  e2: [2, 4, 8, 16, 32],
  n2: [2, 4, 8, 16, 32, 48, 64, 80],
  n2d: [2, 4, 8, 16, 32, 48, 64, 80],
  n1: [1, 2, 4, 8, 16, 32, 64, 96],
};
const CLASSES = ['standard', 'highmem', 'highcpu'] as const;
/** e2-highmem ends earlier than its family; n1-highmem and -highcpu begin at 2. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['e2-highmem-32', 'n1-highmem-1', 'n1-highcpu-1']);

const ALL: readonly Shape[] = Object.entries(SIZES).flatMap(([family, sizes]) =>
  CLASSES.flatMap((shapeClass) =>
    sizes.flatMap((size) => shapeOf(`${family}-${shapeClass}-${size}`) ?? []).map((one) => ({ ...one, shapeClass })),
  ),
);

function shapeOf(name: string): Shape | undefined {
  const type = UNAVAILABLE.has(name) ? undefined : machineType(name);
  return type === undefined ? undefined : { ...type, name, shapeClass: name.split('-')[1] ?? '' };
}

/** Those of a family, or of all of them, with the smallest first. */
export function shapes(family?: string): readonly Shape[] {
  const own = family === undefined ? ALL : ALL.filter((one) => one.family === family);
  return own.toSorted(
    (a, b) => a.vcpus - b.vcpus || a.memoryBytes - b.memoryBytes || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** Of other families, with as many vCPUs and nearly as much memory (a tenth less at most); in the order of the table. */
export function comparableShapes(name: string): readonly Shape[] {
  const own = machineType(name);
  if (own === undefined) return [];
  return ALL.filter(
    ({ family, vcpus, memoryBytes }) =>
      family !== own.family &&
      vcpus === own.vcpus &&
      memoryBytes >= 0.9 * own.memoryBytes &&
      memoryBytes <= 1.1 * own.memoryBytes,
  );
}

/** GPUs that can be attached to, or come with, machines for general purposes. */
export interface GpuShape {
  readonly machine: string;
  readonly accelerator: { readonly type: string; readonly count: number };
}

/** Cheapest first; T4s go with n1, L4s come with g2. */
export const GPU_SHAPES: readonly GpuShape[] = [
  { machine: 'n1-standard-4', accelerator: { type: 'nvidia-tesla-t4', count: 1 } },
  { machine: 'g2-standard-4', accelerator: { type: 'nvidia-l4', count: 1 } },
  { machine: 'n1-standard-8', accelerator: { type: 'nvidia-tesla-t4', count: 2 } },
  { machine: 'n1-standard-16', accelerator: { type: 'nvidia-tesla-t4', count: 4 } },
  { machine: 'g2-standard-24', accelerator: { type: 'nvidia-l4', count: 2 } },
  { machine: 'g2-standard-48', accelerator: { type: 'nvidia-l4', count: 4 } },
];
