/**
 * What a Compute Engine machine type has, by its name: most families follow a rule (memory per vCPU), the others are listed.
 * Source: https://cloud.google.com/compute/docs/machine-resource and its pages per family.
 */

/** A machine type. Google's "GB" of memory are GiB. */
export interface MachineType {
  /** `e2`, `n2d`, …; `n1` for types without a family in their name. */
  readonly family: string;
  /** Logical CPUs as the node reports them and as quotas count them. */
  readonly vcpus: number;
  /** CPU time that may be used for long; below `vcpus` for shared-core types. */
  readonly sustainedMillis: number;
  readonly memoryBytes: number;
  readonly gpus: { readonly model: GpuModel; readonly count: number } | undefined;
}

/** As the quota metrics name them: `NVIDIA_‹model›_GPUS`. */
export type GpuModel = 'A100' | 'A100_80GB' | 'L4' | 'H100' | 'H100_MEGA' | 'H200' | 'B200';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** GiB of memory per vCPU; totals are rounded down to whole GiB where the product is not whole. */
const MEMORY_PER_CPU: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  e2: { standard: 4, highmem: 8, highcpu: 1 },
  n1: { standard: 3.75, highmem: 6.5, highcpu: 0.9 },
  n2: { standard: 4, highmem: 8, highcpu: 1 },
  n2d: { standard: 4, highmem: 8, highcpu: 1 },
  n4: { standard: 4, highmem: 8, highcpu: 2 },
  n4d: { standard: 4, highmem: 8, highcpu: 2 },
  c2: { standard: 4 },
  c2d: { standard: 4, highmem: 8, highcpu: 2 },
  c3: { standard: 4, highmem: 8, highcpu: 2 },
  c3d: { standard: 4, highmem: 8, highcpu: 2 },
  c4: { standard: 3.75, highmem: 7.75, highcpu: 2 },
  c4a: { standard: 4, highmem: 8, highcpu: 2 },
  c4d: { standard: 3.875, highmem: 7.875, highcpu: 1.875 },
  g2: { standard: 4 },
  h3: { standard: 4 },
  m1: { megamem: 14.9334, ultramem: 24.025 },
  m3: { megamem: 15.25, ultramem: 30.5 },
  t2a: { standard: 4 },
  t2d: { standard: 4 },
  z3: { standard: 8, highmem: 8 },
};

/** Families whose totals are not cut to whole GiB. */
const EXACT: ReadonlySet<string> = new Set(['n1']);

type Listed = readonly [vcpus: number, memoryGib: number, sustainedMillis?: number];

/** Types outside the rule: shared core (vCPUs as quotas count them), and the sizes that break their family's ratio. */
const LISTED: Readonly<Record<string, Listed>> = {
  'e2-micro': [2, 1, 250],
  'e2-small': [2, 2, 500],
  'e2-medium': [2, 4, 1000],
  'f1-micro': [1, 0.6, 200],
  'g1-small': [1, 1.7, 500],
  'n2-highmem-128': [128, 864],
  'c3d-highcpu-30': [30, 59],
  'c3d-highcpu-60': [60, 118],
  'c3d-highcpu-90': [90, 177],
  'c3d-highcpu-180': [180, 354],
  'c3d-highcpu-360': [360, 708],
  'm1-megamem-96': [96, 1433.6],
  'm2-ultramem-208': [208, 5888],
  'm2-ultramem-416': [416, 11776],
  'm2-megamem-416': [416, 5888],
  'm2-hypermem-416': [416, 8832],
};

