/** Drawn clusters with one to three faults and noise, judged by the truth that stands with each fault. */
import { createSimulatedReader, type ClusterSnapshot } from '@aia/cluster';
import {
  CONTEXT_DIMENSIONS,
  CONTEXT_NAMES,
  createRandom,
  drawContext,
  drawScenario,
  FAULT_KINDS,
  type Context,
  type InjectedFault,
  type Split,
} from '@aia/cluster/faults';
import { assess } from '@aia/operations';
import type { Truth } from '../fault.ts';
import { judge, type Outcome } from '../score.ts';
import { symptomsOf } from './symptoms.ts';

/** How large the drawn clusters are, so that many fit into the time of a benchmark; everything else is drawn as anywhere. */
export const SIZES = { nodes: [3, 10], fault_count: [1, 3], namespaces: [1, 8] } as const;

/** Nobody looks sooner, and what takes long by design, such as a rollout's deadline of ten minutes, is over by then. */
export const OBSERVED_AFTER_MS = 900_000;

/** A fault of a context, and what became of it. */
export interface JudgedFault {
  readonly kind: string;
  readonly family: string;
  readonly truth: Truth;
  /** Where its true cause stands among those named; `undefined` where it is not named. */
  readonly rank: number | undefined;
  /** The cluster shows nothing of it: it looks the same without it. */
  readonly isHidden: boolean;
  /** Causes named at what the truth names, of a class that is not true. */
  readonly named: readonly string[];
}

/** One context. */
export interface JudgedContext {
  readonly seed: string;
  readonly split: Split;
  readonly context: Context;
  readonly faults: readonly JudgedFault[];
  readonly outcome: Outcome;
}

/** A context of a split, within {@link SIZES}; a held-out one lies outside of training in a dimension that is left free. */
export function contextOfSeed(seed: string, split: Split): Context {
  const random = createRandom(seed).fork('context');
  for (;;) {
    const drawn = drawContext(random, split);
    if (split === 'held-out' && !isHeldOut(drawn)) continue;
    const bounded = Object.entries(SIZES).map(([name, [from, to]]) => [name, drawInteger(random, from, to)]);
    return { ...drawn, ...(Object.fromEntries(bounded) as Partial<Context>) };
  }
}

function isHeldOut(context: Context): boolean {
  return CONTEXT_NAMES.some((name) => {
    const [from, to] = CONTEXT_DIMENSIONS[name].training;
    return !Object.hasOwn(SIZES, name) && (context[name] < from || context[name] > to);
  });
}

function drawInteger(random: { next(): number }, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1));
}

/** Draws, waits, observes, assesses and judges; the same seed gives the same. `undefined` where nothing could be brought about. */
export async function judgeContext(seed: string, split: Split): Promise<JudgedContext | undefined> {
  const place = { context: contextOfSeed(seed, split), seed, split };
  const seen = await observed(place);
  const { faults, snapshot } = seen;
  if (faults.length === 0) return undefined;
  const assessment = assess(snapshot, { version: 'bench' });
  const name = faults.map(({ kind }) => kind).join(' + ');
  const judged = (truths: readonly Truth[]) => judge({ name, group: 'several', seed: 0, truths }, assessment);
  const isHidden = await hiddenAmong(judged(faults.map(({ truth }) => truth)).ranks, place, seen);
  const truths = faults.map(({ truth }, i): Truth => ({ ...truth, isHidden: isHidden[i] === true }));
  const outcome = judged(truths);
  return {
    ...place,
    outcome,
    faults: faults.map((fault, i) => judgedFault(fault, truths[i] ?? fault.truth, i, outcome)),
  };
}

function judgedFault(
  { kind, truth }: InjectedFault,
  { isHidden = false }: Truth,
  i: number,
  outcome: Outcome,
): JudgedFault {
  const { entities } = truth;
  return {
    ...{ kind, truth, isHidden, rank: outcome.ranks[i] },
    family: FAULT_KINDS.get(kind)?.family ?? '',
    named: outcome.wrong.filter((text) => entities.some((entity) => text.includes(` at ${entity} `))),
  };
}

interface Place {
  readonly context: Context;
  readonly seed: string;
  readonly split: Split;
}

interface Seen {
  readonly faults: readonly InjectedFault[];
  readonly snapshot: ClusterSnapshot;
  /** Whether the cause of each is still seen where workloads need not show it: a quota without room. */
  readonly isOpen: readonly boolean[];
}

/** `kept`: whether a fault stays; others are repaired as soon as all are brought about, so that nothing else is drawn otherwise. */
async function observed({ context, seed, split }: Place, kept: (i: number) => boolean = () => true): Promise<Seen> {
  const { cluster, faults, settlesMs } = drawScenario(context, seed, split);
  faults.forEach((fault, i) => (kept(i) ? undefined : fault.repair?.(cluster)));
  cluster.clock.advance(Math.max(settlesMs, OBSERVED_AFTER_MS));
  const snapshot = await createSimulatedReader(cluster).observe();
  const isOpen = faults.map((fault) => fault.isGone?.(cluster) === false);
  cluster.stop();
  return { faults, snapshot, isOpen };
}

/**
 * Which of the causes that were not named cannot be seen, by the cluster alone: of what such a fault alone brings about, nothing shows beside the
 * others. What nothing repairs, and what is seen outside of workloads, is never hidden.
 */
async function hiddenAmong(
  ranks: readonly (number | undefined)[],
  place: Place,
  { faults, snapshot, isOpen }: Seen,
): Promise<readonly boolean[]> {
  const isAsked = faults.map(({ repair }, i) => ranks[i] === undefined && repair !== undefined && isOpen[i] !== true);
  if (faults.length < 2 || !isAsked.includes(true)) return isAsked.map(() => false);
  const shown = symptomsOf(snapshot);
  const before = symptomsOf((await observed(place, () => false)).snapshot);
  const hidden: boolean[] = [];
  for (const [i, asked] of isAsked.entries()) {
    const alone = asked ? symptomsOf((await observed(place, (other) => other === i)).snapshot) : before;
    const own = [...alone].filter((line) => !before.has(line));
    hidden.push(own.length > 0 && !own.some((line) => shown.has(line)));
  }
  return hidden;
}
