import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../packages/identity/src/encoding/equal.ts';
import { randomFrom } from '../random.ts';
import { compare, LEAK } from './trial.ts';
import { comparing, leakyEqual } from './trials.ts';
import { largestT, welch } from './welch.ts';

describe('the harness for leaks through time', () => {
  it('catches a comparison that ends at the first byte that differs, beside one that does not', () => {
    const effort = { measurements: 4000, seed: 1 };
    const [leaky, ours] = [comparing('leaky', leakyEqual, 32), comparing('equalBytes', equalBytes, 32)];
    const { control, subject } = compare(leaky, ours, 5, effort);
    expect(control).toBeGreaterThan(LEAK);
    expect(control).toBeGreaterThan(subject);
  });

  it('has trials that compare as they should, whatever their timing', () => {
    for (const equal of [leakyEqual, equalBytes]) {
      const trial = comparing('any', equal, 32);
      for (const input of ['early', 'late'] as const) {
        trial.prepare(input, randomFrom(1));
        expect(trial.run()).toBe(false);
      }
      expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    }
  });

  it("calculates Welch's t", () => {
    // Means 2 and 5, variances 1 and 4 (nearly, of so many): t = −3 / √(1/n + 4/n).
    const n = 1000;
    const alternating = (mean: number, deviation: number) =>
      Array.from({ length: n }, (_, i) => mean + (i % 2 === 0 ? deviation : -deviation));
    expect(welch(alternating(2, 1), alternating(5, 2))).toBeCloseTo(-3 / Math.sqrt(5 / (n - 1)), 6);
    expect(welch(alternating(2, 1), alternating(2, 2))).toBeCloseTo(0, 9);
    expect(welch([1, 2], [8, 9])).toBe(0);
  });

  it('finds by cropping what a long tail hides, and nothing in two samples alike', () => {
    const random = randomFrom(3);
    const times = (base: number) =>
      Float64Array.from({ length: 2000 }, () => base + random() + (random() < 0.1 ? 1000 * random() : 0));
    const [quick, slow] = [times(10), times(10.5)];
    expect(Math.abs(welch(quick, slow))).toBeLessThan(5);
    expect(largestT(quick, slow)).toBeGreaterThan(LEAK);
    expect(largestT(times(10), times(10))).toBeLessThan(5);
  });
});
