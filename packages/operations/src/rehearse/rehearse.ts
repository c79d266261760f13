/** Tries a plan on a twin of the snapshot: each action with its probe, each phase with its barrier, the whole. */
import {
  createDirectWrites,
  simulate,
  snapshotOf,
  stateOf,
  type ClusterSnapshot,
  type DirectWrites,
  type Twin,
} from '@aia/cluster';
import type { Action, Assessment, Phase, Rehearsal, TwinFigures } from '@aia/contract';
import { severityRank } from '../diagnose/finding.ts';
import { failureOf, viewOf } from './conditions.ts';
import { performChange } from './perform-change.ts';

/** How an action went on the twin. */
export type ActionOutcome = Rehearsal['actions'][number];
/** How a phase went on the twin. */
export type PhaseOutcome = Rehearsal['phases'][number];

/** Judges a snapshot; the whole of `assess`. */
export type Assess = (snapshot: ClusterSnapshot) => Assessment;

const FIELD_MANAGER = 'aia-rehearsal';
/** Between two looks at probes, virtual. */
const LOOK_MS = 10_000;

/** One rehearsal: a twin on which phases are tried one after the other. */
export class RehearsalStage {
  readonly twin: Twin;
  readonly #assess: Assess;
  readonly #source: ClusterSnapshot;
  readonly #writes: DirectWrites;
  readonly #startedAt: number;
  readonly before: TwinFigures;

  constructor(snapshot: ClusterSnapshot, assessment: Assessment, assess: Assess, seed = '0') {
    this.#source = snapshot;
    this.#assess = assess;
    this.twin = simulate(snapshot, { seed });
    this.#writes = createDirectWrites(this.twin.cluster, FIELD_MANAGER);
    this.#startedAt = this.twin.cluster.clock.now;
    this.before = figuresOf(this.twin, assessment);
  }

  /** Virtual milliseconds since the twin began. */
  get elapsedMs(): number {
    return this.twin.cluster.clock.now - this.#startedAt;
  }

  /** Carries out the actions of a phase, lets time pass until their probes have held or time is out. */
  tryPhase(phase: Phase): readonly ActionOutcome[] {
    return phase.actions.map((action) => this.tryAction(action));
  }

  tryAction(action: Action): ActionOutcome {
    const { cluster } = this.twin;
    const view = viewOf(cluster, this.#writes);
    const startedAt = cluster.clock.now;
    const broken = action.preconditions.map((one) => failureOf(one, view)).find((one) => one !== undefined);
    if (broken !== undefined) return { id: action.id, outcome: 'skipped', message: broken, tookMs: 0 };
    for (const { change } of action.steps) {
      const { outcome, message } = performChange(cluster, this.#writes, change);
      if (outcome === 'refused') return { id: action.id, outcome: 'refused', message, tookMs: 0 };
    }
    const endAt = startedAt + action.probe.withinMs;
    let failure: string | undefined;
    do {
      cluster.clock.advance(LOOK_MS);
      failure = action.probe.conditions.map((one) => failureOf(one, view)).find((one) => one !== undefined);
    } while (failure !== undefined && cluster.clock.now < endAt);
    const tookMs = cluster.clock.now - startedAt;
    return failure === undefined
      ? { id: action.id, outcome: 'held', message: 'its probe held', tookMs }
      : { id: action.id, outcome: 'failed', message: failure, tookMs };
  }

  /** Undoes an action. */
  undo({ inverse }: Action): void {
    if (inverse.kind === 'irreversible') return;
    for (const { change } of inverse.steps) performChange(this.twin.cluster, this.#writes, change);
  }

  /** The twin as it is now. */
  observe(): { readonly snapshot: ClusterSnapshot; readonly assessment: Assessment; readonly figures: TwinFigures } {
    const snapshot = snapshotOf(this.twin.cluster, this.#source.source.name);
    const assessment = this.#assess(snapshot);
    return { snapshot, assessment, figures: figuresOf(this.twin, assessment) };
  }

  stop(): void {
    this.twin.cluster.stop();
  }
}

/** Figures of a twin at the moment of an assessment. */
export function figuresOf({ cluster }: Twin, assessment: Assessment): TwinFigures {
  const state = stateOf(cluster);
  const { pods } = assessment.cluster;
  const count = (severity: string) => assessment.rootCauses.filter((cause) => cause.severity === severity).length;
  const fullest = (assessment.quotas ?? []).toSorted((a, b) => b.share - a.share)[0];
  const share = ({ requested, allocatable }: { requested: number; allocatable: number }) =>
    allocatable === 0 ? undefined : Math.min(1, requested / allocatable);
  const [cpu, memory] = [share(state.cpuMillis), share(state.memoryBytes)];
  return {
    pods: { total: pods.total, succeeding: pods.succeeding },
    nodes: state.nodes.total,
    causes: {
      critical: count('critical'),
      high: count('high'),
      others: assessment.rootCauses.filter(({ severity }) => severityRank(severity) > severityRank('high')).length,
    },
    ...(cpu !== undefined && { requestedCpu: cpu }),
    ...(memory !== undefined && { requestedMemory: memory }),
    loadBalancers: state.loadBalancers.withAddress + state.loadBalancers.pending,
    ...(fullest !== undefined && {
      fullestQuota: { metric: fullest.metric, region: fullest.region, share: fullest.share },
    }),
    ...(state.cost !== undefined && { monthlyCost: state.cost.monthly }),
  };
}
