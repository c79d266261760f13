/**
 * Whether two samples of times come from the same distribution, as dudect asks it: Welch's t-test over everything and over what is left when the slowest
 * are cropped at falling percentiles, since interruptions hide a leak in the long tail. Source: Reparaz, Balasch, Verbauwhede, "Dude, is my code constant
 * time?", DATE 2017.
 */

/** How many thresholds are tried; they approach the fastest measurements exponentially, as dudect's do. */
const CROPS = 50;
/** Fewer measurements of a class say nothing. */
const LEAST = 100;

/** Count, mean and sum of squared deviations, in one pass (Welford). */
class Moments {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.#squares += delta * (value - this.mean);
  }

  get variance(): number {
    return this.#squares / (this.count - 1);
  }
}

/** t of two samples; 0 where one is too small. Positive where the first takes longer. */
export function welch(first: Iterable<number>, second: Iterable<number>): number {
  const [a, b] = [new Moments(), new Moments()];
  for (const value of first) a.add(value);
  for (const value of second) b.add(value);
  if (a.count < LEAST || b.count < LEAST) return 0;
  const spread = Math.sqrt(a.variance / a.count + b.variance / b.count);
  const difference = a.mean - b.mean;
  // Equal times without any spread are equal; different ones are as far apart as can be.
  return spread === 0 ? (difference === 0 ? 0 : Math.sign(difference) * Infinity) : difference / spread;
}

/** The largest |t| over all crops. Both classes are cropped at the same times. */
export function largestT(first: Float64Array, second: Float64Array): number {
  const pooled = Float64Array.from([...first, ...second]).sort();
  let largest = Math.abs(welch(first, second));
  for (let crop = 1; crop <= CROPS; crop++) {
    const most = pooled[Math.floor((1 - 0.5 ** ((10 * crop) / CROPS)) * (pooled.length - 1))] as number;
    const below = (value: number) => value <= most;
    largest = Math.max(largest, Math.abs(welch(first.filter(below), second.filter(below))));
  }
  return largest;
}
