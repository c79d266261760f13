/** Plans for forecasts. */
import type { Action, Goal, Plan } from '@aia/contract';

const MINUTE = 60_000;

/** An action that serves `goal`, of a kind of the catalogue. */
export function anAction(id: string, given: Partial<Action> = {}): Action {
  const target = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: id };
  return {
    ...{ id, kind: 'roll-back-workload', title: id, target, resolves: ['goal'], reason: '', evidence: [] },
    ...{ confidence: 0.9, delivery: 'cluster', steps: [], preconditions: [], after: [], quota: [] },
    inverse: { kind: 'reversible', steps: [] },
    probe: { conditions: [], withinMs: 0, soakMs: 0 },
    disruption: { pods: 0, services: [], budgets: [], isOutage: false, text: '' },
    money: { monthly: 0, currency: 'USD', text: '' },
    owner: 'main-orchestrator',
    risk: { level: 'low', score: 0, reasons: [] },
    durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 6 * MINUTE },
    approval: { isNeeded: false, approvers: [], reasons: [] },
    ...given,
  };
}

/** A plan of these phases; every action serves one must-goal. */
export function aPlan(phases: readonly (readonly Action[])[], dependencies: Plan['dependencies'] = []): Plan {
  const goal: Goal = {
    ...{ id: 'goal', kind: 'cause', title: 'goal', severity: 'critical', isMust: true, state: 'planned' },
    actions: phases.flat().map(({ id }) => id),
  };
  return {
    ...{ outcome: 'plan', reason: '', goals: [goal], dependencies, rejected: [] },
    phases: phases.map((actions, i) => ({
      ...{ number: i + 1, name: '', priority: 'critical', purpose: '', actions, barrier: [] },
    })),
  };
}
