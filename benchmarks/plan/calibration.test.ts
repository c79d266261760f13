import { createRandom } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { calibrationOf, learn, recalibrate } from './calibration.ts';
import type { ForecastTrial } from './forecast-trial.ts';

/** Plans whose probability of success is `truth` of what is forecast, by this seed. */
function trials(count: number, truth: (probability: number) => number): readonly ForecastTrial[] {
  const random = createRandom('calibration');
  return Array.from({ length: count }, () => {
    const probability = 0.05 + 0.9 * random.next();
    const isSuccess = random.next() < truth(probability);
    const action = { kind: 'roll-back-workload', confidence: 0.8, probability, isSuccess };
    return {
      ...{ probability, low: probability - 0.05, high: probability + 0.05, isSuccess, actions: [action] },
      hasSetback: false,
      again: () => probability,
    };
  });
}

const base = (all: readonly ForecastTrial[]) => all.filter(({ isSuccess }) => isSuccess).length / all.length;

describe('calibrationOf', () => {
  it('finds true forecasts better than the base rate, and their intervals to cover', () => {
    const all = trials(1000, (probability) => probability);
    const found = calibrationOf(all, base(all));
    expect(found.brier).toBeLessThan(found.baseBrier);
    expect(found.coverage).toBeGreaterThan(0.85);
    for (const bin of found.bins) expect(Math.abs(bin.forecast - bin.succeeded)).toBeLessThan(0.15);
  });

  it('finds forecasts that are the wrong way round worse than the base rate, and their intervals not to cover', () => {
    const all = trials(1000, (probability) => 1 - probability);
    const found = calibrationOf(all, base(all));
    expect(found.brier).toBeGreaterThan(found.baseBrier);
    expect(found.coverage).toBeLessThan(0.5);
  });

  it('counts every plan in one bin', () => {
    const all = trials(300, (probability) => probability);
    expect(calibrationOf(all, 0.5).bins.reduce((sum, { plans }) => sum + plans, 0)).toBe(300);
  });
});

describe('learn', () => {
  it('counts the actions of a kind in one plan once, and as failed where one of them failed', () => {
    const [one] = trials(1, () => 1);
    const failed = { kind: 'roll-back-workload', confidence: 0.6, probability: 0.5, isSuccess: false };
    const all = one === undefined ? [] : [{ ...one, actions: [...one.actions, failed] }];
    expect(learn(all, 'test').kinds).toEqual({
      'roll-back-workload': { successes: 0, failures: 1, meanConfidence: 0.6 },
    });
  });

  it('counts outcomes by kind, with their mean confidence', () => {
    const all = trials(200, () => 0.75);
    const successes = all.filter(({ isSuccess }) => isSuccess).length;
    expect(learn(all, 'test').kinds).toEqual({
      'roll-back-workload': { successes, failures: 200 - successes, meanConfidence: 0.8 },
    });
  });
});

describe('recalibrate', () => {
  it('leaves true forecasts nearly as they are', () => {
    const { intercept, slope } = recalibrate(trials(2000, (probability) => probability));
    expect(Math.abs(intercept)).toBeLessThan(0.2);
    expect(Math.abs(slope - 1)).toBeLessThan(0.2);
  });

  it('learns what it means that a plan has lost something on the twin', () => {
    const sure = trials(500, () => 0.95);
    const unsure = trials(100, () => 0.5).map((one) => ({ ...one, hasSetback: true }));
    expect(recalibrate([...sure, ...unsure]).setback).toBeLessThan(-1);
    expect(Math.abs(recalibrate(sure).setback)).toBeLessThan(0.01);
  });

  it('raises forecasts of what always works', () => {
    expect(recalibrate(trials(500, () => 1)).intercept).toBeGreaterThan(0.5);
  });
});
