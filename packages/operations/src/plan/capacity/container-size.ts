/** Requests and limits of one container by its measured use. */
import { amountOf, formatBytes, formatCpu, type Container, type KindMap, type VpaRecommendation } from '@aia/cluster';
import type { Policy } from '../../policy/policy.ts';
import { heapFloorOf, shareOfLimit } from './heap-floor.ts';
import type { ContainerUse } from './workload-usage.ts';

/** The two resources that are measured. */
export type SizedResource = 'cpu' | 'memory';

/** Amounts in millicores and bytes; what is absent stays as it is. */
export type Amounts = Partial<Record<SizedResource, number>>;

/** New amounts of a container. */
export interface ContainerSize {
  readonly name: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly before: { readonly requests: Amounts; readonly limits: Amounts };
  readonly use: ContainerUse;
}

/** What a container is sized by. */
export interface SizeBasis {
  readonly resources: ReadonlySet<SizedResource>;
  readonly rightSizing: Policy['rightSizing'];
  readonly use: ContainerUse;
  /** Its pods are Guaranteed, and stay so. */
  readonly isGuaranteed: boolean;
  readonly ranges: readonly KindMap['LimitRange'][];
  readonly recommended: VpaRecommendation | undefined;
}

/** A change smaller than this is not worth replacing pods for. */
const LEAST_SHARE = 0.8;
const LEAST: Readonly<Record<SizedResource, number>> = { cpu: 20, memory: 32 * 2 ** 20 };
/** A container that uses so much of its CPU limit is held back by it: its use does not tell its need. */
const THROTTLED = 0.9;

/** Lower requests, where the use is far below them; `notes` say what stays for another reason. */
export function sizeContainer(
  container: Container,
  basis: SizeBasis,
): { readonly size: ContainerSize | undefined; readonly notes: readonly string[] } {
  const before = { requests: amountsOf(container, 'requests'), limits: amountsOf(container, 'limits') };
  const requests: Amounts = {};
  const limits: Amounts = {};
  const notes: string[] = [];
  for (const resource of ['cpu', 'memory'] as const) {
    if (!basis.resources.has(resource)) continue;
    const asked = before.requests[resource] ?? before.limits[resource];
    const need = needOf(container, resource, before.limits, basis);
    if (asked === undefined || need.amount === undefined || asked - need.amount < LEAST[resource]) continue;
    if (need.amount > LEAST_SHARE * asked) continue;
    requests[resource] = need.amount;
    if (basis.isGuaranteed) limits[resource] = need.amount;
    if (need.note !== undefined) notes.push(need.note);
  }
  const size = { name: container.name, requests, limits, before, use: basis.use };
  return { size: Object.keys(requests).length === 0 ? undefined : size, notes };
}

/** Amounts that a container states. */
export function amountsOf({ resources }: Container, of: 'requests' | 'limits'): Amounts {
  const [cpu, memory] = (['cpu', 'memory'] as const).map((name) => {
    const written = resources?.[of]?.[name];
    return written === undefined ? undefined : amountOf(name, written);
  });
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}

interface Need {
  /** `undefined`: it cannot be told, so that nothing changes. */
  readonly amount: number | undefined;
  readonly note?: string;
}

function needOf(container: Container, resource: SizedResource, limits: Amounts, basis: SizeBasis): Need {
  const plain = resource === 'cpu' ? cpuNeed(limits, basis) : memoryNeed(container, basis);
  if (plain.amount === undefined) return plain;
  const bound = Math.max(plain.amount, leastByRange(resource, limits[resource], basis.ranges));
  return { ...plain, amount: bound };
}

function cpuNeed(limits: Amounts, { use, rightSizing, isGuaranteed, recommended }: SizeBasis): Need {
  const { cpuMillis, cpuPeakMillis = 0 } = use;
  if (cpuMillis === undefined || (limits.cpu !== undefined && cpuMillis >= THROTTLED * limits.cpu))
    return { amount: undefined };
  // The limit of a Guaranteed pod comes down with its request, so that its peaks must fit.
  const measured = (isGuaranteed ? Math.max(cpuMillis, cpuPeakMillis) : cpuMillis) * (1 + rightSizing.cpuMargin);
  const amount = Math.max(measured, recommended?.target.cpuMillis ?? 0, rightSizing.cpuFloorMillis);
  return { amount: roundedCpu(amount) };
}

function memoryNeed(container: Container, { use, rightSizing, isGuaranteed, recommended }: SizeBasis): Need {
  const { memoryPeakBytes } = use;
  if (memoryPeakBytes === undefined) return { amount: undefined };
  if (isGuaranteed && shareOfLimit(container) !== undefined) return { amount: undefined };
  const heap = heapFloorOf(container);
  const measured = memoryPeakBytes * (1 + rightSizing.memoryMargin);
  const amount = Math.max(
    measured,
    recommended?.target.memoryBytes ?? 0,
    rightSizing.memoryFloorBytes,
    heap?.bytes ?? 0,
  );
  return {
    amount: roundedMemory(amount),
    ...(heap !== undefined &&
      heap.bytes > measured && { note: `Memory of ${container.name} stays above what ${heap.setting} may take.` }),
  };
}

/** The least that LimitRanges allow: their minimum, and the limit by the ratio that it may have to the request. */
function leastByRange(resource: SizedResource, limit: number | undefined, ranges: SizeBasis['ranges']): number {
  const items = ranges.flatMap(({ spec }) => spec?.limits ?? []).filter(({ type }) => type === 'Container');
  return items.reduce((least, { min, maxLimitRequestRatio }) => {
    const minimum = min?.[resource];
    const ratio = maxLimitRequestRatio?.[resource];
    const byRatio = ratio === undefined || limit === undefined ? 0 : limit / ((amountOf('cpu', ratio) ?? 0) / 1000);
    return Math.max(
      least,
      minimum === undefined ? 0 : (amountOf(resource, minimum) ?? 0),
      Number.isFinite(byRatio) ? byRatio : 0,
    );
  }, 0);
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Millicores, rounded up to what people write. */
export function roundedCpu(millis: number): number {
  const step = millis <= 100 ? 5 : millis <= 1000 ? 10 : 50;
  return Math.ceil(Number((millis / step).toFixed(6))) * step;
}

/** Bytes, rounded up to what people write. */
export function roundedMemory(bytes: number): number {
  const step = bytes <= 256 * MIB ? 8 * MIB : bytes <= GIB ? 16 * MIB : 64 * MIB;
  return Math.ceil(Number((bytes / step).toFixed(6))) * step;
}

/** An amount as Kubernetes writes it. */
export function quantityOf(resource: SizedResource, amount: number): string {
  return resource === 'cpu' ? formatCpu(amount) : formatBytes(amount);
}