/** Accelerator types: vCPUs and GiB per GPU, and the GPU. Their last part counts GPUs: `a2-highgpu-4g`. */
const PER_GPU: Readonly<Record<string, readonly [vcpus: number, memoryGib: number, model: GpuModel]>> = {
  'a2-highgpu': [12, 85, 'A100'],
  'a2-megagpu': [6, 85, 'A100'],
  'a2-ultragpu': [12, 170, 'A100_80GB'],
  'a3-edgegpu': [26, 234, 'H100'],
  'a3-highgpu': [26, 234, 'H100'],
  'a3-megagpu': [26, 234, 'H100_MEGA'],
  'a3-ultragpu': [28, 369, 'H200'],
  'a4-highgpu': [28, 496, 'B200'],
};

/** GPUs of the G2 family by vCPUs. */
const G2_GPUS: Readonly<Record<number, number>> = { 4: 1, 8: 1, 12: 1, 16: 1, 24: 2, 32: 1, 48: 4, 96: 8 };

const PREDEFINED =
  /^([a-z]\d{1,2}[a-z]?)-(standard|highmem|highcpu|megamem|ultramem)-(\d{1,3})(?:-lssd|-metal|-(?:standard|high)lssd)?$/;
const ACCELERATED = /^(a\d-[a-z]{4,10})-(\d{1,2})g(?:-nolssd)?$/;
const CUSTOM = /^(?:([a-z]\d{1,2}[a-z]?)-)?custom-(?:(micro|small|medium)|(\d{1,3}))-(\d{3,8})(?:-ext)?$/;
const SHARED: Readonly<Record<string, number>> = { micro: 250, small: 500, medium: 1000 };

/** Reads a name such as `e2-standard-4`, `n2-custom-6-20480`, `a2-highgpu-1g`; `undefined` for names it does not know. */
export function machineType(name: string): MachineType | undefined {
  if (name.length > 64) return undefined;
  const listed = Object.hasOwn(LISTED, name) ? LISTED[name] : undefined;
  if (listed !== undefined) {
    const [vcpus, gib, sustained] = listed;
    const [prefix = ''] = name.split('-', 1);
    return made(prefix === 'f1' || prefix === 'g1' ? 'n1' : prefix, vcpus, gib * GIB, sustained);
  }
  return predefined(name) ?? accelerated(name) ?? custom(name);
}

function predefined(name: string): MachineType | undefined {
  const [, family = '', shape = '', size = ''] = PREDEFINED.exec(name) ?? [];
  const ratio = MEMORY_PER_CPU[family]?.[shape];
  const vcpus = Number(size);
  if (ratio === undefined || vcpus === 0) return undefined;
  const gib = EXACT.has(family) ? vcpus * ratio : Math.floor(vcpus * ratio);
  const type = made(family, vcpus, gib * GIB);
  const gpus = family === 'g2' ? G2_GPUS[vcpus] : undefined;
  return gpus === undefined ? type : { ...type, gpus: { model: 'L4', count: gpus } };
}

function accelerated(name: string): MachineType | undefined {
  const [, series = '', size = ''] = ACCELERATED.exec(name) ?? [];
  const perGpu = Object.hasOwn(PER_GPU, series) ? PER_GPU[series] : undefined;
  const count = Number(size);
  if (perGpu === undefined || count === 0) return undefined;
  const [vcpus, gib, model] = perGpu;
  return { ...made(series.slice(0, 2), vcpus * count, gib * count * GIB), gpus: { model, count } };
}

/** `‹family›-custom-‹vCPUs›-‹MiB›`; without a family it is N1. E2's shared-core custom types name a size instead. */
function custom(name: string): MachineType | undefined {
  const match = CUSTOM.exec(name);
  if (match === null) return undefined;
  const [, family = 'n1', shared, size = '', mib] = match;
  const vcpus = shared === undefined ? Number(size) : 2;
  return vcpus === 0 ? undefined : made(family, vcpus, Number(mib) * MIB, SHARED[shared ?? '']);
}

function made(family: string, vcpus: number, memoryBytes: number, sustainedMillis = vcpus * 1000): MachineType {
  return { family, vcpus, sustainedMillis, memoryBytes: Math.round(memoryBytes), gpus: undefined };
}
