/** The actions of a phase on the twin, side by side as far as they do not wait for each other. */
import type { Phase } from '@aia/contract';
import { viewOf } from './cluster-view.ts';
import { judgeConditions } from './conditions.ts';
import { Trial, type ActionOutcome } from './trial.ts';
import type { Scene } from './undo-action.ts';

/** What became of a phase. */
export interface PhaseTrial {
  /** In the order of the phase. */
  readonly outcomes: readonly ActionOutcome[];
  /** Whether all went well and its barrier held at the end. */
  readonly held: boolean;
  /** Ids of actions that did not go well and were undone. */
  readonly undone: readonly string[];
}

const NONE: ReadonlySet<string> = new Set();

/** Between two looks, by how long the phase has been tried: at first much happens, then little. Virtual milliseconds. */
const LOOKS: readonly (readonly [until: number, every: number])[] = [
  [60_000, 5000],
  [300_000, 10_000],
  [Number.POSITIVE_INFINITY, 30_000],
];

/**
 * Begins all actions that may begin, lets time pass until their probes have held and soaked or time is out, undoes what went wrong.
 * `failed`: ids of actions of earlier phases that did not work; what waits for them is skipped.
 */
export function tryPhase({ actions, barrier }: Phase, scene: Scene, failed: ReadonlySet<string> = NONE): PhaseTrial {
  const { clock } = scene.cluster;
  const startedAt = clock.now;
  const trials = actions.map((action) => new Trial(action, scene));
  for (const trial of trials) {
    const missing = trial.action.after.find((id) => failed.has(id));
    if (missing !== undefined) trial.skip(`it waits for ${missing}, which did not work`);
  }
  for (;;) {
    beginReady(trials);
    for (const trial of trials) trial.look();
    const open = trials.filter(({ outcome }) => outcome === undefined);
    if (open.length === 0) break;
    const [, every = 0] = LOOKS.find(([until]) => clock.now - startedAt < until) ?? [];
    const due = open.map(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt).filter((at) => at > clock.now);
    clock.advanceTo(Math.min(clock.now + every, ...due));
  }
  for (const trial of trials) trial.lookAgain();
  const barred = judgeConditions(barrier, viewOf(scene.cluster, scene.writes)).state !== 'fails';
  const bad = trials.filter(({ isGood }) => !isGood);
  const words = new Map(bad.toReversed().map((trial) => [trial.action.id, trial.undo()]));
  return {
    outcomes: trials.flatMap(({ outcome, action }) =>
      outcome === undefined ? [] : [{ ...outcome, message: withRemains(outcome.message, words.get(action.id) ?? []) }],
    ),
    held: bad.length === 0 && barred,
    undone: bad.map(({ action }) => action.id),
  };
}

/** Actions begin once what they wait for has held; where that went wrong they are skipped, and so is what waits for them. */
function beginReady(trials: readonly Trial[]): void {
  const byId = new Map(trials.map((trial) => [trial.action.id, trial]));
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const trial of trials) {
      if (trial.hasBegun || trial.outcome !== undefined) continue;
      const before = trial.action.after.map((id) => byId.get(id)).filter((one) => one !== undefined);
      const failed = before.find(({ outcome, isGood }) => outcome !== undefined && !isGood);
      if (failed !== undefined) trial.skip(`it waits for "${failed.action.title}", which did not work`);
      else if (before.every(({ isGood }) => isGood)) trial.begin();
      else continue;
      isMoving ||= trial.outcome !== undefined;
    }
  }
}

function withRemains(message: string, remains: readonly string[]): string {
  return remains.length === 0 ? message : `${message}; after undoing it, ${remains.join('; ')}`;
}
