/** What strategies achieve against faults whose truth is known: observed, planned, carried out, judged by the oracle. */
import { createSimulatedReader } from '@aia/cluster';
import {
  createRandom,
  drawParameters,
  drawScenario,
  FAULT_KINDS,
  healthOf,
  injectFault,
  judge,
  NoTargetError,
  type Context,
  type FaultKind,
  type InjectedFault,
  type Shortfall,
  type Split,
} from '@aia/cluster/faults';
import { strategise } from '@aia/operations';
import { newScene, soundOf } from '../../packages/cluster/src/simulated/faults/fault-scene.suite.ts';
import { contextOfSeed, OBSERVED_AFTER_MS } from '../diagnosis/simulated/contexts.ts';
import { carryOut, type CarriedOut } from './carry-out.ts';

/** A cluster with faults whose truth is known. */
export interface Trial {
  readonly name: string;
  readonly cluster: Parameters<typeof judge>[0]['cluster'];
  readonly wanted: Parameters<typeof judge>[0]['wanted'];
  readonly faults: readonly InjectedFault[];
  readonly settlesMs: number;
}

/** What became of it. */
export interface TrialOutcome {
  readonly name: string;
  readonly faults: readonly string[];
  readonly isResolved: boolean;
  /** Faults whose cause is still there by their own account, or whose symptoms the oracle still sees. */
  readonly open: readonly string[];
  /** What is not as wanted at the end. */
  readonly shortfalls: readonly Shortfall[];
  /** What is not as wanted at the end, was when the first plan began, and would be had nothing been done. */
  readonly damage: readonly Shortfall[];
  readonly actions: number;
  readonly carriedOut: readonly CarriedOut[];
  /** Outcomes of the plans, one for each look at the cluster. */
  readonly plans: readonly string[];
}

/** How often the cluster is looked at and planned for. */
const LOOKS = 3;
/** From the last action to the judgement. */
const LASTS_MS = 15 * 60_000;

/** Runs one trial; `again` makes the same once more, left alone, to tell damage from what would have happened anyway. */
export async function runTrial(trial: Trial, again: () => Trial): Promise<TrialOutcome> {
  const { cluster, wanted, faults, name } = trial;
  cluster.clock.advance(Math.max(trial.settlesMs, OBSERVED_AFTER_MS));
  const before = healthOf(cluster, wanted).shortfalls;
  const startedAt = cluster.clock.now;
  const carriedOut: CarriedOut[] = [];
  const plans: string[] = [];
  for (let look = 0; look < LOOKS; look++) {
    const snapshot = await createSimulatedReader(cluster).observe();
    const { plan } = strategise(snapshot, { version: 'bench' });
    plans.push(plan.outcome);
    const results = plan.outcome === 'plan' ? carryOut(cluster, plan) : [];
    carriedOut.push(...results);
    if (!results.some(({ outcome }) => outcome === 'held' || outcome === 'failed')) break;
    cluster.clock.advance(60_000);
  }
  cluster.clock.advance(LASTS_MS);
  const { health, openFaults, isResolved } = judge({ cluster, wanted, faults });
  const fresh = health.shortfalls.filter(({ entity }) => !before.some((one) => one.entity === entity));
  const ranMs = cluster.clock.now - startedAt;
  cluster.stop();
  return {
    name,
    faults: faults.map(({ kind }) => kind),
    isResolved,
    open: openFaults.map(({ kind }) => kind),
    shortfalls: health.shortfalls,
    damage: fresh.length === 0 ? [] : beyond(fresh, again(), ranMs),
    actions: carriedOut.filter(({ outcome }) => outcome === 'held').length,
    carriedOut,
    plans,
  };
}

function beyond(
  fresh: readonly Shortfall[],
  { cluster, wanted, settlesMs }: Trial,
  ranMs: number,
): readonly Shortfall[] {
  cluster.clock.advance(Math.max(settlesMs, OBSERVED_AFTER_MS) + ranMs);
  const anyway = healthOf(cluster, wanted).shortfalls;
  cluster.stop();
  return fresh.filter(({ entity }) => !anyway.some((one) => one.entity === entity));
}

/** A drawn cluster with its faults; `faults` in place of those that the context draws. */
export function trialOfContext(context: Context, seed: string, split: Split, faults?: readonly string[]): Trial {
  const scenario = drawScenario(context, seed, split, faults === undefined ? {} : { faults });
  return { name: seed, ...scenario };
}

/** So many held-out clusters are tried until one has what the kind can befall. */
const TRIES = 4;

/**
 * One kind alone, with parameters from the held-out range, in a held-out cluster where one has what it can befall, else in the scene that all kinds
 * know.
 */
export function trialAlone(kind: FaultKind, round = 0): Trial {
  for (let i = 0; i < TRIES; i++) {
    const seed = `plan/${kind.name}/${round}/${i}`;
    try {
      const context = { ...contextOfSeed(seed, 'held-out'), noise: 0, fault_severity: 0.95 };
      return { ...trialOfContext(context, seed, 'held-out', [kind.name]), name: kind.name };
    } catch (error) {
      if (!(error instanceof NoTargetError)) throw error;
    }
  }
  const cluster = newScene();
  const wanted = soundOf(cluster);
  const random = createRandom(`plan/${kind.name}/${round}`);
  const parameters = drawParameters(kind, () => 0.8 + 0.2 * random.next());
  const fault = injectFault(cluster, kind, { seed: `${kind.name}/${round}`, parameters });
  return { name: kind.name, cluster, wanted, faults: [fault], settlesMs: fault.settlesMs };
}

/** All kinds by name, or those named. */
export function kindsNamed(names: readonly string[] = []): readonly FaultKind[] {
  return [...FAULT_KINDS.values()].filter(({ name }) => names.length === 0 || names.includes(name));
}
