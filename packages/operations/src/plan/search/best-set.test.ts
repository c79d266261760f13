import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestSet, priceOf, type Option, type SetProblem } from './best-set.ts';
import { componentsOf } from './components.ts';

interface Size {
  readonly options: number;
  readonly goals: number;
  readonly actions: number;
}

function problems({ options, goals, actions }: Size, mostActions?: number): fc.Arbitrary<SetProblem> {
  const option: fc.Arbitrary<Option> = fc.record({
    actions: fc.uniqueArray(fc.nat(actions - 1), { minLength: 1, maxLength: 3 }),
    own: fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10),
    goals: fc.uniqueArray(fc.nat(goals - 1), { minLength: 1, maxLength: 3 }),
    grade: fc.constantFrom(1, 1, 0.75, 0.5),
  });
  return fc
    .record({
      options: fc.array(option, { minLength: 1, maxLength: options }),
      actionCosts: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: actions, maxLength: actions }),
      worths: fc.array(fc.constantFrom(1000, 300, 12, 4), { minLength: goals, maxLength: goals }),
      pairs: fc.array(fc.tuple(fc.nat(options - 1), fc.nat(options - 1)), { maxLength: 4 }),
    })
    .map(({ pairs, actionCosts, ...rest }): SetProblem => {
      const conflicts = new Map<number, Set<number>>();
      for (const [a, b] of pairs)
        if (a !== b && a < rest.options.length && b < rest.options.length)
          for (const [one, other] of [
            [a, b],
            [b, a],
          ] as const)
            conflicts.set(one, (conflicts.get(one) ?? new Set<number>()).add(other));
      const used = (chosen: readonly number[]) => new Set(chosen.flatMap((i) => rest.options[i]?.actions ?? [])).size;
      return {
        ...rest,
        conflicts,
        actionCosts: actionCosts.map((tenths) => tenths / 10),
        ...(mostActions !== undefined && { fits: (chosen: readonly number[]) => used(chosen) <= mostActions }),
      };
    });
}

function excludes({ conflicts }: SetProblem, chosen: readonly number[]): boolean {
  return chosen.some((a) => chosen.some((b) => conflicts.get(a)?.has(b) === true));
}

/** The price of the cheapest set, by trying all of them. */
function cheapest(problem: SetProblem): number {
  let least = Infinity;
  for (let bits = 0; bits < 2 ** problem.options.length; bits++) {
    const chosen = problem.options.flatMap((_, i) => ((bits >> i) & 1 ? [i] : []));
    if (excludes(problem, chosen) || problem.fits?.(chosen) === false) continue;
    least = Math.min(least, priceOf(problem, chosen));
  }
  return least;
}

const SMALL: Size = { options: 9, goals: 5, actions: 7 };

describe('the best set', () => {
  it('is as cheap as the cheapest of all sets', () => {
    fc.assert(
      fc.property(problems(SMALL), (problem) => {
        const { chosen, cost, isExact } = bestSet(problem);
        expect(isExact).toBe(true);
        expect(excludes(problem, chosen)).toBe(false);
        expect(cost).toBeCloseTo(priceOf(problem, chosen), 9);
        expect(cost).toBeCloseTo(cheapest(problem), 6);
      }),
      { numRuns: 400 },
    );
  });
  it('is the cheapest of those that keep a limit on the number of actions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }).chain((most) => problems(SMALL, most)),
        (problem) => {
          const { chosen, cost } = bestSet(problem);
          expect(problem.fits?.(chosen)).toBe(true);
          expect(cost).toBeCloseTo(cheapest(problem), 6);
        },
      ),
      { numRuns: 300 },
    );
  });
  it('of a whole is that of its parts', () => {
    fc.assert(
      fc.property(problems({ options: 10, goals: 8, actions: 12 }), (problem) => {
        const chosen = componentsOf(problem).flatMap(({ part, options }) =>
          bestSet(part).chosen.map((i) => options[i] as number),
        );
        expect(excludes(problem, chosen)).toBe(false);
        expect(priceOf(problem, chosen)).toBeCloseTo(bestSet(problem).cost, 6);
      }),
      { numRuns: 200 },
    );
  });
  it('is still one without conflicts that beats doing nothing, where there is no time to look further', () => {
    fc.assert(
      fc.property(problems({ options: 60, goals: 25, actions: 60 }), (problem) => {
        const found = bestSet(problem, 50);
        expect(excludes(problem, found.chosen)).toBe(false);
        expect(found.cost).toBeLessThanOrEqual(priceOf(problem, []) + 1e-9);
        expect(bestSet(problem, 50)).toEqual(found);
      }),
      { numRuns: 50 },
    );
  });
  it('pays for an action once that two options share', () => {
    const option = (goal: number): Option => ({ actions: [0], own: 0, goals: [goal], grade: 1 });
    const problem = { options: [option(0), option(1)], actionCosts: [5], worths: [6, 6], conflicts: new Map() };
    expect(bestSet(problem)).toMatchObject({ chosen: [0, 1], cost: 5 });
  });
  it('leaves open what costs more than it is worth, and nothing that must be', () => {
    const option = (goal: number): Option => ({ actions: [goal], own: 0, goals: [goal], grade: 1 });
    const problem = { options: [option(0), option(1)], actionCosts: [20, 20], worths: [12, 300], conflicts: new Map() };
    expect(bestSet(problem).chosen).toEqual([1]);
  });
});
