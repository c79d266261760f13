/**
 * Scores and preemption once more, straight from the documentation, without any index or cache, over the worlds of the filters' oracle:
 * what the scheduler must agree with.
 */
import {
  oracleReasons,
  type OracleNode,
  type OraclePod,
  type OracleWorld,
} from '../../scheduling/scheduler-oracle.suite.ts';

export interface ScoredNode extends OracleNode {
  readonly memoryMi: number;
  /** Images with their size in megabytes. */
  readonly images: readonly string[];
}

export interface ScoredPod extends OraclePod {
  readonly memoryMi: number | undefined;
  readonly priority: number;
  readonly image: string;
  /** Preferred node affinity. */
  readonly prefers: readonly { readonly key: string; readonly values: readonly string[]; readonly weight: number }[];
  /** Preferred affinity to pods; negative weights are anti-affinity. */
  readonly likes: readonly { readonly app: string; readonly topologyKey: string; readonly weight: number }[];
  /** Spread constraints `ScheduleAnyway`. */
  readonly soft: readonly { readonly topologyKey: string; readonly maxSkew: number }[];
  /** Epoch seconds; when it began to run. */
  readonly startedAt: number;
}

export interface ScoredWorld extends OracleWorld {
  readonly nodes: readonly ScoredNode[];
  readonly placed: readonly (readonly [ScoredPod, string])[];
}

export interface Budget {
  readonly app: string;
  readonly allowed: number;
}

/** Bytes of every image. */
export const IMAGE_BYTES: Readonly<Record<string, number>> = { 'big:1': 900e6, 'small:1': 60e6, 'tiny:latest': 5e6 };
const HOST = 'kubernetes.io/hostname';

/** The nodes that take the pod, each with its score. */
export function oracleScores(pod: ScoredPod, world: ScoredWorld): ReadonlyMap<string, number> {
  const nodes = world.nodes.filter((node) => oracleReasons(pod, node, world).length === 0);
  const taints = reversed(nodes.map((node) => softTaints(pod, node)));
  const affinity = upTo100(nodes.map((node) => preferredWeight(pod, node)));
  const likes = stretched(nodes.map((node) => liking(pod, node, world)));
  const spread = spreading(pod, nodes, world);
  return new Map(
    nodes.map((node, i) => {
      const resources = least(pod, node, world) + balance(pod, node, world);
      const wishes = 3 * (taints[i] ?? 0) + 2 * (affinity[i] ?? 0) + 2 * (likes[i] ?? 0) + 2 * (spread[i] ?? 0);
      return [node.name, resources + wishes + locality(pod, node, world)];
    }),
  );
}

function sums(world: ScoredWorld, node: ScoredNode, of: (pod: ScoredPod) => number): number {
  return world.placed.filter(([, on]) => on === node.name).reduce((sum, [pod]) => sum + of(pod), 0);
}

/** The samples always say how much CPU they request, be it none. */
const cpuOf = (pod: ScoredPod): number => pod.cpu;
const memoryOf = (pod: ScoredPod): number => pod.memoryMi ?? 200;

function least(pod: ScoredPod, node: ScoredNode, world: ScoredWorld): number {
  const share = (all: number, used: number) => (used > all ? 0 : Math.floor(((all - used) * 100) / all));
  const parts: number[] = [];
  if (node.cpu > 0) parts.push(share(node.cpu, sums(world, node, cpuOf) + cpuOf(pod)));
  if (node.memoryMi > 0) parts.push(share(node.memoryMi, sums(world, node, memoryOf) + memoryOf(pod)));
  return parts.length === 0 ? 0 : Math.floor(parts.reduce((a, b) => a + b, 0) / parts.length);
}

