/** `aia simulate run`. */
import { existsSync, readFileSync } from 'node:fs';
import {
  contextOf,
  createRandom,
  drawContext,
  NoTargetError,
  parseContext,
  type Context,
  type Split,
} from '@aia/cluster/faults';
import { faultKind } from '../../simulate/bring-faults.ts';
import { simulationRun } from '../../simulate/simulation-run.ts';
import { simulationRunText } from '../../simulate/simulation-run-text.ts';
import { UsageError } from '../exit.ts';
import { colours, terminal, wantsColour, widthOf } from '../terminal.ts';
import { asUsage } from './live-options.ts';

/** Options as the command line gives them. */
export interface SimulateRunArguments {
  readonly context?: string;
  readonly heldOut?: boolean;
  readonly seed: string;
  readonly faults?: string;
  /** Milliseconds. */
  readonly for: number;
  readonly format: 'text' | 'json';
  readonly color: 'auto' | 'always' | 'never';
}

/** Prints what comes of it. @throws UsageError for a context or a fault that there is not */
export async function runSimulation({
  context = '',
  heldOut,
  seed,
  faults,
  for: forMs,
  format,
  color,
}: SimulateRunArguments): Promise<void> {
  const split: Split = heldOut === true || context === 'held-out' ? 'held-out' : 'training';
  const kinds = faults
    ?.split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== '');
  kinds?.forEach(faultKind);
  const numbers = readContext(context, seed);
  const options = { split, forMs, ...(kinds === undefined ? {} : { faults: kinds }) };
  const report = await simulationRun(numbers, seed, options).catch(asUsageError);
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const place = terminal(false);
  const style = wantsColour(color, place) ? { style: colours() } : {};
  process.stdout.write(simulationRunText(report, { width: widthOf(place), ...style }));
}

/** Faults that there are not, or that find nothing to befall, are the caller's mistake. */
function asUsageError(error: unknown): never {
  if (error instanceof RangeError || error instanceof NoTargetError) throw new UsageError(error.message);
  throw error;
}

function readContext(given: string, seed: string): Context {
  if (given === 'training' || given === 'held-out') return drawContext(createRandom(`${seed}/context`), given);
  if (given.includes('=') || given === '') return asUsage(() => parseContext(given));
  if (existsSync(given)) return fromFile(given);
  throw new UsageError(
    `context "${given}": neither a file, nor numbers such as nodes=20, nor "training" or "held-out"`,
  );
}

function fromFile(path: string): Context {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`context ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`context ${path}: is not a JSON object of numbers`);
  return asUsage(() => contextOf(value as Partial<Context>));
}
