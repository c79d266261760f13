/** What a rehearsal shows of the goals of a plan. */
import type { Action, Goal, Rehearsal } from '@aia/contract';

/** What goals are judged by. */
export interface GoalView {
  /** That are in the plan at the end. */
  readonly actions: readonly Action[];
  readonly outcomes: Rehearsal['actions'];
  /** Ids of goals that the twin still has at the end. */
  readonly left: ReadonlySet<string>;
  /** Reasons why actions went, by their ids. */
  readonly gone: ReadonlyMap<string, string>;
}

/** The goal as the rehearsal leaves it. */
export function goalAtEnd(goal: Goal, { actions, outcomes, left, gone }: GoalView): Goal {
  const { because, ...rest } = goal;
  const serving = actions.filter(({ resolves }) => resolves.includes(goal.id));
  const own = { ...rest, actions: serving.map(({ id }) => id) };
  const isLeft = left.has(goal.id);
  if (serving.length > 0 && !isLeft && !isForPersons(serving)) return { ...own, state: 'planned' };
  if (serving.length > 0) return { ...own, state: 'partly', because: becauseOf(serving, outcomes) };
  if (!isLeft) return { ...own, state: 'accepted', because: 'It goes with the others, or by itself.' };
  const failed = goal.actions.map((id) => gone.get(id)).filter((reason) => reason !== undefined);
  return {
    ...own,
    state: 'open',
    because: failed.length > 0 ? failedText(failed) : (because ?? 'No action is known for it.'),
  };
}

/** A twin on which they do nothing shows nothing of what they reach, even where other actions hide the cause. */
function isForPersons(serving: readonly Action[]): boolean {
  return serving.every(({ steps }) => steps.every(({ change }) => change.kind === 'manual'));
}

function failedText(reasons: readonly string[]): string {
  return `What was tried did not work on the twin: ${[...new Set(reasons)].slice(0, 3).join('; ')}.`;
}

function becauseOf(serving: readonly Action[], outcomes: Rehearsal['actions']): string {
  const ids = new Set(serving.map(({ id }) => id));
  const own = outcomes.filter(({ id }) => ids.has(id));
  return own.some(({ outcome }) => outcome === 'not-simulated')
    ? 'It waits for what only a person can do, which the rehearsal does not show.'
    : 'Its cause is still there on the twin at the end.';
}
