/** The order in which nodes are looked at. Source: `pkg/scheduler/backend/cache/node_tree.go` */
import type { NodeLedger } from '../../scheduling/node-state.ts';

/** One node of each zone in turn, so that a search that ends early has seen all zones. */
export function interleaved(nodes: readonly NodeLedger[]): readonly NodeLedger[] {
  const zones = new Map<string, NodeLedger[]>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    const known = zones.get(zone);
    if (known === undefined) zones.set(zone, [node]);
    else known.push(node);
  }
  if (zones.size <= 1) return [...nodes];
  const lists = [...zones.values()];
  const order: NodeLedger[] = [];
  for (let round = 0; order.length < nodes.length; round++) {
    for (const list of lists) {
      const node = list[round];
      if (node !== undefined) order.push(node);
    }
  }
  return order;
}

function zoneOf({ labels }: NodeLedger): string {
  return `${labels['topology.kubernetes.io/region'] ?? ''}\n${labels['topology.kubernetes.io/zone'] ?? ''}`;
}
