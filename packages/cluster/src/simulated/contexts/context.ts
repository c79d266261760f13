/**
 * What parameterises a simulated cluster and what befalls it: a vector of numbers, each within bounds. A context and a seed draw a cluster, its
 * faults and its noise; what a learner trains in and what it is tested in are kept apart by their ranges.
 */
import { nearest } from '../near-miss.ts';
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
  zones: dimension('zones that its nodes are in', { bounds: [1, 3], at: 3, training: [2, 3], integer: true }),
  namespaces: dimension('namespaces of teams', { bounds: [1, 40], at: 4, training: [2, 12], integer: true }),
  stateful_share: dimension('share of workloads that keep data', { bounds: [0, 0.6], at: 0.15, training: [0.05, 0.4] }),
  exposure: dimension('share of workloads that the outside reaches', { bounds: [0, 1], at: 0.3, training: [0.1, 0.7] }),
  autoscaled_share: dimension('share of Deployments that an autoscaler scales', {
    ...{ bounds: [0, 1] as const, at: 0.2, training: [0, 0.6] as const },
  }),
  autoscaling_headroom: dimension('how far node pools may grow, as a share of the nodes that there are', {
    ...{ bounds: [0, 2] as const, at: 0.5, training: [0.2, 1.5] as const },
  }),
  traffic_variation: dimension('how far use rises and falls around its mean over a day', {
    ...{ bounds: [0, 1] as const, at: 0.3, training: [0, 0.7] as const },
  }),
  utilisation: dimension('share of the requests that is used on average', {
    ...{ bounds: [0.2, 0.9] as const, at: 0.65, training: [0.35, 0.8] as const },
  }),
  quota_tightness: dimension('share of the quotas of the cloud that is used', {
    ...{ bounds: [0.1, 0.95] as const, at: 0.5, training: [0.3, 0.75] as const },
  }),
  namespace_quota: dimension('share of the namespaces whose resources are capped', {
    ...{ bounds: [0, 1] as const, at: 0.4, training: [0.1, 0.8] as const },
  }),
  disruption_budgets: dimension('share of workloads of several pods that a budget protects', {
    ...{ bounds: [0, 1] as const, at: 0.5, training: [0.1, 0.9] as const },
  }),
  fault_count: dimension('faults', { bounds: [0, 6], at: 1, training: [0, 3], integer: true }),
  fault_mix: dimension('from faults of workloads (0) to those of cloud and nodes (1)', {
    ...{ bounds: [0, 1] as const, at: 0.4, training: [0.1, 0.8] as const },
  }),
  fault_severity: dimension('where in their ranges the parameters of faults lie', {
    ...{ bounds: [0, 1] as const, at: 0.5, training: [0, 0.8] as const },
  }),
  noise: dimension('harmless warnings, restarts and churn', { bounds: [0, 1], at: 0.2, training: [0, 0.6] }),
  outcome_noise: dimension('how much slower and less certain actions are than planned', {
    ...{ bounds: [0, 1] as const, at: 0.2, training: [0, 0.6] as const },
  }),
  performance_target: dimension('share of what is wanted that must succeed for an episode to count as solved', {
    ...{ bounds: [0.5, 1] as const, at: 0.95, training: [0.8, 1] as const },
  }),
} as const satisfies Readonly<Record<string, ContextDimension>>;

/** Names of the numbers, in the order of the vector. */
export const CONTEXT_NAMES = Object.keys(CONTEXT_DIMENSIONS) as readonly (keyof Context)[];

/** A value for each dimension. */
export type Context = { readonly [Name in keyof typeof CONTEXT_DIMENSIONS]: number };

/**
 * Values given by a person laid over the defaults.
 * @throws RangeError naming the dimension, its value and its bounds
 */
export function contextOf(given: Partial<Context> = {}): Context {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(CONTEXT_DIMENSIONS, name));
  if (unknown !== undefined)
    throw new RangeError(`context: there is no dimension "${unknown}"${nearest(unknown, CONTEXT_NAMES)}`);
  const values = CONTEXT_NAMES.map((name) => [name, within(name, given[name] ?? CONTEXT_DIMENSIONS[name].default)]);
  return Object.fromEntries(values) as Context;
}

function within(name: keyof Context, value: number): number {
  const { min, max, integer } = CONTEXT_DIMENSIONS[name];
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  throw new RangeError(
    `${name}: ${JSON.stringify(value)} is not a ${integer ? 'whole ' : ''}number from ${min} to ${max}`,
  );
}

/**
 * Reads `nodes=20,load=0.7`; what is not named is as by default, and nothing at all is the default context.
 * @throws RangeError naming the dimension, its value and its bounds
 */
export function parseContext(text: string): Context {
  const given: Record<string, number> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = (at < 0 ? part : part.slice(0, at)).trim();
    const value = at < 0 ? '' : part.slice(at + 1).trim();
    if (Object.hasOwn(given, name)) throw new RangeError(`${name}: is given twice`);
    if (Object.hasOwn(CONTEXT_DIMENSIONS, name) && (value === '' || Number.isNaN(Number(value))))
      throw new RangeError(`${name}: "${value}" is not a number from ${boundsOf(name as keyof Context)}`);
    given[name] = Number(value);
  }
  return contextOf(given);
}

function boundsOf(name: keyof Context): string {
  const { min, max } = CONTEXT_DIMENSIONS[name];
  return `${min} to ${max}`;
}

/** A context drawn uniformly: training from its ranges, held-out with at least one dimension outside of them. */
export function drawContext(random: Random, split: Split): Context {
  const names = CONTEXT_NAMES;
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
