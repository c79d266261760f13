/** Node pools that a cluster does not have yet, and what they would do for pods that wait. */
import {
  bindingQuota,
  compare,
  LIST_PRICES,
  machineType,
  nodePoolOf,
  quotaNeedOfNode,
  type NodePool,
  type Pod,
  type Quota,
} from '@aia/cluster';
import { withMoreNodes } from '../../diagnose/nodes/capacity.ts';
import { isAutopilot } from '../../diagnose/nodes/growth.ts';
import { kindsOfNewPool, nodeKinds, type NodeKind } from '../../diagnose/nodes/node-kinds.ts';
import { regionOf } from '../complete-action.ts';
import type { Planning } from '../planning.ts';
import type { GpuShape, Shape } from './machine-shapes.ts';

/** A pool as it could be made. */
export interface NewPool {
  /** Whose settings it takes over. */
  readonly like: NodePool;
  /** With its name, its machine type and the zones that it needs. */
  readonly pool: NodePool;
  /** To begin with, as many in each of its zones. */
  readonly nodes: number;
  /** How far it scales by itself; by default from none to some more than it begins with. */
  readonly bounds?: { readonly minNodes: number; readonly maxNodes: number };
  /** Pods of those that wait which find a place on them. */
  readonly fits: number;
  readonly pods: number;
  /** Of one node per hour by list prices; `undefined` where they do not say. */
  readonly hourly: number | undefined;
  /** Quotas without room for them. */
  readonly short: readonly { readonly quota: Quota; readonly need: number }[];
}

/** Machines to try. */
export type MachineChoice = Pick<Shape, 'name'> | GpuShape;

/** Each pool that is copied costs a trial per machine type. */
const MOST_LIKES = 3;
const MOST_CHOICES = 24;
/** Of names of pools. */
const LONGEST_NAME = 40;

/** Those that take some of the pods: most of them first, then without a quota that refuses, then the cheapest. Empty on Autopilot. */
export function newPools(
  pods: readonly Pod[],
  choices: (like: NodePool) => readonly MachineChoice[],
  planning: Planning,
): readonly NewPool[] {
  const { cluster } = planning.snapshot.cloud;
  if (pods.length === 0 || cluster === undefined || isAutopilot(planning.snapshot)) return [];
  const found = likes(planning).flatMap((like) =>
    choices(like)
      .slice(0, MOST_CHOICES)
      .flatMap((choice) => trial(pods, like, choice, planning) ?? []),
  );
  return found.toSorted(
    (a, b) =>
      b.fits - a.fits ||
      a.short.length - b.short.length ||
      gpusOf(a) - gpusOf(b) ||
      (a.hourly ?? Infinity) * a.nodes - (b.hourly ?? Infinity) * b.nodes ||
      compare(a.pool.name, b.pool.name),
  );
}

/** Over all its nodes; their price is not in the list. */
function gpusOf({ pool, nodes }: NewPool): number {
  return nodes * (pool.accelerators ?? []).reduce((sum, { count }) => sum + count, 0);
}

/** The pools with the most nodes: what the cluster usually runs on. */
function likes({ snapshot }: Planning): readonly NodePool[] {
  const sizes = Map.groupBy(snapshot.list('Node'), nodePoolOf);
  const sizeOf = ({ name }: NodePool) => sizes.get(name)?.length ?? 0;
  return (snapshot.cloud.cluster?.nodePools ?? [])
    .filter(({ zones }) => zones.length > 0)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a) || compare(a.name, b.name))
    .slice(0, MOST_LIKES);
}

/** Label by which GKE tells pools apart. */
export const POOL_LABEL = 'cloud.google.com/gke-nodepool';

/** The pod as it would ask for the new pool where it asks for the old one by name. */
function led(pod: Pod, from: string, to: string): Pod {
  const { nodeSelector } = pod.spec ?? {};
  if (nodeSelector?.[POOL_LABEL] !== from) return pod;
  return { ...pod, spec: { ...pod.spec, nodeSelector: { ...nodeSelector, [POOL_LABEL]: to } } } as Pod;
}

function trial(
  waiting: readonly Pod[],
  like: NodePool,
  choice: MachineChoice,
  planning: Planning,
): NewPool | undefined {
  const design = designOf(like, choice, planning);
  const pods = waiting.map((pod) => led(pod, like.name, design.name));
  const { world } = planning.examination;
  const kinds = kindsOfNewPool(design).map((kind) => withDaemonPods(kind, nodeKinds(world)));
  const outcomes = withMoreNodes(world, pods, kinds).flatMap((steps) => steps.at(-1) ?? []);
  const most = Math.max(0, ...outcomes.map(({ fits }) => fits));
  const best = outcomes.filter(({ fits }) => fits === most).toSorted((a, b) => a.nodes - b.nodes)[0];
  if (best === undefined || most === 0) return undefined;
  // Where volumes bind pods to one zone, the others take fewer of them.
  const zones = outcomes
    .filter(({ fits, nodes }) => fits === most && nodes === best.nodes)
    .map(({ kind }) => kind.zone)
    .slice(0, best.nodes);
  const nodes = Math.ceil(best.nodes / zones.length) * zones.length;
  const pool = { ...design, zones };
  return {
    ...{ like, pool, nodes, fits: most, pods: pods.length },
    hourly: hourlyOf(design.machineType),
    short: shortFor(pool, nodes, planning),
  };
}

/** As the machines of the cluster do, a new one runs a pod of each DaemonSet. */
export function withDaemonPods(kind: NodeKind, known: readonly NodeKind[]): NodeKind {
  const like = known.find(({ assumed }) => !assumed);
  return { ...kind, make: (name) => ({ ...kind.make(name), pods: like?.make(name).pods ?? [] }) };
}

/** A pool with the settings of another one and other machines, under a name of its own. */
export function designOf(like: NodePool, choice: MachineChoice, { snapshot, origin }: Planning): NodePool {
  const name = 'name' in choice ? choice.name : choice.machine;
  const taken = new Set(
    [snapshot, origin].flatMap(({ cloud }) => (cloud.cluster?.nodePools ?? []).map((pool) => pool.name)),
  );
  return {
    ...like,
    ...{ name: freeName(`${like.name}-${name}`, taken), machineType: name, initialNodes: 0 },
    ...{ autoprovisioned: false, accelerators: 'accelerator' in choice ? [choice.accelerator] : [] },
  };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const end = n === 1 ? '' : `-${n}`;
    const name = `${wanted.slice(0, LONGEST_NAME - end.length).replace(/-+$/, '')}${end}`;
    if (!taken.has(name)) return name;
  }
}

/** Quotas without room for so many nodes of a pool. */
export function shortFor(pool: NodePool, nodes: number, planning: Planning): NewPool['short'] {
  const needs = quotaNeedOfNode(pool).map((need) => ({ ...need, amount: need.amount * nodes }));
  return bindingQuota(needs, planning.snapshot.cloud.quotas ?? [], regionOf(planning))
    .known.filter(({ fits }) => fits < 1)
    .map(({ need, headroom }) => ({ quota: headroom.quota, need: need.amount }));
}

/** Of a machine by list prices, GPUs aside. */
export function hourlyOf(name: string): number | undefined {
  const type = machineType(name);
  if (type === undefined || !Object.hasOwn(LIST_PRICES.machineFamilies, type.family)) return undefined;
  const price = LIST_PRICES.machineFamilies[type.family];
  return price === undefined
    ? undefined
    : type.vcpus * price.vcpuHourly + (type.memoryBytes / 2 ** 30) * price.gibHourly;
}
