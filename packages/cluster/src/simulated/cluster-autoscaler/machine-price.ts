/** What machines cost in proportion to each other: list prices of us-central1 per hour, without discounts. Source: https://cloud.google.com/compute/vm-instance-pricing */
import type { NodePool } from '../../cloud/cloud.ts';
import { machineType } from '../../cloud/machine-types.ts';
import { gpusOf } from '../cloud/machine-capacity.ts';

/** US dollars per vCPU and per GiB of memory. */
const FAMILIES: Readonly<Record<string, readonly [perCpu: number, perGib: number]>> = {
  e2: [0.021_81, 0.002_923],
  n1: [0.031_611, 0.004_237],
  n2: [0.031_611, 0.004_237],
  n2d: [0.027_502, 0.003_686],
  n4: [0.031_4, 0.003_6],
  t2d: [0.027_502, 0.003_686],
  t2a: [0.025_4, 0.003_4],
  c2: [0.033_98, 0.004_55],
  c2d: [0.029_563, 0.003_959],
  c3: [0.033_98, 0.004_56],
};
const OTHERS = [0.034, 0.004_5] as const;
const PER_GPU = 0.6;
const SPOT_SHARE = 0.35;
const GIB = 2 ** 30;

/** US dollars per hour. */
export function hourlyPrice(pool: NodePool): number {
  const type = machineType(pool.machineType);
  const [perCpu, perGib] = FAMILIES[type?.family ?? ''] ?? OTHERS;
  const plain = (type?.vcpus ?? 4) * perCpu + ((type?.memoryBytes ?? 16 * GIB) / GIB) * perGib;
  return (plain + gpusOf(pool) * PER_GPU) * (pool.spot ? SPOT_SHARE : 1);
}
