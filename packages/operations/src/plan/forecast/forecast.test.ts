import { createRandom } from '@aia/cluster';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastSchema } from '@aia/contract';
import { NO_OUTCOMES } from '../../priors/outcomes.ts';
import { drawBeta, drawDuration, logistic, logit, quantileOf } from './draws.ts';
import { forecastOf } from './forecast.ts';
import { longestPath, predecessorsOf } from './longest-path.ts';
import { anAction, aPlan } from './plan.suite.ts';

const MINUTE = 60_000;

function meanOf(draw: () => number, count = 20_000): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += draw();
  return sum / count;
}

describe('draws', () => {
  it.each([
    [9, 1],
    [0.5, 0.5],
    [2, 30],
  ])('of Beta(%d, %d) have its mean and variance', (alpha, beta) => {
    const random = createRandom('beta');
    const values = Array.from({ length: 20_000 }, () => drawBeta(alpha, beta, random));
    const mean = alpha / (alpha + beta);
    const variance = (mean * (1 - mean)) / (alpha + beta + 1);
    const found = values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(found).toBeCloseTo(mean, 2);
    expect(values.reduce((sum, one) => sum + (one - found) ** 2, 0) / values.length / variance).toBeCloseTo(1, 1);
  });

  it('of durations have the mean (a + 4 m + b) ÷ 6 and stay between the points', () => {
    const random = createRandom('pert');
    const three = { optimistic: 1, likely: 2, pessimistic: 9 };
    const values = Array.from({ length: 20_000 }, () => drawDuration(three, random));
    expect(meanOf(() => drawDuration(three, random))).toBeCloseTo((1 + 4 * 2 + 9) / 6, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...values)).toBeLessThanOrEqual(9);
  });

  it('take log-odds there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (share) => {
        expect(logistic(logit(share))).toBeCloseTo(share, 9);
      }),
    );
  });

  it('interpolate quantiles', () => {
    expect([0, 0.5, 0.25, 1].map((share) => quantileOf([1, 2, 3, 4, 5], share))).toEqual([1, 3, 2, 5]);
  });
});

describe('longestPath', () => {
  it('follows what waits for what', () => {
    expect(longestPath([[], [0], [0], [1, 2]], [1, 5, 2, 1])).toEqual({ length: 7, path: [0, 1, 3] });
  });

  it('goes round what only its own barrier awaits', () => {
    const plan = aPlan([[anAction('asked'), anAction('a')], [anAction('b')], [anAction('c')]]);
    const phases = plan.phases.map((phase) => (phase.number === 2 ? { ...phase, awaits: ['asked'] } : phase));
    expect(predecessorsOf({ ...plan, phases })).toEqual([[], [], [1], [2, 0]]);
    const dependencies = [{ from: 'asked', to: 'b', reason: '' }];
    expect(predecessorsOf({ ...plan, phases, dependencies })).toEqual([[], [], [1, 0], [2, 0]]);
  });

  it('is nothing of nothing', () => {
    expect(longestPath([], [])).toEqual({ length: 0, path: [] });
  });
});

