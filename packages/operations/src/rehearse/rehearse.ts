/** Tries a plan on a twin of the snapshot: each action with its probe, each phase with its barrier, the whole. */
import { createDirectWrites, simulate, snapshotOf, type ClusterSnapshot, type Twin } from '@aia/cluster';
import type { Action, Assessment, Phase, TwinFigures } from '@aia/contract';
import { figuresOf } from './figures.ts';
import type { ActionOutcome } from './trial.ts';
import type { Scene } from './undo-action.ts';
import { tryPhase, type PhaseTrial } from './try-phase.ts';

/** Judges a snapshot; the whole of `assess`. */
export type Assess = (snapshot: ClusterSnapshot) => Assessment;

/** A twin at a moment. */
export interface Observed {
  readonly snapshot: ClusterSnapshot;
  readonly assessment: Assessment;
  readonly figures: TwinFigures;
}

const FIELD_MANAGER = 'aia-rehearsal';

/** Within it, kubelets take over the pods as they were recorded: what is changed before would count as having been so. */
const TAKEN_OVER_MS = 1000;

/** One rehearsal: a twin on which phases are tried one after the other. */
export class RehearsalStage {
  readonly twin: Twin;
  readonly #assess: Assess;
  readonly #source: ClusterSnapshot;
  readonly #scene: Scene;
  readonly #startedAt: number;
  readonly before: TwinFigures;

  constructor(snapshot: ClusterSnapshot, assessment: Assessment, assess: Assess, seed = '0') {
    this.#source = snapshot;
    this.#assess = assess;
    this.twin = simulate(snapshot, { seed });
    const { cluster } = this.twin;
    this.#scene = { cluster, writes: createDirectWrites(cluster, FIELD_MANAGER) };
    cluster.clock.advance(TAKEN_OVER_MS);
    this.#startedAt = cluster.clock.now;
    this.before = figuresOf(this.twin, assessment);
  }

  /** Virtual milliseconds since the twin began. */
  get elapsedMs(): number {
    return this.twin.cluster.clock.now - this.#startedAt;
  }

  /** Virtual epoch milliseconds. */
  get now(): number {
    return this.twin.cluster.clock.now;
  }

  /** Carries out the actions of a phase; what went wrong is undone. `failed`: ids of actions of earlier phases that did. */
  tryPhase(phase: Phase, failed?: ReadonlySet<string>): PhaseTrial {
    return tryPhase(phase, this.#scene, failed);
  }

  /** Carries out one action by itself; undone where it went wrong. */
  tryAction(action: Action): ActionOutcome {
    const alone = { number: 1, name: '', priority: 'low', purpose: '', actions: [action], barrier: [] } as const;
    const [outcome] = this.tryPhase(alone).outcomes;
    if (outcome === undefined) throw new TypeError('a phase of one action has one outcome');
    return outcome;
  }

  /** Lets time pass without doing anything. */
  wait(durationMs: number): void {
    this.twin.cluster.clock.advance(durationMs);
  }

  /** Figures of now, without a diagnosis. */
  figures(): TwinFigures {
    return figuresOf(this.twin);
  }

  /** The twin as it is now. */
  observe(): Observed {
    const snapshot = snapshotOf(this.twin.cluster, this.#source.source.name);
    const assessment = this.#assess(snapshot);
    return { snapshot, assessment, figures: figuresOf(this.twin, assessment) };
  }

  stop(): void {
    this.twin.cluster.stop();
  }
}
