import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Circuits, Recent } from './circuit.ts';

it('lets one through after the pause, and all after a success', () => {
  const circuits = new Circuits({ failures: 2, openMs: 10 }, 9);
  const fails = (at: number) => circuits.failed('a', at);
  fails(0);
  expect(circuits.admits('a', 0)).toBe(true);
  fails(0);
  expect([circuits.admits('a', 9), circuits.admits('b', 9)]).toEqual([false, true]);
  expect([circuits.admits('a', 10), circuits.admits('a', 10), circuits.admits('a', 19)]).toEqual([true, false, false]);
  expect(circuits.admits('a', 20)).toBe(true);
  circuits.succeeded('a');
  expect([circuits.admits('a', 20), circuits.admits('a', 20)]).toEqual([true, true]);
});

it('keeps what was used last, and no more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 6 }))), (most, uses) => {
      const recent = new Recent<number>(most);
      let model: number[] = [];
      for (const [isSet, n] of uses) {
        const isThere = model.includes(n);
        if (isSet) recent.set(String(n), n);
        else expect(recent.get(String(n))).toBe(isThere ? n : undefined);
        if (isSet || isThere) model = [...model.filter((one) => one !== n), n].slice(-most);
      }
    }),
  );
});

it('weighs what it keeps', () => {
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 }))), (most, uses) => {
      const recent = new Recent<number>(most, (value) => value);
      let model: [string, number][] = [];
      for (const [name, value] of uses) {
        recent.set(String(name), value);
        model = [...model.filter(([one]) => one !== String(name)), [String(name), value]];
        while (model.reduce((sum, [, weight]) => sum + weight, 0) > most) model.shift();
        // Looking makes recent: in the order of the model, nothing changes.
        for (const [one, weight] of model) expect(recent.get(one)).toBe(weight);
        expect(['0', '1', '2', '3', '4'].filter((one) => recent.get(one) !== undefined)).toHaveLength(model.length);
        for (const [one] of model) recent.get(one);
      }
    }),
  );
});
