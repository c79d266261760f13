/**
 * Whether comparing secrets leaks through time, against comparisons that are known to leak and have to be caught in the same run. Limits: each pair of classes is one
 * question (where a guess is wrong, whether a ciphertext is rejected), not all that time may tell; what is finer than the leaks on purpose may not show, least
 * so beside operations that take long (noble's decapsulation) and on a loaded machine; nothing is said of caches, of branch prediction, of other engines.
 */
import { equalBytes } from '../../packages/identity/src/encoding/equal.ts';
import { provider as noble } from '../../packages/identity/src/provider/noble.ts';
import { provider as node } from '../../packages/identity/src/provider/node.ts';
import { figure, type Figure, type Size } from '../figure.ts';
import { compare, LEAK, leakage, type Trial } from './trial.ts';
import { comparing, decapsulating, leakyDecapsulating, leakyEqual, opening, slightlyLeakyEqual } from './trials.ts';

const ATTEMPTS = 4;

interface Examined {
  readonly trial: Trial;
  /** What one measurement costs beside a comparison, which is why there are fewer. */
  readonly divisor: number;
}

const EXAMINED: readonly Examined[] = [
  { trial: comparing('equalBytes, 16 bytes', equalBytes, 16), divisor: 1 },
  { trial: comparing('equalBytes, 32 bytes', equalBytes, 32), divisor: 1 },
  { trial: comparing('equalBytes, 3373 bytes', equalBytes, 3373, 2), divisor: 2 },
  { trial: opening(node, 'chaCha20Poly1305'), divisor: 8 },
  { trial: opening(node, 'aes256Gcm'), divisor: 8 },
  { trial: opening(noble, 'chaCha20Poly1305'), divisor: 8 },
  { trial: opening(noble, 'aes256Gcm'), divisor: 16 },
  { trial: decapsulating(node), divisor: 32 },
  { trial: decapsulating(noble), divisor: 100 },
];

/** Leaks on purpose that have to be caught in each run: one that is fine, and one beside much that takes time. */
const CAUGHT: readonly Examined[] = [
  { trial: comparing('a comparison that leaks slightly', slightlyLeakyEqual, 32), divisor: 1 },
  { trial: leakyDecapsulating(node), divisor: 32 },
];

/** Runs it; full takes about half a minute. */
export function run(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const effortOf = ({ divisor }: Examined) => ({
    measurements: Math.max(1000, Math.floor((size === 'full' ? 200_000 : 20_000) / divisor)),
    seed: 1,
  });
  const control = comparing('comparison that ends early', leakyEqual, 32);
  const controls: number[] = [];
  const figures = EXAMINED.map((examined) => {
    const { name } = examined.trial;
    progress(name);
    const found = compare(control, examined.trial, ATTEMPTS, effortOf(examined));
    controls.push(found.control);
    return figure(`|t| of ${name}`, found.subject, '', { max: LEAK });
  });
  const caught = CAUGHT.map((known) =>
    figure(`|t| of ${known.trial.name}`, leakage(known.trial, effortOf(known)), '', { min: LEAK }),
  );
  const least = figure('|t| of the comparison that ends early, the smallest of all runs', Math.min(...controls), '', {
    min: LEAK,
  });
  return Promise.resolve([...figures, least, ...caught]);
}
