/** Each kind of simulated fault alone in a sound cluster, and what a diagnosis makes of it. */
import { createSimulatedReader, type SimulatedCluster } from '@aia/cluster';
import { describeKind, FAULT_KINDS, injectFault, type FaultKind, type Truth } from '@aia/cluster/faults';
import type { Assessment } from '@aia/contract';
import { assess } from '@aia/operations';
import { newScene } from '../../packages/cluster/src/simulated/faults/fault-scene.suite.ts';
import { OBSERVED_AFTER_MS } from '../diagnosis/simulated/contexts.ts';
import { judge } from '../diagnosis/score.ts';

/** One kind: what it says about itself, what is true about it where it was tried, and what was found. */
export interface MeasuredFault extends ReturnType<typeof describeKind> {
  readonly truth: Truth;
  readonly settlesMs: number;
  /** `null` where nothing helps. */
  readonly remedy: string | null;
  /** Where the true cause stands among those named above low; `null` where it is not named. */
  readonly rank: number | null;
  /** Share of true causes among those named down to the true one; 0 where it is not named. */
  readonly precision: number;
  /** What was named beside it. */
  readonly wrong: readonly string[];
}

/** Measures all kinds, or each so-manieth; with a seed of its own each. */
export async function measureAlone(every = 1): Promise<readonly MeasuredFault[]> {
  const measured: MeasuredFault[] = [];
  for (const kind of [...FAULT_KINDS.values()].filter((_, i) => i % every === 0)) measured.push(await measure(kind));
  return measured;
}

/** What is named in the same cluster without any fault, above low. */
export async function falseAlarms(): Promise<readonly string[]> {
  return judge({ name: 'sound', group: 'control', seed: 0, truths: [] }, await assessed(newScene())).wrong;
}

async function measure(kind: FaultKind): Promise<MeasuredFault> {
  const cluster = newScene();
  const { truth, settlesMs, remedy = null } = injectFault(cluster, kind, { seed: kind.name });
  cluster.clock.advance(Math.max(settlesMs, OBSERVED_AFTER_MS));
  const outcome = judge({ name: kind.name, group: 'single', seed: 0, truths: [truth] }, await assessed(cluster));
  const { precision, wrong, ranks } = outcome;
  return { ...describeKind(kind), truth, settlesMs, remedy, rank: ranks[0] ?? null, precision, wrong };
}

/** What `aia assess` says about a cluster now. */
export async function assessed(cluster: SimulatedCluster): Promise<Assessment> {
  return assess(await createSimulatedReader(cluster).observe(), { version: 'bench' });
}
