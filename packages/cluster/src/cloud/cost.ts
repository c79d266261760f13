/**
 * What a cluster and the listed resources around it cost by a table of prices. Always an estimate: list prices, without discounts, credits,
 * commitments and traffic.
 */
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { costLines, type CostLine, type CostOptions, type CostParts, type Unpriced } from './cost-lines.ts';
import { HOURS_PER_MONTH, LIST_PRICES, type PriceTable } from './prices.ts';

/** The sum and what it is made of. */
export interface CostEstimate {
  /** To be shown with every figure. */
  readonly basis: string;
  readonly currency: string;
  /** When the prices were looked up. */
  readonly asOf: string;
  readonly hourly: number;
  /** Of 730 hours. */
  readonly monthly: number;
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly Unpriced[];
}

/** The estimate for a snapshot, or for parts of one. Disks, addresses and forwarding rules are all those that were listed. */
export function costOf(
  given: ClusterSnapshot | CostParts,
  prices: PriceTable = LIST_PRICES,
  options: CostOptions = {},
): CostEstimate {
  const { lines, unpriced } = costLines(partsOf(given), prices, options);
  const hourly = lines.reduce((sum, line) => sum + line.hourly, 0);
  return {
    basis: 'estimate, list prices; discounts, credits and traffic are not included',
    currency: prices.currency,
    asOf: prices.asOf,
    hourly,
    monthly: hourly * HOURS_PER_MONTH,
    lines,
    unpriced,
  };
}

function partsOf(given: ClusterSnapshot | CostParts): CostParts {
  if ('nodes' in given) return given;
  return {
    nodes: given.list('Node'),
    volumes: given.list('PersistentVolume'),
    storageClasses: given.list('StorageClass'),
    cloud: given.cloud,
  };
}
