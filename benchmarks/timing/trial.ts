/** Times one operation on two classes of input that an attacker would tell apart if the operation leaked. */
import { randomFrom } from '../random.ts';
import { largestT } from './welch.ts';

/** Which input: what is wrong shows at once, or only at the end. */
export type InputClass = 'early' | 'late';

/** What is timed. */
export interface Trial {
  readonly name: string;
  /** Operations that are timed as one, since a clock is coarser than one comparison. */
  readonly batch: number;
  /** Puts an input of the class where {@link run} finds it, in the same memory and by the same steps for both classes. Not timed. */
  readonly prepare: (input: InputClass, random: () => number) => void;
  /** One operation; what it returns keeps the compiler from leaving it out. */
  readonly run: () => boolean;
}

/** How long is measured. */
export interface Effort {
  /** Timed batches of each attempt, both classes together. */
  readonly measurements: number;
  readonly seed: number;
}

/** Kept where the compiler cannot know that nobody reads it. */
export const seen = { count: 0 };

/** From here on a |t| is taken for a leak, as dudect takes it. */
export const LEAK = 10;

/**
 * |t| of one attempt. Classes follow each other in random order, so that whatever else the machine does falls on both alike.
 */
export function leakage({ batch, prepare, run }: Trial, { measurements, seed }: Effort): number {
  const random = randomFrom(seed);
  const classes: Record<InputClass, number[]> = { early: [], late: [] };
  const warmUp = Math.ceil(measurements / 10);
  for (let i = -warmUp; i < measurements; i++) {
    const input: InputClass = random() < 0.5 ? 'early' : 'late';
    prepare(input, random);
    const start = performance.now();
    for (let k = 0; k < batch; k++) if (run()) seen.count++;
    const took = performance.now() - start;
    if (i >= 0) classes[input].push(took);
  }
  return largestT(Float64Array.from(classes.early), Float64Array.from(classes.late));
}

/** |t| of a control, and of what is examined beside it. */
export interface Comparison {
  /** The smallest of all attempts: it has to be caught in each. */
  readonly control: number;
  /** Of the attempt that speaks best for it. */
  readonly subject: number;
}

/**
 * Control and subject in turn, up to so many attempts: a leak grows with every measurement and shows in each attempt, a disturbance of the machine does not. Ends as
 * soon as the subject shows none.
 */
export function compare(control: Trial, subject: Trial, attempts: number, effort: Effort): Comparison {
  const controls: number[] = [];
  const subjects: number[] = [];
  do {
    const once = { ...effort, seed: effort.seed + subjects.length };
    controls.push(leakage(control, once));
    subjects.push(leakage(subject, once));
  } while (subjects.length < attempts && Math.min(...subjects) > LEAK);
  return { control: Math.min(...controls), subject: Math.min(...subjects) };
}