describe('forecastOf', () => {
  const one = aPlan([[anAction('a')]]);

  it('says the same for the same seed, in the form of its schema', () => {
    const forecast = forecastOf({ plan: one, seed: '7' });
    expect(forecastOf({ plan: one, seed: '7' })).toEqual(forecast);
    expect(forecastSchema.parse(forecast)).toEqual(forecast);
    expect(forecastOf({ plan: one, seed: '8' })).not.toEqual(forecast);
  });

  it('tells apart what is needed and what is merely waited for', () => {
    const days = { optimistic: 1000 * MINUTE, likely: 2000 * MINUTE, pessimistic: 9000 * MINUTE };
    const both = aPlan([[anAction('asked', { durationMs: days }), anAction('a')]]);
    const plan = {
      ...both,
      goals: both.goals.map((goal) => ({ ...goal, actions: ['a'] })),
      phases: both.phases.map((phase) => ({ ...phase, awaits: ['asked'] })),
    };
    const { neededMs, durationMs } = forecastOf({ plan });
    expect(neededMs?.p90).toBeLessThan(6 * MINUTE);
    expect(durationMs.p10).toBeGreaterThan(1000 * MINUTE);
  });

  it('is what is known of the kind, and less sure of what nobody tried', () => {
    const rehearsal = { actions: [{ id: 'a', outcome: 'held', message: '', tookMs: MINUTE }] };
    const held = forecastOf({ plan: one, rehearsal: rehearsal as never, outcomes: NO_OUTCOMES });
    const untried = forecastOf({ plan: one, outcomes: NO_OUTCOMES });
    // Beta(9, 1), moved by nothing.
    expect(held.success.probability).toBeCloseTo(0.9, 1);
    expect(untried.success.probability).toBeLessThan(held.success.probability);
    expect(held.success.interval.low).toBeLessThan(held.success.probability);
    expect(held.success.interval.high).toBeGreaterThan(held.success.probability);
  });

  it('learns from recorded outcomes, and is surer of its interval the more there are', () => {
    const after = (successes: number, failures: number) =>
      forecastOf({
        plan: one,
        outcomes: {
          ...NO_OUTCOMES,
          basis: 'test',
          kinds: { 'roll-back-workload': { successes, failures, meanConfidence: 0.9 } },
        },
      }).success;
    const width = ({ interval }: ReturnType<typeof after>) => interval.high - interval.low;
    expect(after(0, 40).probability).toBeLessThan(after(10, 10).probability);
    expect(after(10, 10).probability).toBeLessThan(after(40, 0).probability);
    expect(width(after(200, 200))).toBeLessThan(width(after(5, 5)));
  });

  it('is less the more actions a goal needs, and no less for those that serve no must-goal', () => {
    const two = aPlan([[anAction('a'), anAction('b')]]);
    const probability = forecastOf({ plan: one }).success.probability;
    expect(forecastOf({ plan: two }).success.probability).toBeLessThan(probability);
    const goals = two.goals.map((goal) => ({ ...goal, actions: ['a'] }));
    expect(forecastOf({ plan: { ...two, goals } }).success.probability).toBeCloseTo(probability, 1);
    const dependencies = [{ from: 'b', to: 'a', reason: '' }];
    expect(forecastOf({ plan: { ...two, goals, dependencies } }).success.probability).toBeLessThan(probability);
  });

  it('adds durations across barriers and takes the longest inside of a phase', () => {
    const takes = (likely: number) => ({
      durationMs: { optimistic: likely, likely, pessimistic: likely },
    });
    const plan = aPlan([
      [anAction('a', takes(5 * MINUTE)), anAction('b', takes(MINUTE))],
      [anAction('c', takes(2 * MINUTE))],
    ]);
    const { durationMs, criticalPath, actions } = forecastOf({ plan });
    expect(durationMs).toEqual({ p10: 7 * MINUTE, p50: 7 * MINUTE, p90: 7 * MINUTE });
    expect(criticalPath).toEqual([{ actions: ['a', 'c'], share: 1 }]);
    expect(actions.map(({ criticality }) => criticality)).toEqual([1, 0, 1]);
  });

  it('lets plans wait for people', () => {
    const approved = anAction('a', { approval: { isNeeded: true, approvers: [], reasons: ['x'] } });
    const byPerson = anAction('a', { delivery: 'person' });
    const median = (action: typeof approved) => forecastOf({ plan: aPlan([[action]]) }).durationMs.p50;
    expect(median(approved)).toBeGreaterThan(median(anAction('a')));
    expect(median(byPerson)).toBeGreaterThan(median(approved));
  });

  it('has quantiles in their order and shares of paths that sum to at most 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const plan = aPlan(sizes.map((size, i) => Array.from({ length: size }, (_, j) => anAction(`${i}-${j}`))));
        const { durationMs, criticalPath, success } = forecastOf({ plan, runs: 200 });
        expect(durationMs.p10).toBeLessThanOrEqual(durationMs.p50);
        expect(durationMs.p50).toBeLessThanOrEqual(durationMs.p90);
        expect(criticalPath.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect(criticalPath[0]?.actions).toHaveLength(sizes.length);
        expect(success.interval.low).toBeLessThanOrEqual(success.interval.high);
      }),
      { numRuns: 30 },
    );
  });
});
