/** A pool of other machines in place of one that the cluster has, by a trial of the scheduling filters. */
import {
  compare,
  controllerOf,
  drainOf,
  fitPods,
  nodePoolOf,
  type Node,
  type NodePool,
  type NodeState,
  type Pod,
  type SchedulingWorld,
} from '@aia/cluster';
import { isReady } from '../../diagnose/conditions.ts';
import { freshNode, kindsOfNewPool, nodeKinds, type NodeKind } from '../../diagnose/nodes/node-kinds.ts';
import type { Planning } from '../planning.ts';
import { sharesOf, type Shares } from './band.ts';
import type { Shape } from './machine-shapes.ts';
import { designOf, hourlyOf, shortFor, withDaemonPods, type NewPool } from './new-pool.ts';

/** Nodes with the pods that have to move off them, in the order in which they are emptied. */
export type Emptying = readonly { readonly node: Node; readonly pods: readonly Pod[] }[];

/** One pool in place of another. */
export interface Replacement {
  readonly made: NewPool;
  readonly emptying: Emptying;
  /** Of the whole cluster by requests, before and after. */
  readonly before: Shares;
  readonly after: Shares;
  /** Per hour by list prices, of all nodes of the old pool and of the new one. */
  readonly hourlyBefore: number;
  readonly hourlyAfter: number;
}

/** More nodes, or more pods, at once are a project of its own. */
const MOST_NODES = 6;
const MOST_PODS = 80;

/** What would have to move; `undefined` where a pod cannot, the pool is too large, or one of its nodes is not well. */
export function emptyingOf({ name }: NodePool, planning: Planning): Emptying | undefined {
  const states = planning.examination.world.nodes.filter(({ node }) => nodePoolOf(node) === name);
  if (states.length === 0 || states.length > MOST_NODES) return undefined;
  const emptying: { node: Node; pods: readonly Pod[] }[] = [];
  for (const state of states.toSorted((a, b) => a.pods.length - b.pods.length || compare(a.name, b.name))) {
    const pods = movableFrom(state, planning);
    if (pods === undefined || !isReady(state.node) || state.node.spec?.unschedulable === true) return undefined;
    emptying.push({ node: state.node, pods });
  }
  return emptying.reduce((sum, { pods }) => sum + pods.length, 0) > MOST_PODS ? undefined : emptying;
}

function movableFrom({ pods }: NodeState, { snapshot }: Planning): readonly Pod[] | undefined {
  const moving: Pod[] = [];
  for (const { pod } of pods) {
    const drain = drainOf(pod, snapshot, { localStorageBlocks: true });
    if (drain.outcome === 'goes') continue;
    // The autoscaler leaves pods of the system where they are; whoever drains a node does not.
    const isMovable = drain.outcome === 'moves' || (drain.blocker === 'unmovable-kube-system-pod' && isPlain(pod));
    if (!isMovable) return undefined;
    moving.push(pod);
  }
  return moving;
}

function isPlain(pod: Pod): boolean {
  return controllerOf(pod) !== undefined && (pod.spec?.volumes ?? []).every(({ hostPath }) => hostPath === undefined);
}

/** Pools of these machines on which everything finds a place that the old one carries, the cheapest first. */
export function replacementsOf(
  old: NodePool,
  choices: readonly Shape[],
  emptying: Emptying,
  planning: Planning,
): readonly Replacement[] {
  const { world } = planning.examination;
  const gone = emptying.map(({ node }) => node.metadata.name);
  const pods = emptying.flatMap((one) => one.pods);
  const left = world.withoutNodes(gone);
  const hourly = hourlyOf(old.machineType);
  if (hourly === undefined) return [];
  const found = choices.flatMap((choice): readonly Replacement[] => {
    const each = hourlyOf(choice.name);
    const trial = each === undefined ? undefined : fewestNodes(old, choice, pods, left, planning);
    if (each === undefined || trial === undefined) return [];
    const { pool, nodes, world: after } = trial;
    return [
      {
        made: {
          ...{ like: old, pool, nodes, fits: pods.length, pods: pods.length, hourly: each },
          short: shortFor(pool, nodes, planning),
        },
        ...{ emptying, before: sharesOf(world.nodes), after: sharesOf(after.nodes) },
        ...{ hourlyBefore: hourly * gone.length, hourlyAfter: each * nodes },
      },
    ];
  });
  return found.toSorted(
    (a, b) => a.hourlyAfter - b.hourlyAfter || compare(a.made.pool.machineType, b.made.pool.machineType),
  );
}

interface Trial {
  readonly pool: NodePool;
  readonly nodes: number;
  readonly world: SchedulingWorld;
}

/** As many in each zone as carry all pods; `undefined` where more would not help. */
function fewestNodes(
  old: NodePool,
  choice: Shape,
  pods: readonly Pod[],
  left: SchedulingWorld,
  planning: Planning,
): Trial | undefined {
  const pool = { ...designOf(old, choice, planning), zones: old.zones };
  const known = nodeKinds(planning.examination.world).filter((kind) => kind.pool === old.name);
  const kinds = kindsOfNewPool(pool).map((kind) => withDaemonPods(kind, known));
  const free = pods.map((pod): Pod => ({ ...pod, spec: { containers: [], ...pod.spec, nodeName: '' } }));
  for (let perZone = 1; perZone * kinds.length <= MOST_NODES && kinds.length > 0; perZone++) {
    const fit = fitPods(free, left.withNodes(kinds.flatMap((kind) => freshNodes(kind, perZone))));
    if (fit.placed === free.length) return { pool, nodes: perZone * kinds.length, world: fit.world };
  }
  return undefined;
}

function freshNodes(kind: NodeKind, count: number) {
  return Array.from({ length: count }, (_, i) => freshNode(kind, i + 1));
}