function balance(pod: ScoredPod, node: ScoredNode, world: ScoredWorld): number {
  if (pod.cpu === 0 && (pod.memoryMi ?? 0) === 0) return 0;
  const score = (cpu: number, memory: number) => {
    if (node.cpu === 0 || node.memoryMi === 0) return 100;
    const [a, b] = [Math.min(1, cpu / node.cpu), Math.min(1, memory / node.memoryMi)];
    return Math.floor((1 - Math.abs((a - b) / 2)) * 100);
  };
  const [cpu, memory] = [sums(world, node, cpuOf), sums(world, node, ({ memoryMi }) => memoryMi ?? 0)];
  const change = score(cpu + pod.cpu, memory + (pod.memoryMi ?? 0)) - score(cpu, memory);
  return 50 + Math.floor((50 + change) / 2);
}

function softTaints(pod: ScoredPod, node: ScoredNode): number {
  return node.taints.filter(
    ({ key, value, effect }) =>
      effect === 'PreferNoSchedule' &&
      !pod.tolerates.some(
        (each) => (each.key === undefined || each.key === key) && (each.operator === 'Exists' || each.value === value),
      ),
  ).length;
}

function preferredWeight(pod: ScoredPod, node: ScoredNode): number {
  return pod.prefers
    .filter(({ key, values }) => values.includes(node.labels[key] ?? ' absent'))
    .reduce((sum, { weight }) => sum + weight, 0);
}

function liking(pod: ScoredPod, node: ScoredNode, world: ScoredWorld): number {
  let sum = 0;
  for (const [other, on] of world.placed) {
    const labels = world.nodes.find(({ name }) => name === on)?.labels ?? {};
    const near = (key: string) => labels[key] !== undefined && labels[key] === node.labels[key];
    for (const { app, topologyKey, weight } of pod.likes) if (other.app === app && near(topologyKey)) sum += weight;
    for (const { app, topologyKey, weight } of other.likes) if (pod.app === app && near(topologyKey)) sum += weight;
    for (const { app, topologyKey } of other.wants) if (pod.app === app && near(topologyKey)) sum += 1;
  }
  return sum;
}

function spreading(pod: ScoredPod, nodes: readonly ScoredNode[], world: ScoredWorld): readonly number[] {
  if (pod.soft.length === 0) return [];
  const keys = pod.soft.map(({ topologyKey }) => topologyKey);
  const complete = (node: ScoredNode) => keys.every((key) => node.labels[key] !== undefined);
  const selects = ({ labels }: ScoredNode) =>
    Object.entries(pod.selector).every(([key, value]) => labels[key] === value) &&
    (pod.terms === undefined ||
      pod.terms.some(
        (term) => term.length > 0 && term.every(({ key, values }) => values.includes(labels[key] ?? ' absent')),
      ));
  const raw = nodes.map((node) => {
    if (!complete(node)) return undefined;
    let score = 0;
    for (const { topologyKey, maxSkew } of pod.soft) {
      const value = node.labels[topologyKey];
      const chosen = nodes.filter(complete);
      const domains =
        topologyKey === HOST ? chosen.length : new Set(chosen.map(({ labels }) => labels[topologyKey])).size;
      const counted = world.placed.filter(([other, on]) => {
        const there = world.nodes.find(({ name }) => name === on);
        return (
          other.app === pod.app &&
          !other.terminating &&
          there !== undefined &&
          there.labels[topologyKey] === value &&
          selects(there) &&
          complete(there)
        );
      }).length;
      score += counted * Math.log(domains + 2) + (maxSkew - 1);
    }
    return Math.round(score);
  });
  const known = raw.filter((score) => score !== undefined);
  const [low, high] = [Math.min(...known), Math.max(0, ...known)];
  return raw.map((score) =>
    score === undefined ? 0 : high === 0 ? 100 : Math.floor((100 * (high + low - score)) / high),
  );
}

