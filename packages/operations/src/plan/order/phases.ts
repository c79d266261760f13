/** Actions in phases: what waits for what, the most valuable and least risky first. */
import { compare } from '@aia/cluster';
import type { Action, Goal, Phase, Plan } from '@aia/contract';
import { severityRank, type Severity } from '../../diagnose/finding.ts';
import type { Policy } from '../../policy/policy.ts';

/** Why one action waits for another. */
export type Dependency = Plan['dependencies'][number];

/** Phases with their barriers, and the order behind them. @throws RangeError where actions wait for each other in a circle */
export function phasesOf(
  actions: readonly Action[],
  goals: readonly Goal[],
  _policy: Policy,
): { readonly phases: readonly Phase[]; readonly dependencies: readonly Dependency[] } {
  const dependencies = actions.flatMap(({ id, after }) =>
    after
      .filter((from) => actions.some((one) => one.id === from))
      .map((from): Dependency => ({ from, to: id, reason: 'It builds on what the other one made.' })),
  );
  const left = new Map(actions.map((action) => [action.id, action]));
  const phases: Phase[] = [];
  while (left.size > 0) {
    const ready = [...left.values()]
      .filter(({ id }) => !dependencies.some(({ from, to }) => to === id && left.has(from)))
      .sort((a, b) => compare(a.id, b.id));
    if (ready.length === 0) throw new RangeError('actions wait for each other in a circle');
    for (const { id } of ready) left.delete(id);
    const worst = goals
      .filter(({ id }) => ready.some(({ resolves }) => resolves.includes(id)))
      .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0];
    phases.push({
      number: phases.length + 1,
      name: `Phase ${phases.length + 1}`,
      priority: priorityOf(worst?.severity ?? 'low'),
      purpose: '',
      actions: ready,
      barrier: ready.flatMap(({ probe }) => probe.conditions),
    });
  }
  return { phases, dependencies };
}

function priorityOf(severity: Severity): Phase['priority'] {
  return severity === 'info' ? 'low' : severity;
}
