import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { CONTEXT_DIMENSIONS, CONTEXT_NAMES, contextOf, drawContext, parseContext } from './context.ts';

describe('a context', () => {
  it('is the default where nothing is said', () => {
    expect(parseContext('')).toEqual(contextOf());
    for (const name of CONTEXT_NAMES) expect(contextOf()[name]).toBe(CONTEXT_DIMENSIONS[name].default);
  });

  it('is read from names and numbers', () => {
    expect(parseContext('nodes=20, load=0.7')).toEqual(contextOf({ nodes: 20, load: 0.7 }));
  });

  it.each([
    ['nodes=2', 'nodes: 2 is not a whole number from 3 to 1000'],
    ['nodes=4.5', 'nodes: 4.5 is not a whole number from 3 to 1000'],
    ['load=full', 'load: "full" is not a number from 0.2 to 0.95'],
    ['load', 'load: "" is not a number from 0.2 to 0.95'],
    ['load=0.5,load=0.6', 'load: is given twice'],
    ['size=4', 'there is no dimension "size"'],
    ['toString=4', 'there is no dimension "toString"'],
  ])('refuses %s with the dimension, the value and the bounds', (text, message) => {
    expect(() => parseContext(text)).toThrow(message);
  });

  it('refuses what is no number', () => {
    expect(() => contextOf({ load: Number.NaN })).toThrow(RangeError);
    expect(() => contextOf({ load: '0.5' as never })).toThrow('load: "0.5"');
  });

  it('has defaults and ranges of training within the bounds', () => {
    for (const { min, max, default: at, training } of Object.values(CONTEXT_DIMENSIONS)) {
      expect(min <= training[0] && training[0] < training[1] && training[1] <= max).toBe(true);
      expect(min <= at && at <= max).toBe(true);
    }
  });

  it('lies in all ranges of training, or outside of at least one where it is held out', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const isWithin = (context: ReturnType<typeof contextOf>) =>
          CONTEXT_NAMES.every((name) => {
            const [from, to] = CONTEXT_DIMENSIONS[name].training;
            return context[name] >= from && context[name] <= to;
          });
        const training = drawContext(createRandom(seed), 'training');
        const heldOut = drawContext(createRandom(seed), 'held-out');
        // Both are within the bounds, or this would throw.
        expect(contextOf(training)).toEqual(training);
        expect(contextOf(heldOut)).toEqual(heldOut);
        expect(isWithin(training)).toBe(true);
        expect(isWithin(heldOut)).toBe(false);
      }),
    );
  });
});