function locality(pod: ScoredPod, node: ScoredNode, world: ScoredWorld): number {
  const MIB = 1024 * 1024;
  const having = world.nodes.filter(({ images }) => images.includes(pod.image)).length;
  const bytes = node.images.includes(pod.image)
    ? Math.floor((IMAGE_BYTES[pod.image] ?? 0) * (having / world.nodes.length))
    : 0;
  const bounded = Math.min(1000 * MIB, Math.max(23 * MIB, bytes));
  return Math.floor((100 * (bounded - 23 * MIB)) / (977 * MIB));
}

function upTo100(values: readonly number[]): readonly number[] {
  const most = Math.max(0, ...values);
  return values.map((value) => (most === 0 ? 0 : Math.floor((100 * value) / most)));
}

function reversed(values: readonly number[]): readonly number[] {
  return upTo100(values).map((value) => 100 - value);
}

function stretched(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (high === low ? 0 : Math.floor(100 * ((value - low) / (high - low)))));
}

/** A node on which room can be made, with who must go. */
export interface OracleCandidate {
  readonly node: string;
  /** Names, sorted. */
  readonly victims: readonly string[];
  readonly cost: readonly number[];
}

/** Reasons that no eviction resolves. */
const FINAL = [
  'node(s) were unschedulable',
  'node(s) had untolerated taint',
  "node(s) didn't match Pod's node affinity/selector",
  "node(s) didn't match pod affinity rules",
  'missing required label',
];

/** Everywhere that room can be made for a pod that no node takes. */
export function oracleCandidates(
  pod: ScoredPod,
  world: ScoredWorld,
  budgets: readonly Budget[],
): readonly OracleCandidate[] {
  return world.nodes.flatMap((node) => {
    const reasons = oracleReasons(pod, node, world);
    const tooLarge = pod.cpu > node.cpu || pod.gpus > node.gpus || (pod.memoryMi ?? 0) > node.memoryMi;
    const isShort = reasons.some((reason) => reason.startsWith('Insufficient'));
    if ((tooLarge && isShort) || reasons.some((reason) => FINAL.some((text) => reason.includes(text)))) return [];
    return candidateOn(pod, node, world, budgets) ?? [];
  });
}

function candidateOn(
  pod: ScoredPod,
  node: ScoredNode,
  world: ScoredWorld,
  budgets: readonly Budget[],
): OracleCandidate | undefined {
  const mine = world.placed.filter(([other, on]) => on === node.name && other.priority < pod.priority);
  if (mine.length === 0) return undefined;
  const fits = (gone: readonly (readonly [ScoredPod, string])[]) =>
    oracleReasons(pod, node, { ...world, placed: world.placed.filter((each) => !gone.includes(each)) }).length === 0;
  if (!fits(mine)) return undefined;
  const important = mine.toSorted(([a], [b]) => b.priority - a.priority || a.startedAt - b.startedAt);
  const left = budgets.map(({ allowed }) => allowed);
  const isProtected = new Set(
    important.filter(([other]) => {
      const mattering = budgets.flatMap(({ app }, i) => (app === other.app ? [i] : []));
      for (const i of mattering) left[i] = (left[i] ?? 0) - 1;
      return mattering.some((i) => (left[i] ?? 0) < 0);
    }),
  );
  let gone: readonly (readonly [ScoredPod, string])[] = mine;
  for (const each of [
    ...important.filter((one) => isProtected.has(one)),
    ...important.filter((one) => !isProtected.has(one)),
  ]) {
    const without = gone.filter((one) => one !== each);
    if (fits(without)) gone = without;
  }
  const highest = Math.max(...gone.map(([{ priority }]) => priority));
  const first = Math.min(...gone.filter(([{ priority }]) => priority === highest).map(([{ startedAt }]) => startedAt));
  return {
    node: node.name,
    victims: gone.map(([{ name }]) => name).toSorted(),
    cost: [
      gone.filter((one) => isProtected.has(one)).length,
      highest,
      gone.reduce((sum, [{ priority }]) => sum + priority + 2 ** 31, 0),
      gone.length,
      -first,
    ],
  };
}
