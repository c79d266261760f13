/** A cluster of a context with what befalls it: drawn from a seed, the same each time. */
import { nearest } from '../near-miss.ts';
import { createRandom } from '../clock/random.ts';
import { FAULT_KINDS } from '../faults/catalogue.ts';
import { drawParameters, type FaultFamily, type FaultKind } from '../faults/fault.ts';
import { FaultSite } from '../faults/fault-site.ts';
import { injectFault, type InjectedFault } from '../faults/inject.ts';
import { addNoise, type Noise } from '../faults/noise.ts';
import { NoTargetError } from '../faults/no-target-error.ts';
import type { Wanted, WorkloadHealth } from '../oracle/health.ts';
import { healthOf, wantedOf } from '../oracle/oracle.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { CONTEXT_DIMENSIONS, type Context, type Split } from './context.ts';
import { Draw } from './draw.ts';
import { addOutcomeNoise, type OutcomeNoise } from './outcome-noise.ts';
import { populate } from './population/populate.ts';

/** A cluster with its faults and the truth about them. */
export interface Scenario {
  readonly cluster: SimulatedCluster;
  readonly context: Context;
  readonly seed: string;
  readonly split: Split;
  /** What somebody wants of it, read before anything went wrong. */
  readonly wanted: readonly Wanted[];
  /** As it was before anything went wrong. */
  readonly healthBefore: WorkloadHealth;
  /** In the order in which they were brought about. */
  readonly faults: readonly InjectedFault[];
  /** Harmless things that happen meanwhile, which are no cause of anything. */
  readonly noise: readonly Noise[];
  /** How outcomes of actions differ from what is planned; for writers and handlers. */
  readonly outcomes: OutcomeNoise;
  /** Until what the faults lead to can be seen in full; let it pass with `cluster.clock.advance`. */
  readonly settlesMs: number;
}

/** What is to be otherwise than drawn. */
export interface ScenarioOptions {
  /** Names of the kinds of faults, in place of those that the context's mix draws. */
  readonly faults?: readonly string[];
  /** Called with the cluster when it is settled and healthy, before anything goes wrong. */
  readonly onSettled?: (cluster: SimulatedCluster) => void;
}

/**
 * Draws a settled, healthy cluster of a context, and its faults.
 * @throws RangeError for a kind of fault that there is not
 * @throws NoTargetError where a kind that was named finds nothing that it could befall
 */
export function drawScenario(
  context: Context,
  seed: string,
  split: Split = 'training',
  options: ScenarioOptions = {},
): Scenario {
  const draw = new Draw(createRandom(`${seed}/${split}`));
  const named = options.faults?.map(kindOf);
  const cluster = populate(context, seed, split, draw);
  const wanted = wantedOf(cluster);
  const healthBefore = healthOf(cluster, wanted);
  options.onSettled?.(cluster);
  const outcomes = addOutcomeNoise(cluster, context, `${seed}/${split}`);
  const site = new FaultSite(cluster, draw.random.fork('site'));
  const faults = bringFaults(site, { context, split }, draw.part('faults'), named);
  const settlesMs = Math.max(context.noise > 0 ? NOISE_MS : 0, ...faults.map((fault) => fault.settlesMs));
  const noise = addNoise(cluster, {
    level: context.noise,
    seed: `${seed}/${split}`,
    site,
    windows: [
      [0, settlesMs],
      [settlesMs, settlesMs + NOISY_MS],
    ],
  });
  return { cluster, context, seed, split, wanted, healthBefore, faults, noise, outcomes, settlesMs };
}

/** For so long there is noise where there is no fault to wait for. */
const NOISE_MS = 600_000;
/** For so long there is noise after everything has settled: while somebody acts. */
const NOISY_MS = 1_800_000;

function kindOf(name: string): FaultKind {
  const kind = FAULT_KINDS.get(name);
  if (kind === undefined)
    throw new RangeError(`fault "${name}": there is no such kind${nearest(name, [...FAULT_KINDS.keys()])}`);
  return kind;
}

/** Families by what they are about: 0 workloads, 1 the cloud and its nodes. */
const MIX: Readonly<Record<FaultFamily, number>> = {
  image: 0,
  program: 0,
  configuration: 0.05,
  rollout: 0.1,
  resources: 0.3,
  network: 0.4,
  policy: 0.4,
  storage: 0.6,
  scheduling: 0.6,
  autoscaling: 0.7,
  certificate: 0.7,
  node: 1,
  cloud: 1,
};

function bringFaults(
  site: FaultSite,
  place: Severity,
  draw: Draw,
  named: readonly FaultKind[] | undefined,
): readonly InjectedFault[] {
  const { context } = place;
  if (named !== undefined) return named.map((kind) => bring(site, kind, place, draw));
  const brought: InjectedFault[] = [];
  let open = [...FAULT_KINDS.values()];
  while (brought.length < context.fault_count && open.length > 0) {
    const kind = drawKind(open, context.fault_mix, draw);
    open = open.filter((one) => one !== kind);
    try {
      brought.push(bring(site, kind, place, draw));
    } catch (error) {
      // A cluster without claims cannot lose one; another kind befalls it.
      if (!(error instanceof NoTargetError)) throw error;
    }
  }
  return brought;
}

/** Families first, so that those with many kinds are not drawn more often. */
function drawKind(open: readonly FaultKind[], mix: number, draw: Draw): FaultKind {
  const families = [...new Set(open.map(({ family }) => family))];
  const family = draw.weighted(families.map((one) => [one, Math.exp(-4 * Math.abs(MIX[one] - mix))] as const));
  return draw.pick(open.filter((kind) => kind.family === family));
}

function bring(site: FaultSite, kind: FaultKind, { context, split }: Severity, draw: Draw): InjectedFault {
  const shares = Object.values(kind.parameters).map(({ type }) =>
    type === 'choice' ? draw.number(0, 1) : severityOf(context.fault_severity, split, draw),
  );
  return injectFault(site.cluster, kind, { site, parameters: drawParameters(kind, () => shares.shift() ?? 0) });
}

/** Around the severity, so that values differ between faults of one context; the top of all ranges is held out. */
function severityOf(severity: number, split: Split, draw: Draw): number {
  const [, most] = CONTEXT_DIMENSIONS.fault_severity.training;
  const around = severity + draw.number(-0.3, 0.3);
  return Math.min(split === 'training' ? most : 0.999_999, Math.max(0, around));
}

type Severity = Pick<Scenario, 'context' | 'split'>;
