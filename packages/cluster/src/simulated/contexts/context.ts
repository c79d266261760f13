/**
 * What parameterises a simulated cluster and what befalls it: a vector of numbers, each within bounds. A context and a seed draw a cluster, its
 * faults and its noise; what a learner trains in and what it is tested in are kept apart by their ranges.
 */
import type { Random } from '../clock/random.ts';

/** `held-out` contexts are for evaluation alone. */
export type Split = 'training' | 'held-out';

/** One number of the vector. */
export interface ContextDimension {
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly integer: boolean;
  /** What training draws from; what is within the bounds and outside of these is held out. Both ends belong to it. */
  readonly training: readonly [from: number, to: number];
}

export const CONTEXT_DIMENSIONS = {
  nodes: dimension('nodes when it begins', { bounds: [3, 1000], at: 6, training: [3, 40], integer: true }),
  load: dimension('share of what nodes offer that is requested', {
    bounds: [0.2, 0.95],
    at: 0.6,
    training: [0.3, 0.8],
  }),
  heterogeneity: dimension('how much workloads and machines differ', { bounds: [0, 1], at: 0.4, training: [0.1, 0.7] }),
  quota_tightness: dimension('share of quotas that is used', { bounds: [0.1, 1], at: 0.5, training: [0.3, 0.9] }),
  fault_count: dimension('faults', { bounds: [0, 6], at: 1, training: [0, 3], integer: true }),
  fault_mix: dimension('from faults of workloads (0) to those of cloud and nodes (1)', {
    ...{ bounds: [0, 1] as const, at: 0.4, training: [0.1, 0.8] as const },
  }),
  noise: dimension('harmless warnings, restarts and churn', { bounds: [0, 1], at: 0.2, training: [0, 0.6] }),
  outcome_noise: dimension('how much slower and less certain actions are than planned', {
    ...{ bounds: [0, 1] as const, at: 0.2, training: [0, 0.6] as const },
  }),
  performance_target: dimension('share of wanted workloads that must succeed for an episode to count as solved', {
    ...{ bounds: [0.5, 1] as const, at: 0.95, training: [0.8, 1] as const },
  }),
} as const satisfies Readonly<Record<string, ContextDimension>>;

/** A value for each dimension. */
export type Context = { readonly [Name in keyof typeof CONTEXT_DIMENSIONS]: number };

/** A context drawn uniformly: training from its ranges, held-out with at least one dimension outside of them. */
export function drawContext(random: Random, split: Split): Context {
  const names = Object.keys(CONTEXT_DIMENSIONS) as (keyof Context)[];
  const outside = names.filter((name) => hasOutside(CONTEXT_DIMENSIONS[name]));
  const held = split === 'held-out' ? outside[Math.floor(random.next() * outside.length)] : undefined;
  const values = names.map((name): [string, number] => [
    name,
    name === held
      ? drawOutside(CONTEXT_DIMENSIONS[name], random)
      : drawWithin(CONTEXT_DIMENSIONS[name], CONTEXT_DIMENSIONS[name].training, random),
  ]);
  return Object.fromEntries(values) as Context;
}

function dimension(
  summary: string,
  given: {
    readonly bounds: readonly [number, number];
    readonly at: number;
    readonly training: readonly [number, number];
    readonly integer?: boolean;
  },
): ContextDimension {
  const { bounds, at, training, integer = false } = given;
  return { summary, min: bounds[0], max: bounds[1], default: at, integer, training };
}

function hasOutside({ min, max, training: [from, to] }: ContextDimension): boolean {
  return from > min || to < max;
}

function drawWithin({ integer }: ContextDimension, [from, to]: readonly [number, number], random: Random): number {
  const share = random.next();
  return integer ? from + Math.floor(share * (to - from + 1)) : from + share * (to - from);
}

/** Below or above what training draws from, in proportion to the room there. */
function drawOutside(one: ContextDimension, random: Random): number {
  const {
    min,
    max,
    training: [from, to],
    integer,
  } = one;
  const below = from - min;
  const share = random.next() * (below + max - to);
  if (!integer) return share < below ? min + share : to + (share - below);
  return share < below ? min + Math.floor(share) : to + 1 + Math.floor(share - below);
}
