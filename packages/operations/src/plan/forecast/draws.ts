/** Draws from the distributions of a forecast. */
import type { Random } from '@aia/cluster';

/** Standard normal. Source: Box and Muller, 1958. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** Gamma of this shape and scale 1. Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta(alpha, beta), both above 0. */
export function drawBeta(alpha: number, beta: number, random: Random): number {
  const a = gamma(alpha, random);
  const b = gamma(beta, random);
  return a / (a + b);
}

/** Three points of a duration. */
export interface ThreePoints {
  readonly optimistic: number;
  readonly likely: number;
  readonly pessimistic: number;
}

/** Weight of the likely value. */
const PERT = 4;

/** Beta-PERT between the outer points. Source: Malcolm et al., "Application of a technique for research and development program evaluation", 1959. */
export function drawDuration({ optimistic, likely, pessimistic }: ThreePoints, random: Random): number {
  const width = pessimistic - optimistic;
  if (width <= 0) return likely;
  const alpha = 1 + (PERT * (likely - optimistic)) / width;
  const beta = 1 + (PERT * (pessimistic - likely)) / width;
  return optimistic + width * drawBeta(alpha, beta, random);
}

/** Log-odds, of a share that is kept from 0 and 1. */
export function logit(share: number): number {
  const kept = Math.min(0.999, Math.max(0.001, share));
  return Math.log(kept / (1 - kept));
}

/** The inverse of {@link logit}. */
export function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

/** Quantile of sorted values, by linear interpolation; NaN of none. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}
