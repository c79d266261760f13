/** One action on the twin: whether it may begin, its changes, and what its probe says. */
import type { Action, Rehearsal } from '@aia/contract';
import { viewOf } from './cluster-view.ts';
import { judgeConditions } from './conditions.ts';
import { performChange } from './perform-change.ts';
import { touchedBy, type TouchedSpecs } from './touched-specs.ts';
import { undoAction, type Scene } from './undo-action.ts';
import type { Verdict } from './verdict.ts';

/** How an action went on the twin. */
export type ActionOutcome = Rehearsal['actions'][number];

const DONE_BY_A_PERSON = 'only a person can do it; what waits for it was tried as if it were done';

export class Trial {
  readonly action: Action;
  readonly #scene: Scene;
  #outcome: ActionOutcome | undefined;
  #startedAt: number | undefined;
  #heldSince: number | undefined;
  #left: Action['steps'];
  #touched: TouchedSpecs = new Map();
  #simulated = 0;
  /** What no cluster can tell and was taken to be so when it began. */
  #assumed: string | undefined;

  constructor(action: Action, scene: Scene) {
    this.action = action;
    this.#scene = scene;
    this.#left = action.steps;
  }

  get outcome(): ActionOutcome | undefined {
    return this.#outcome;
  }

  get hasBegun(): boolean {
    return this.#startedAt !== undefined;
  }

  /** It did what it should, or only a person can do it. */
  get isGood(): boolean {
    return this.#outcome?.outcome === 'held' || this.#outcome?.outcome === 'not-simulated';
  }

  skip(message: string): void {
    this.#settle('skipped', message);
  }

  /** Makes the changes, where its preconditions hold. */
  begin(): void {
    const { writes } = this.#scene;
    const before = this.#judge(this.action.preconditions);
    if (before.state === 'fails') return this.skip(before.why);
    if (before.state === 'unknown') this.#assumed = before.why;
    this.#startedAt = this.#now;
    this.#touched = touchedBy(
      this.action.steps.map(({ change }) => change),
      (ref) => writes.read(ref),
    );
    this.#proceed();
    if (this.#outcome === undefined && this.#simulated === 0)
      this.#settle('not-simulated', this.action.steps[0] === undefined ? 'it changes nothing' : DONE_BY_A_PERSON);
  }

  /** Looks whether the probe holds, has soaked, or is out of time. */
  look(): void {
    if (this.#outcome !== undefined || this.#startedAt === undefined) return;
    const { withinMs, soakMs, conditions } = this.action.probe;
    this.#proceed();
    if (this.#outcome !== undefined) return;
    const isLate = this.#now >= this.#startedAt + withinMs;
    const verdict = this.#left.length > 0 ? this.#waiting() : this.#judge(conditions);
    if (verdict.state !== 'fails') {
      this.#heldSince ??= this.#now;
      if (this.#now >= this.#heldSince + soakMs) this.#settle('held', wordsFor(verdict, this.#assumed));
      return;
    }
    this.#heldSince = undefined;
    if (isLate || verdict.isFinal === true) this.#settle('failed', verdict.why);
  }

  /** When it has soaked, as it stands now. */
  get dueAt(): number | undefined {
    return this.#heldSince === undefined ? undefined : this.#heldSince + this.action.probe.soakMs;
  }

  /** Looks once more at the end of the phase: what others did may have broken it again. */
  lookAgain(): void {
    if (this.#outcome?.outcome !== 'held') return;
    const verdict = this.#judge(this.action.probe.conditions);
    if (verdict.state !== 'fails') return;
    this.#outcome = { ...this.#outcome, outcome: 'failed', message: `it held, and then no longer: ${verdict.why}` };
  }

  /** Undoes it; time passes where that has to wait. @returns what is not as it was before */
  undo(): readonly string[] {
    return this.hasBegun ? undoAction(this.action, this.#scene, this.#touched) : [];
  }

  /** Changes that are still to be made, as far as they may be now. */
  #proceed(): void {
    const { cluster, writes } = this.#scene;
    for (const [i, { change }] of this.#left.entries()) {
      const { outcome, message, isPassing } = performChange(cluster, writes, change);
      if (outcome === 'refused' && isPassing === true && (change.kind === 'evict' || change.kind === 'create')) {
        this.#left = this.#left.slice(i);
        return;
      }
      if (outcome === 'refused') return this.#settle('refused', message);
      if (outcome === 'done') this.#simulated++;
    }
    this.#left = [];
  }

  #waiting(): Verdict {
    return {
      state: 'fails',
      why: `${this.#left.length} changes still wait for budgets, or for what goes before it is made again`,
    };
  }

  #judge(conditions: Action['preconditions']): Verdict {
    const { cluster, writes } = this.#scene;
    return judgeConditions(conditions, viewOf(cluster, writes));
  }

  get #now(): number {
    return this.#scene.cluster.clock.now;
  }

  #settle(outcome: ActionOutcome['outcome'], message: string): void {
    const endedAt = outcome === 'held' ? (this.#heldSince ?? this.#now) : this.#now;
    this.#outcome = { id: this.action.id, outcome, message, tookMs: endedAt - (this.#startedAt ?? endedAt) };
  }
}

function wordsFor(verdict: Verdict, assumed: string | undefined): string {
  const words = verdict.state === 'unknown' ? `nothing speaks against it; ${verdict.why}` : 'its probe held';
  return assumed === undefined ? words : `${words}; that it may begin was taken for granted: ${assumed}`;
}
