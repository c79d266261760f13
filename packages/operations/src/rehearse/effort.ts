/** What a rehearsal may cost. By the size of the snapshot and of the plan alone, so that the same input is always treated the same. */

/** How thoroughly plans are tried. */
export interface Effort {
  /** Whether the twin is diagnosed after each phase, and not at the end alone. */
  readonly looksAfterPhases: boolean;
  /** Whether a twin that is left alone is looked at beside, and not only where something critical appears. */
  readonly comparesUnchanged: boolean;
  /** Whether further rounds of planning look at a fresh twin, where the last one bears the marks of what failed on it. */
  readonly startsOver: boolean;
  /** How many actions are tried to be left out, each on a twin of its own. */
  readonly trials: number;
  /** From the last probe to the look at what is left, virtual: what breaks late is to show. */
  readonly settlesMs: number;
}

/** Objects times further runs of a whole plan. */
const RUN_BUDGET = 6000;
/** Objects of a cluster that is looked at often. */
const SMALL = 1500;
const MEDIUM = 12_000;
const MINUTE = 60_000;

/** By the number of objects of a snapshot and the number of actions. */
export function effortFor(objects: number, actions: number): Effort {
  return {
    looksAfterPhases: objects <= SMALL,
    comparesUnchanged: objects <= MEDIUM,
    startsOver: objects <= MEDIUM,
    trials: Math.min(actions, Math.floor(RUN_BUDGET / Math.max(1, objects))),
    settlesMs: objects <= SMALL ? 5 * MINUTE : MINUTE,
  };
}
