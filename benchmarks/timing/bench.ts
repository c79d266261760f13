/**
 * Whether comparing secrets leaks through time, against a comparison that is known to leak, in the same run. A |t| above 10 is taken for a leak by dudect;
 * since machines are shared here, the control has to stand out from what is examined as well.
 */
import { equalBytes } from '../../packages/identity/src/encoding/equal.ts';
import { provider as noble } from '../../packages/identity/src/provider/noble.ts';
import { provider as node } from '../../packages/identity/src/provider/node.ts';
import { figure, type Figure, type Size } from '../figure.ts';
import { compare, leakage, type Trial } from './trial.ts';
import { comparing, decapsulating, leakyEqual, opening, slightlyLeakyEqual } from './trials.ts';

/** How far the control must stand out. */
const WANTED = 5;
const ATTEMPTS = 4;
const LEAK = 10;

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

/** Runs it; full takes about half a minute. */
export function run(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const measurements = size === 'full' ? 200_000 : 20_000;
  const figures = EXAMINED.flatMap(({ trial, divisor }) => {
    progress(trial.name);
    const control = comparing('comparison that ends early', leakyEqual, 32);
    const effort = { measurements: Math.max(1000, Math.floor(measurements / divisor)), seed: 1 };
    const found = compare(control, trial, { wanted: WANTED, attempts: ATTEMPTS, effort });
    return [
      figure(`|t| of ${trial.name}`, found.subject, '', { max: LEAK }),
      figure(`|t| of the leaky control ÷ ${trial.name}`, found.ratio, '×', { min: WANTED }),
    ];
  });
  const slight = leakage(comparing('slight', slightlyLeakyEqual, 32), { measurements, seed: 1 });
  return Promise.resolve([...figures, figure('|t| of a comparison that leaks slightly', slight, '', { min: LEAK })]);
}
