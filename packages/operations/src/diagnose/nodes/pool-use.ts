/** How much of each node pool is asked for, and how much is used: two figures that are often taken for each other. */
import { cpuMillisExact, nodePoolOf, wholeUnits, type ClusterSnapshot, type NodeState } from '@aia/cluster';
import { percent } from '../wording.ts';

/** One pool, the fuller of CPU and memory each time. */
export interface PoolUse {
  /** `''` where labels do not say. */
  readonly pool: string;
  readonly nodes: number;
  /** Requests ÷ allocatable. */
  readonly requested: number;
  /** Usage ÷ allocatable; `undefined` unless every node of the pool was measured. */
  readonly used: number | undefined;
}

/** Every pool, by name. */
export function poolUse(nodes: readonly NodeState[], snapshot: ClusterSnapshot): readonly PoolUse[] {
  return [...Map.groupBy(nodes, ({ node }) => nodePoolOf(node))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([pool, own]) => ({
      pool,
      nodes: own.length,
      requested: requestedShare(own),
      used: usedShare(own, snapshot),
    }));
}

/** The larger of CPU and memory requests of `nodes` ÷ what `offering` offers, since the fuller one decides. */
export function requestedShare(nodes: readonly NodeState[], offering = nodes): number {
  const share = (resource: 'cpuMillis' | 'memoryBytes') =>
    part(
      sum(nodes, ({ requested }) => requested[resource]),
      sum(offering, ({ allocatable }) => allocatable[resource]),
    );
  return Math.max(share('cpuMillis'), share('memoryBytes'));
}

function usedShare(nodes: readonly NodeState[], snapshot: ClusterSnapshot): number | undefined {
  const usage = nodes.map(({ name }) => snapshot.get('NodeMetrics', '', name)?.usage);
  if (usage.some((one) => one === undefined)) return undefined;
  const cpu = sum(usage, (one) => cpuMillisExact(one?.['cpu'] ?? 0) ?? 0);
  const memory = sum(usage, (one) => wholeUnits(one?.['memory'] ?? 0) ?? 0);
  return Math.max(
    part(
      cpu,
      sum(nodes, ({ allocatable }) => allocatable.cpuMillis),
    ),
    part(
      memory,
      sum(nodes, ({ allocatable }) => allocatable.memoryBytes),
    ),
  );
}

/** `default-pool: 3 nodes, 41 % requested, 12 % used`. */
export function poolUseText({ pool, nodes, requested, used }: PoolUse): string {
  const name = pool === '' ? 'nodes without a pool' : pool;
  return `${name}: ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${percent(requested)} requested${used === undefined ? '' : `, ${percent(used)} used`}`;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function part(amount: number, whole: number): number {
  return whole === 0 ? 0 : amount / whole;
}
