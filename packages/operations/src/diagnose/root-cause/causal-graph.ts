/** The graph from causes over findings to findings: which finding belongs to which cause, and over which edges it is reached. */
import type { ChainLink } from '@aia/contract';
import { severityRank, type Finding } from '../finding.ts';
import type { Consequence } from './consequences.ts';
import type { FindingIndex } from './finding-index.ts';
import type { Hypothesis } from './hypothesis.ts';
import { leadersOf, type Weighed } from './weigh.ts';

/** Edges between findings, by where they begin. */
export type Edges = ReadonlyMap<string, readonly Consequence[]>;

/** One cause with what is its own. */
export interface Owned {
  readonly leader: Weighed;
  /** Ids of its findings, causes before consequences. */
  readonly findings: readonly string[];
  readonly chain: readonly ChainLink[];
}

/** Everything that follows from some findings, themselves included, breadth first. */
export function closure(start: Iterable<string>, edges: Edges): ReadonlySet<string> {
  const reached = new Set(start);
  for (const id of reached) for (const { to } of edges.get(id) ?? []) reached.add(to);
  return reached;
}

/**
 * Gives each finding to one cause: what hypotheses claim to the weightiest, what follows from that to the first cause that
 * reaches it, the worst first.
 */
export function ownersOf(weighed: readonly Weighed[], index: FindingIndex, edges: Edges): readonly Owned[] {
  const leaders = leadersOf(weighed);
  const claimed = new Map<string, Weighed>(leaders);
  const seeds = Map.groupBy(leaders.keys(), (id) => leaders.get(id) as Weighed);
  const ranked = [...seeds].sort(([a, idsA], [b, idsB]) => byWeight(a, idsA, b, idsB, index));
  return ranked.map(([leader, ids]) => {
    for (const id of followers(ids, edges, (to) => (claimed.get(to) ?? leader) === leader)) claimed.set(id, leader);
    const isOwn = (id: string) => claimed.get(id) === leader;
    return { leader, ...chainOf(leader, ids, edges, isOwn) };
  });
}

function byWeight(
  a: Weighed,
  idsA: readonly string[],
  b: Weighed,
  idsB: readonly string[],
  index: FindingIndex,
): number {
  return (
    worst(idsA, index) - worst(idsB, index) ||
    idsB.length - idsA.length ||
    b.weight - a.weight ||
    (a.id < b.id ? -1 : 1)
  );
}

function worst(ids: readonly string[], index: FindingIndex): number {
  const found = ids.map((id) => index.get(id)).filter((finding): finding is Finding => finding !== undefined);
  return found.reduce((rank, { severity }) => Math.min(rank, severityRank(severity)), severityRank('info'));
}

function followers(seeds: readonly string[], edges: Edges, mayClaim: (id: string) => boolean): ReadonlySet<string> {
  const reached = new Set(seeds);
  for (const id of reached) for (const { to } of edges.get(id) ?? []) if (mayClaim(to)) reached.add(to);
  return reached;
}

/**
 * The edges of one cause. What another of its findings brings about hangs under that finding, so that the chain runs from
 * the quota over the refusal to the pod and its workload; only what nothing brings about hangs under the cause itself.
 */
function chainOf(
  { hypothesis, id }: Weighed,
  seeds: readonly string[],
  edges: Edges,
  isOwn: (id: string) => boolean,
): Pick<Owned, 'findings' | 'chain'> {
  const effects = new Map(hypothesis.effects.map((effect) => [effect.finding, effect]));
  const caused = new Set(seeds.flatMap((seed) => (edges.get(seed) ?? []).map(({ to }) => to)));
  const findings: string[] = [];
  const chain: ChainLink[] = [];
  const reached = new Set<string>();
  const begin = (seed: string): void => {
    if (reached.has(seed)) return;
    chain.push(directLink(id, seed, effects));
    reached.add(seed);
  };
  const walk = (from: string): void => {
    findings.push(from);
    for (const edge of edges.get(from) ?? []) {
      if (reached.has(edge.to)) continue;
      chain.push(edge);
      reached.add(edge.to);
      if (isOwn(edge.to)) queue.push(edge.to);
    }
  };
  const queue: string[] = [];
  // The second round is for rings, in which each finding is brought about by another.
  for (const round of [seeds.filter((seed) => !caused.has(seed)), seeds]) {
    for (const seed of round) {
      if (reached.has(seed)) continue;
      begin(seed);
      queue.push(seed);
    }
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) walk(next);
  }
  return { findings, chain };
}

function directLink(
  id: string,
  finding: string,
  effects: ReadonlyMap<string, Hypothesis['effects'][number]>,
): ChainLink {
  const effect = effects.get(finding);
  return { from: id, to: finding, relation: effect?.relation ?? '', evidence: effect?.evidence ?? [] };
}
