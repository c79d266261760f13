/** Ranges that the addresses of pods come from: each node takes a block. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips */
import type { NodePool } from '../../cloud/cloud.ts';
import type { SimulatedCloud } from './simulated-cloud.ts';

/** A /24 serves 110 pods. */
const DEFAULT_NODE_MASK = 24;

/** Counts the nodes that came since the ranges' use was read. */
export class PodRanges {
  readonly #cloud: SimulatedCloud;
  /** By range. */
  readonly #added = new Map<string, number>();

  constructor(cloud: SimulatedCloud) {
    this.#cloud = cloud;
  }

  /** Whether another node of a pool finds a block. `nodes`: how many there are in all. */
  hasRoom({ podRange }: Pick<NodePool, 'podRange'>, nodes: number): boolean {
    const { podRangeNodes } = this.#cloud.conditions;
    if (podRangeNodes !== undefined) return nodes < podRangeNodes;
    const blocks = podRange === undefined ? undefined : blocksOf(podRange);
    if (podRange === undefined || blocks === undefined) return true;
    return (this.#added.get(podRange.cidr) ?? 0) < Math.round(blocks * (1 - (podRange.share ?? 0)));
  }

  /** Takes note of a node that came (1) or went (-1). */
  note({ podRange }: Pick<NodePool, 'podRange'>, by: 1 | -1): void {
    if (podRange !== undefined) this.#added.set(podRange.cidr, (this.#added.get(podRange.cidr) ?? 0) + by);
  }
}

function blocksOf({ cidr, nodeMask = DEFAULT_NODE_MASK }: NonNullable<NodePool['podRange']>): number | undefined {
  const size = Number(/\/(\d{1,2})$/.exec(cidr)?.[1] ?? Number.NaN);
  return Number.isNaN(size) ? undefined : 2 ** Math.max(0, nodeMask - size);
}
