/** One run through the phases of a plan on a twin: how each action and phase went, and what the twin is like at the end. */
import type { Phase, Rehearsal } from '@aia/contract';
import type { Effort } from './effort.ts';
import type { Observed, RehearsalStage } from './rehearse.ts';
import type { ActionOutcome } from './trial.ts';
import { withoutActions } from '../plan/order/without-actions.ts';

/** How a phase went on the twin. */
type PhaseOutcome = Rehearsal['phases'][number];

export class Course {
  readonly #begin: () => RehearsalStage;
  readonly effort: Effort;
  readonly #failed = new Map<string, string>();
  #tried: readonly Phase[] = [];
  #outcomes: readonly ActionOutcome[] = [];
  #phases: readonly PhaseOutcome[] = [];
  #end: Observed | undefined;
  #stage: RehearsalStage | undefined;
  #isMarked = false;

  /** `begin` makes the twin, once something is tried. */
  constructor(begin: () => RehearsalStage, effort: Effort) {
    this.#begin = begin;
    this.effort = effort;
  }

  get stage(): RehearsalStage {
    return (this.#stage ??= this.#begin());
  }

  stop(): void {
    this.#stage?.stop();
  }

  /** Ids of actions that did not work and were undone, with why. */
  get failed(): ReadonlyMap<string, string> {
    return this.#failed;
  }

  /** Phases as far as they worked, numbered anew. */
  get phases(): readonly Phase[] {
    return withoutActions(this.#tried, new Set(this.#failed.keys()));
  }

  /** Of the actions that worked, in their order. */
  get outcomes(): readonly ActionOutcome[] {
    return this.#outcomes;
  }

  get phaseOutcomes(): readonly PhaseOutcome[] {
    return this.#phases;
  }

  /** Tries one phase after another. */
  try(phases: readonly Phase[], onProgress: (text: string) => void = () => undefined): void {
    for (const phase of phases) {
      onProgress(`rehearsing phase ${this.#tried.length + 1}`);
      this.#try(phase);
    }
  }

  /** Whether what failed began on this twin: what was undone leaves marks, as controllers that wait and pods that moved. */
  get isMarked(): boolean {
    return this.#isMarked;
  }

  /** Goes through the phases as far as they worked once more, on a fresh twin. */
  startOver(): void {
    const { phases } = this;
    this.stop();
    this.#stage = this.#end = undefined;
    this.#tried = this.#outcomes = this.#phases = [];
    this.#isMarked = false;
    for (const phase of phases) this.#try(phase);
  }

  /** The twin once it has settled after the last phase. */
  end(): Observed {
    if (this.#end === undefined) {
      this.stage.wait(this.effort.settlesMs);
      this.#end = this.stage.observe();
      const { figures } = this.#end;
      const last = this.#phases.at(-1);
      if (last !== undefined && !this.effort.looksAfterPhases)
        this.#phases = [...this.#phases.slice(0, -1), { ...last, after: figures }];
    }
    return this.#end;
  }

  #try(phase: Phase): void {
    const startedAt = this.stage.now;
    const { outcomes, undone, held } = this.stage.tryPhase(phase, new Set(this.#failed.keys()));
    this.#end = undefined;
    this.#tried = [...this.#tried, phase];
    for (const { id, message } of outcomes) if (undone.includes(id)) this.#failed.set(id, message);
    this.#isMarked ||= outcomes.some(({ id, outcome }) => undone.includes(id) && outcome !== 'skipped');
    const good = outcomes.filter(({ id }) => !undone.includes(id));
    if (good.length === 0) return;
    this.#outcomes = [...this.#outcomes, ...good];
    const endedAt = this.stage.now;
    const after = this.effort.looksAfterPhases ? this.stage.observe().figures : this.stage.figures();
    const isHeld = held || undone.length > 0;
    this.#phases = [...this.#phases, { number: this.#phases.length + 1, held: isHeld, after, startedAt, endedAt }];
  }
}
