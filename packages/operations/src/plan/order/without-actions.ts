/** Phases without some of their actions. */
import type { Action, Condition, Phase } from '@aia/contract';

/** Numbered anew; phases that are left empty go, and what only the actions that went were to show is no barrier any more. */
export function withoutActions(phases: readonly Phase[], ids: ReadonlySet<string>): readonly Phase[] {
  return phases
    .map((phase) => (phase.actions.some(({ id }) => ids.has(id)) ? without(phase, ids) : phase))
    .filter(({ actions }) => actions.length > 0)
    .map((phase, i) => ({ ...phase, number: i + 1 }));
}

function without(phase: Phase, ids: ReadonlySet<string>): Phase {
  const kept = phase.actions.filter(({ id }) => !ids.has(id));
  const [shown, gone] = [textsOf(kept), textsOf(phase.actions.filter(({ id }) => ids.has(id)))];
  const barrier = phase.barrier.filter((one) => shown.has(textOf(one)) || !gone.has(textOf(one)));
  return { ...phase, actions: kept, barrier };
}

function textsOf(actions: readonly Action[]): ReadonlySet<string> {
  return new Set(actions.flatMap(({ probe }) => probe.conditions.map(textOf)));
}

function textOf(condition: Condition): string {
  return JSON.stringify(condition);
}
