/** What strategies achieve against faults whose truth is known: observed, planned, carried out, judged by the oracle. */
import { createSimulatedReader, createSimulatedWriter, type ClusterWriter } from '@aia/cluster';
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
import { assess, strategise, type OutcomePriors } from '@aia/operations';
import { newScene, soundOf } from '../../packages/cluster/src/simulated/faults/fault-scene.suite.ts';
import { contextOfSeed, OBSERVED_AFTER_MS } from '../diagnosis/simulated/contexts.ts';
import { carryOut, type CarriedOut } from './carry-out.ts';
import { forecastTrial, type ForecastTrial } from './forecast-trial.ts';

/** A cluster with faults whose truth is known. */
export interface Trial {
  readonly name: string;
  readonly cluster: Parameters<typeof judge>[0]['cluster'];
  readonly wanted: Parameters<typeof judge>[0]['wanted'];
  readonly faults: readonly InjectedFault[];
  readonly settlesMs: number;
  readonly writer: ClusterWriter;
}

/** What became of it. */
export interface TrialOutcome {
  readonly name: string;
  readonly faults: readonly string[];
  readonly isResolved: boolean;
  /** Whether anything was to be resolved when the first plan began. */
  readonly wasOpen: boolean;
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
  /** Of the first plan; `undefined` where it had nothing to reach. */
  readonly forecast: ForecastTrial | undefined;
}

/** How often the cluster is looked at and planned for. */
const LOOKS = 3;
/** From the last action of a plan to the next look. */
const SETTLES_MS = 5 * 60_000;
/** From the last action to the judgement. */
const LASTS_MS = 15 * 60_000;
/** To the second judgement of what is not resolved at the first one. */
const AGAIN_MS = 3 * 60_000;

/** Runs one trial; `again` makes the same once more, left alone, to tell damage from what would have happened anyway. */
export async function runTrial(given: Trial, again: () => Trial, outcomes: OutcomePriors): Promise<TrialOutcome> {
  given.cluster.clock.advance(Math.max(given.settlesMs, OBSERVED_AFTER_MS));
  const trial = { ...given, wanted: asBounded(given) };
  const { cluster, faults, name } = trial;
  const atStart = judge(trial);
  const startedAt = cluster.clock.now;
  const acted = await act(trial, outcomes);
  cluster.clock.advance(LASTS_MS);
  const { health, openFaults, isResolved } = lastingly(asReplaced(trial, acted.carriedOut));
  const before = new Set(atStart.health.shortfalls.map(({ entity }) => entity));
  const fresh = health.shortfalls.filter(({ entity }) => !before.has(entity));
  const ranMs = cluster.clock.now - startedAt;
  cluster.stop();
  return {
    ...{ name, isResolved, wasOpen: !atStart.isResolved },
    faults: faults.map(({ kind }) => kind),
    open: openFaults.map(({ kind }) => kind),
    shortfalls: health.shortfalls,
    damage: fresh.length === 0 ? [] : beyond(fresh, again(), ranMs),
    actions: acted.carriedOut.filter(({ outcome }) => outcome === 'held').length,
    ...acted,
  };
}

/**
 * What is wrong is looked at once more, and counts where it is wrong both times: machines that an autoscaler takes away leave pods behind that are not
 * ready until they are gone.
 */
function lastingly(trial: Trial): ReturnType<typeof judge> {
  const first = judge(trial);
  if (first.isResolved) return first;
  trial.cluster.clock.advance(AGAIN_MS);
  const second = judge(trial);
  const before = new Set(first.health.shortfalls.map(({ entity }) => entity));
  const shortfalls = second.health.shortfalls.filter(({ entity }) => before.has(entity));
  const isResolved = shortfalls.length === 0 && second.openFaults.length === 0;
  return { ...second, isResolved, health: { ...second.health, shortfalls } };
}

/** Pools are wanted at the least size that their bounds have when the first plan begins: a plan need not take back what somebody has lowered before. */
function asBounded({ cluster, wanted }: Trial): Trial['wanted'] {
  const least = new Map(
    (cluster.cloud?.pools ?? []).map(({ name, autoscaling }) => [
      `NodePool ${name}`,
      Math.max(1, autoscaling?.minNodes ?? 1),
    ]),
  );
  return wanted.map((one) => ({ ...one, replicas: Math.min(one.replicas, least.get(one.entity) ?? one.replicas) }));
}

