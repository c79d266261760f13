import { describe, expect, it } from 'vitest';
import { priorOf, UNIFORM_PRIORS } from './priors.ts';

describe('priorOf', () => {
  it('is 1 for a class that is not listed, whatever its name', () => {
    expect([priorOf(UNIFORM_PRIORS, 'stock-out'), priorOf(UNIFORM_PRIORS, 'toString')]).toEqual([1, 1]);
  });

  it('is what experience says, within bounds that leave room for evidence', () => {
    const causes = { usual: 4, never: 0, always: Number.POSITIVE_INFINITY };
    expect(Object.keys(causes).map((name) => priorOf({ causes }, name))).toEqual([4, 0.001, 1000]);
  });

  it.each([-1, Number.NaN])('refuses %s', (weight) => {
    expect(() => priorOf({ causes: { a: weight } }, 'a')).toThrow(RangeError);
  });
});
