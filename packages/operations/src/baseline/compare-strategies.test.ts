import { describe, expect, it } from 'vitest';
import { oddStrategies, plannedStrategy } from '../report/strategy/strategy.suite.ts';
import { compareStrategies } from './compare-strategies.ts';

const planned = plannedStrategy();

describe('strategies compared', () => {
  it.each(Object.entries({ ...oddStrategies(), planned }))('have no difference with themselves: %s', (_, strategy) => {
    const { goals, actions, figures, forecast } = compareStrategies(strategy, strategy);
    for (const list of [...Object.values(goals), ...Object.values(actions), figures, forecast])
      expect(list).toEqual([]);
  });

  it('tell what was reached and what is gone, and the other way round what is new', () => {
    const done = { ...planned, plan: { ...planned.plan, goals: [], phases: [] } };
    const there = compareStrategies(planned, done);
    const back = compareStrategies(done, planned);
    const ids = planned.plan.phases.flatMap(({ actions }) => actions.map(({ id }) => id));
    expect(there.goals.reached.map(({ id }) => id)).toEqual(planned.plan.goals.map(({ id }) => id));
    expect(there.actions.gone.map(({ id }) => id)).toEqual(ids);
    expect(back.goals.new.map(({ id }) => id)).toEqual(planned.plan.goals.map(({ id }) => id));
    expect(back.actions.added.map(({ id }) => id)).toEqual(ids);
  });

  it('name what is different about an action', () => {
    const phases = planned.plan.phases.map((phase) => ({
      ...phase,
      actions: phase.actions.map((action) => ({ ...action, owner: 'mlops-specialist' as const, steps: [] })),
    }));
    const [changed] = compareStrategies(planned, { ...planned, plan: { ...planned.plan, phases } }).actions.changed;
    expect(changed?.differences).toEqual(['what it changes', 'its owner']);
  });

  it('tell figures that moved', () => {
    const { assessment } = planned;
    const now = { ...planned, assessment: { ...assessment, verdict: { ...assessment.verdict, score: 99 } } };
    expect(compareStrategies(planned, now).figures).toEqual([
      { name: 'Readiness', before: `${assessment.verdict.score} of 100`, after: '99 of 100' },
    ]);
  });
});