/** A pool in whose place a plan has put another is wanted by the name of that one; what ran on it is judged by itself. */
function asReplaced(trial: Trial, carriedOut: readonly CarriedOut[]): Trial {
  const names = new Map(carriedOut.flatMap(({ action, outcome }) => (outcome === 'held' ? replacedBy(action) : [])));
  const renamed = (one: Trial['wanted'][number]) => {
    const name = names.get(one.entity);
    return name === undefined ? one : { ...one, entity: `NodePool ${name}`, replicas: 1 };
  };
  return { ...trial, wanted: trial.wanted.map(renamed) };
}

function replacedBy({ steps, probe }: CarriedOut['action']): readonly (readonly [string, string])[] {
  const [gone] = steps.flatMap(({ change }) =>
    change.kind === 'cloud' && change.call.operation === 'delete-node-pool' ? [change.call.pool] : [],
  );
  const made = probe.conditions.flatMap((one) => (one.kind === 'pool-size' && one.pool !== gone ? [one.pool] : []))[0];
  return gone === undefined || made === undefined ? [] : [[`NodePool ${gone}`, made]];
}

/** Looks, plans and carries out; a look that finds nothing to do is not the last one, since what hid behind another may take minutes to show. */
async function act(
  { cluster, writer }: Trial,
  outcomes: OutcomePriors,
): Promise<Pick<TrialOutcome, 'carriedOut' | 'plans' | 'forecast'>> {
  const carriedOut: CarriedOut[] = [];
  const plans: string[] = [];
  let forecast: ForecastTrial | undefined;
  for (let look = 0; look < LOOKS; look++) {
    const strategy = strategise(await createSimulatedReader(cluster).observe(), { version: 'bench' });
    plans.push(strategy.plan.outcome);
    const results = strategy.plan.outcome === 'plan' ? await carryOut({ cluster, writer }, strategy.plan) : [];
    carriedOut.push(...results);
    cluster.clock.advance(SETTLES_MS);
    if (look > 0 || !results.some(({ outcome }) => outcome === 'held' || outcome === 'failed')) continue;
    const after = assess(await createSimulatedReader(cluster).observe(), { version: 'bench' });
    forecast = forecastTrial(strategy, results, after, outcomes);
  }
  return { carriedOut, plans, forecast };
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
  return { name: seed, writer: createSimulatedWriter(scenario.cluster, scenario.outcomes), ...scenario };
}

/** So many clusters are tried until one has what the kind can befall. */
const TRIES = 4;
/** Where in their ranges parameters lie. */
const SEVERITY = { training: 0.5, 'held-out': 0.95 } as const;

/**
 * One kind alone, with parameters from the range of the split, in a drawn cluster where one has what it can befall, else in the scene that all kinds
 * know.
 */
export function trialAlone(kind: FaultKind, split: Split, round = 0): Trial {
  for (let i = 0; i < TRIES; i++) {
    const seed = `plan/${split}/${kind.name}/${round}/${i}`;
    try {
      const context = { ...contextOfSeed(seed, split), noise: 0, fault_severity: SEVERITY[split] };
      return { ...trialOfContext(context, seed, split, [kind.name]), name: kind.name };
    } catch (error) {
      if (!(error instanceof NoTargetError)) throw error;
    }
  }
  const cluster = newScene();
  const wanted = soundOf(cluster);
  const random = createRandom(`plan/${split}/${kind.name}/${round}`);
  const parameters = drawParameters(kind, () => SEVERITY[split] * (0.9 + 0.1 * random.next()));
  const fault = injectFault(cluster, kind, { seed: `${kind.name}/${round}`, parameters });
  const writer = createSimulatedWriter(cluster);
  return { name: kind.name, cluster, wanted, writer, faults: [fault], settlesMs: fault.settlesMs };
}

/** All kinds by name, or those named. */
export function kindsNamed(names: readonly string[] = []): readonly FaultKind[] {
  return [...FAULT_KINDS.values()].filter(({ name }) => names.length === 0 || names.includes(name));
}
