/** One run in one context under one seed: a cluster, what befalls it, what somebody does about it, and how well it is then. */
import type { ClusterReader } from '../../reader.ts';
import type { ClusterWriter } from '../../writer.ts';
import type { InjectedFault } from '../faults/inject.ts';
import { judge, type Judgement } from '../oracle/judgement.ts';
import type { WorkloadHealth } from '../oracle/health.ts';
import { healthOf } from '../oracle/oracle.ts';
import { createSimulatedReader } from '../simulated-reader.ts';
import { createSimulatedWriter } from '../simulated-writer.ts';
import type { Context, Split } from './context.ts';
import { countingWriter } from './counting-writer.ts';
import { drawScenario, type Scenario, type ScenarioOptions } from './scenario.ts';

/** What an actor is given. */
export interface EpisodeView {
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly context: Context;
  /** Milliseconds of virtual time that are left. */
  readonly leftMs: number;
  /** Lets virtual time pass; what is beyond the end of the episode does not pass. */
  wait(durationMs: number): void;
}

/** Whoever acts upon a cluster: diagnoses, plans, writes, waits. */
export type Actor = (view: EpisodeView) => Promise<void> | void;

/** How to run one. */
export interface EpisodeOptions extends ScenarioOptions {
  /** Default nobody: the cluster is left to itself. */
  readonly actor?: Actor;
  readonly split?: Split;
  /** Virtual time from when the faults have settled to the judgement. Default 30 min. */
  readonly durationMs?: number;
}

/** What came of it. */
export interface Episode extends Judgement {
  readonly context: Context;
  readonly seed: string;
  readonly split: Split;
  /** What befell it, with the truth about each. */
  readonly faults: readonly InjectedFault[];
  /** Before anything went wrong, and when the actor began. */
  readonly healthBefore: WorkloadHealth;
  readonly healthAtStart: WorkloadHealth;
  /** Enough of what is wanted succeeds, by the context's `performance_target`, and no cause is left. */
  readonly isSolved: boolean;
  /** Virtual time that the actor used. */
  readonly usedMs: number;
  /** Requests that changed something, or tried to. */
  readonly actions: number;
}

const DURATION_MS = 30 * 60_000;

/**
 * Runs an episode. The same context, seed and actor give the same outcome. The cluster is stopped at the end and held by nobody.
 * @throws what the actor throws, after the cluster was stopped
 */
export async function runEpisode(context: Context, seed: string, options: EpisodeOptions = {}): Promise<Episode> {
  const { actor, split = 'training', durationMs = DURATION_MS } = options;
  const scenario = drawScenario(context, seed, split, options);
  const { cluster, wanted, healthBefore, faults } = scenario;
  try {
    cluster.clock.advance(scenario.settlesMs);
    const healthAtStart = healthOf(cluster, wanted);
    const startAt = cluster.clock.now;
    const endAt = startAt + durationMs;
    const counted = countingWriter(createSimulatedWriter(cluster, scenario.outcomes));
    if (actor !== undefined) await actor(viewOf(scenario, counted.writer, endAt));
    const usedMs = actor === undefined ? 0 : cluster.clock.now - startAt;
    cluster.clock.advanceTo(endAt);
    const judgement = judge(scenario);
    const outcome = { ...judgement, isSolved: isSolved(judgement, context), usedMs, actions: counted.count };
    return { context, seed, split, faults, healthBefore, healthAtStart, ...outcome };
  } finally {
    cluster.stop();
  }
}

function isSolved({ health, openFaults }: Judgement, { performance_target: target }: Context): boolean {
  return health.share >= target && openFaults.length === 0;
}

function viewOf({ cluster, context }: Scenario, writer: ClusterWriter, endAt: number): EpisodeView {
  const { clock } = cluster;
  return {
    reader: createSimulatedReader(cluster),
    writer,
    context,
    get leftMs() {
      return Math.max(0, endAt - clock.now);
    },
    wait: (durationMs) => clock.advanceTo(Math.min(endAt, clock.now + Math.max(0, durationMs))),
  };
}
