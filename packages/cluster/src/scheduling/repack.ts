/** Which nodes could go because their pods fit on the others: the cluster autoscaler's scale-down, simulated. */
import type { Node, Pod } from '../model/kinds.ts';
import { refOf, type ResourceRef } from '../model/resource-ref.ts';
import { drainOf, type Blocker, type DrainOptions } from './drainability.ts';
import { unschedulable } from './explain.ts';
import type { NodeState } from './node-state.ts';
import { nodePoolOf } from './template-node.ts';
import type { SchedulingWorld } from './world.ts';

/** Bounds of a repack. */
export interface RepackOptions extends DrainOptions {
  /** Names of nodes that may be considered (default: all). */
  readonly removable?: Iterable<string>;
  /** Fewest nodes per pool (`nodePoolOf`); pools not named may go empty. */
  readonly poolMinimums?: ReadonlyMap<string, number>;
  /** Only nodes whose requests ÷ allocatable (the larger of CPU and memory) lie at or below this share, 0..1 (default 1). */
  readonly utilisationAtMost?: number;
}

/** A node that can go, with where its pods went. */
export interface RemovedNode {
  readonly node: string;
  readonly moves: readonly { readonly pod: ResourceRef; readonly to: string }[];
}

/** Why a node stays. */
export type KeepReason =
  | 'scale-down-disabled-annotation'
  | 'node-group-min-size-reached'
  | 'not-underutilised'
  | 'blocked-by-pod'
  | 'no-place-to-move-pods';

/** A node that stays, and why. */
export interface KeptNode {
  readonly node: string;
  readonly reason: KeepReason;
  /** The pod that keeps it there. */
  readonly pod?: ResourceRef;
  /** For `blocked-by-pod`. */
  readonly blocker?: Blocker;
  /** For `no-place-to-move-pods`, the scheduler's message; for budgets, the name; for pools, the minimum. */
  readonly detail?: string;
}

/** Which nodes could go. */
export interface Repack {
  /** In the order of removal. */
  readonly removed: readonly RemovedNode[];
  readonly kept: readonly KeptNode[];
  /** The world without the removed nodes, their pods moved. */
  readonly world: SchedulingWorld;
}

/**
 * Empties nodes one after another, least used first, as long as every pod on them finds room elsewhere (fullest node
 * first); the given world stays as it is. DaemonSet, static and finished pods go with their node.
 */
export function repack(world: SchedulingWorld, options: RepackOptions = {}): Repack {
  let trial = world.fork();
  const removed: RemovedNode[] = [];
  const kept: KeptNode[] = [];
  const sizes = poolSizes(world.nodes);
  for (const state of drainOrder(world, options.removable)) {
    const { name, node } = state;
    const moved = keepBefore(state, sizes, options) ?? moveAll(name, node, trial, options);
    if ('reason' in moved) kept.push(moved);
    else {
      removed.push(moved);
      trial = trial.withoutNodes([name]);
      sizes.set(nodePoolOf(node), (sizes.get(nodePoolOf(node)) ?? 1) - 1);
    }
  }
  return { removed, kept, world: trial };
}

/** Nodes in the order in which they would be emptied: lowest utilisation first, then by name. */
export function drainOrder(world: SchedulingWorld, removable?: Iterable<string>): readonly NodeState[] {
  const names = removable === undefined ? undefined : new Set(removable);
  return world.nodes
    .filter(({ name }) => names === undefined || names.has(name))
    .toSorted((a, b) => utilisationOf(a) - utilisationOf(b) || (a.name < b.name ? -1 : 1));
}

/** Requests ÷ allocatable, the larger of CPU and memory; 0..1, or above when over-committed. */
export function utilisationOf({ requested, allocatable }: NodeState): number {
  return Math.max(
    share(requested.cpuMillis, allocatable.cpuMillis),
    share(requested.memoryBytes, allocatable.memoryBytes),
  );
}

function share(part: number, all: number): number {
  return all > 0 ? part / all : 0;
}

function poolSizes(nodes: readonly NodeState[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { node } of nodes) sizes.set(nodePoolOf(node), (sizes.get(nodePoolOf(node)) ?? 0) + 1);
  return sizes;
}

/** Reasons that need no look at the pods. */
function keepBefore(
  state: NodeState,
  sizes: ReadonlyMap<string, number>,
  { poolMinimums, utilisationAtMost = 1 }: RepackOptions,
): KeptNode | undefined {
  const { name, node } = state;
  if (node.metadata.annotations?.['cluster-autoscaler.kubernetes.io/scale-down-disabled'] === 'true') {
    return { node: name, reason: 'scale-down-disabled-annotation' };
  }
  const pool = nodePoolOf(node);
  const minimum = poolMinimums?.get(pool) ?? 0;
  if ((sizes.get(pool) ?? 0) <= minimum)
    return { node: name, reason: 'node-group-min-size-reached', detail: `${pool}: ${minimum}` };
  return utilisationOf(state) > utilisationAtMost ? { node: name, reason: 'not-underutilised' } : undefined;
}

/** Moves every pod that has to move, or none of them. */
function moveAll(name: string, node: Node, world: SchedulingWorld, options: RepackOptions): RemovedNode | KeptNode {
  const localStorageBlocks = options.localStorageBlocks ?? !isGce(node);
  const movable: Pod[] = [];
  for (const { pod } of world.node(name)?.pods ?? []) {
    const drain = drainOf(pod, world.snapshot, { ...options, localStorageBlocks });
    if (drain.outcome === 'blocks') {
      const { blocker, budget } = drain;
      return {
        node: name,
        reason: 'blocked-by-pod',
        pod: refOf(pod),
        blocker,
        ...(budget !== undefined && { detail: budget }),
      };
    }
    if (drain.outcome === 'moves') movable.push(pod);
  }
  return rehome(name, movable, world);
}

/** Largest first, so that what is hard to place finds room. */
function rehome(name: string, pods: readonly Pod[], world: SchedulingWorld): RemovedNode | KeptNode {
  const moves: { pod: Pod; to: string }[] = [];
  for (const pod of bySize(pods, world)) {
    const free = unbound(pod);
    world.remove(pod, name);
    const to = world.bestNode(free, 'most-allocated', name);
    if (to !== undefined) {
      world.place(pod, to);
      moves.push({ pod, to });
      continue;
    }
    const detail = unschedulable(free, world, name)?.message;
    world.place(pod, name);
    for (const move of moves) {
      world.remove(move.pod, move.to);
      world.place(move.pod, name);
    }
    return { node: name, reason: 'no-place-to-move-pods', pod: refOf(pod), ...(detail !== undefined && { detail }) };
  }
  return { node: name, moves: moves.map(({ pod, to }) => ({ pod: refOf(pod), to })) };
}

function bySize(pods: readonly Pod[], world: SchedulingWorld): readonly Pod[] {
  const sized = pods.map((pod) => ({ pod, ...world.requestsOf(pod) }));
  return sized
    .sort(
      (a, b) =>
        b.cpuMillis - a.cpuMillis ||
        b.memoryBytes - a.memoryBytes ||
        (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1),
    )
    .map(({ pod }) => pod);
}

/** The pod as its controller would make it anew: without a node. */
function unbound(pod: Pod): Pod {
  if (pod.spec === undefined) return pod;
  return { ...pod, spec: { ...pod.spec, nodeName: '' } };
}

function isGce(node: Node): boolean {
  return node.spec?.providerID?.startsWith('gce://') === true;
}
