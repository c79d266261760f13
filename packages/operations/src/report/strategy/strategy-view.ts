/** A strategy with the look-ups that its sections share. */
import type { Action, Assessment, Goal, Inventory, Phase, Rehearsal, Strategy } from '@aia/contract';
import { DEFAULT_POLICY, type Policy } from '../../policy/policy.ts';

/** An action with its place in the plan. */
export interface PlacedAction {
  readonly action: Action;
  readonly phase: Phase;
  /** As in `2.3`. */
  readonly number: string;
  readonly outcome: Rehearsal['actions'][number] | undefined;
}

/** A strategy and its look-ups. */
export interface StrategyView {
  readonly strategy: Strategy;
  readonly assessment: Assessment;
  readonly inventory: Inventory;
  /** What the policy aims at. */
  readonly targets: Policy['targets'];
  readonly actions: readonly PlacedAction[];
  readonly action: (id: string) => PlacedAction | undefined;
  readonly goal: (id: string) => Goal | undefined;
  /** Goals that are not all planned, the worst first. */
  readonly open: readonly Goal[];
  /** The phase whose barrier awaits the answer to an action that was begun in the first. */
  readonly awaitedIn: (id: string) => Phase | undefined;
}

const NOTHING: Inventory = {
  loadBalancers: [],
  endpoints: [],
  monitoring: [],
  pools: [],
  posture: [],
  namespaces: [],
  workloads: 0,
};

/** Makes one. */
export function viewOf(strategy: Strategy): StrategyView {
  const { plan, rehearsal, assessment, inventory = NOTHING } = strategy;
  const outcomes = new Map((rehearsal?.actions ?? []).map((one) => [one.id, one]));
  const actions = plan.phases.flatMap((phase) =>
    phase.actions.map((action, i): PlacedAction => ({
      ...{ action, phase },
      number: `${phase.number}.${i + 1}`,
      outcome: outcomes.get(action.id),
    })),
  );
  const byId = new Map(actions.map((one) => [one.action.id, one]));
  const goals = new Map(plan.goals.map((goal) => [goal.id, goal]));
  return {
    ...{ strategy, assessment, inventory, actions },
    targets: strategy.policy.targets ?? DEFAULT_POLICY.targets,
    action: (id) => byId.get(id),
    goal: (id) => goals.get(id),
    open: plan.goals.filter(({ state }) => state === 'open' || state === 'partly'),
    awaitedIn: (id) => plan.phases.find(({ awaits = [] }) => awaits.includes(id)),
  };
}
