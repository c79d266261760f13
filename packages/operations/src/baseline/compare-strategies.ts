/** What changed between two strategies for one cluster: goals, actions, figures, forecast. Of a strategy and itself: nothing. */
import { sameJson } from '@aia/cluster';
import type { Action, Goal, Strategy, StrategyComparison } from '@aia/contract';
import { percentText } from '../report/evidence-text.ts';
import { kpiValue } from '../report/kpi-text.ts';
import { spanText } from '../report/strategy/wording.ts';

/** The earlier strategy against the present one. */
export function compareStrategies(before: Strategy, after: Strategy): StrategyComparison {
  const { cluster } = before.assessment;
  return {
    since: { source: cluster.source, observedAt: cluster.observedAt, version: before.generator.version },
    outcome: { before: before.plan.outcome, after: after.plan.outcome },
    goals: goalsOf(before.plan.goals, after.plan.goals),
    actions: actionsOf(actionsIn(before), actionsIn(after)),
    figures: moved(figuresOf(before), figuresOf(after)),
    forecast: moved(forecastOf(before), forecastOf(after)),
  };
}

function actionsIn({ plan }: Strategy): readonly Action[] {
  return plan.phases.flatMap(({ actions }) => actions);
}

function goalsOf(before: readonly Goal[], after: readonly Goal[]): StrategyComparison['goals'] {
  const [then, now] = [byId(before), byId(after)];
  const brief = ({ id, title, severity }: Goal) => ({ id, title, severity });
  return {
    reached: before.filter(({ id }) => !now.has(id)).map(brief),
    new: after.filter(({ id }) => !then.has(id)).map(brief),
    changed: after.flatMap((goal) => {
      const old = then.get(goal.id);
      return old === undefined || old.state === goal.state
        ? []
        : [{ ...brief(goal), before: old.state, after: goal.state }];
    }),
  };
}

/** What of an action is compared, and how it is called. */
const PARTS: readonly (readonly [name: string, of: (action: Action) => unknown])[] = [
  ['what it changes', ({ steps }) => steps.map(({ change }) => change)],
  ['who delivers it', ({ delivery }) => delivery],
  ['its owner', ({ owner }) => owner],
  ['its risk', ({ risk }) => risk.level],
  ['its approval', ({ approval }) => approval],
  ['how to undo it', ({ inverse }) => inverse.kind],
  ['what it waits for', ({ after }) => after.toSorted()],
];

function actionsOf(before: readonly Action[], after: readonly Action[]): StrategyComparison['actions'] {
  const [then, now] = [byId(before), byId(after)];
  const brief = ({ id, title }: Action) => ({ id, title });
  return {
    added: after.filter(({ id }) => !then.has(id)).map(brief),
    gone: before.filter(({ id }) => !now.has(id)).map(brief),
    changed: after.flatMap((action) => {
      const old = then.get(action.id);
      if (old === undefined) return [];
      const differences = PARTS.filter(([, of]) => !sameJson(of(old), of(action))).map(([name]) => name);
      return differences.length === 0 ? [] : [{ ...brief(action), differences }];
    }),
  };
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.id, one]));
}

type Figures = ReadonlyMap<string, string>;

function figuresOf({ assessment, lights }: Strategy): Figures {
  const { pods } = assessment.cluster;
  return new Map([
    ['Readiness', `${assessment.verdict.score} of 100`],
    ['Pods that succeed', `${pods.succeeding} of ${pods.total}`],
    ...assessment.kpis.map((kpi): [string, string] => [kpi.name, kpiValue(kpi)]),
    ...lights.map(({ name, colour }): [string, string] => [name, colour]),
  ]);
}

function forecastOf({ forecast }: Strategy): Figures {
  if (forecast === undefined) return new Map();
  const { success, durationMs } = forecast;
  return new Map([
    ['Success', percentText(success.probability)],
    ['Duration, in the middle', spanText(durationMs.p50)],
    ['Duration, nine of ten', spanText(durationMs.p90)],
  ]);
}

function moved(before: Figures, after: Figures): StrategyComparison['figures'] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [then = '–', now = '–'] = [before.get(name), after.get(name)];
    return then === now ? [] : [{ name, before: then, after: now }];
  });
}
