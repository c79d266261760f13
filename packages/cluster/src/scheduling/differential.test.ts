import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWorld, nodeObject, podObject } from './random-worlds.suite.ts';
import { podIn, snapshotOf } from './sample.suite.ts';
import { oracleReasons } from './scheduler-oracle.suite.ts';
import { createWorld, filterNode } from './world.ts';

describe('the filters', () => {
  it('agree with a plain re-implementation on every node of random worlds, first asked and after placements', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(anyWorld, ({ world: { nodes, placed }, asked }) => {
        const snapshot = snapshotOf([
          ...nodes.map(nodeObject),
          ...placed.map(([each, on]) => podObject(each, on)),
          podObject(asked),
        ]);
        const fresh = createWorld(snapshot);
        const late = createWorld(snapshot);
        const waiting = podIn(snapshot, 'new');
        // Counts that were made before a change must give what counts made after it give.
        for (const { name } of nodes) filterNode(waiting, name, late);
        for (const [each, on] of placed) late.remove(podIn(snapshot, each.name), on);
        for (const { name } of nodes) filterNode(waiting, name, late);
        for (const [each, on] of placed) late.place(podIn(snapshot, each.name), on);
        for (const each of nodes) {
          const expected = oracleReasons(asked, each, { nodes, placed });
          expect(filterNode(waiting, each.name, fresh)).toEqual(expected);
          expect(filterNode(waiting, each.name, late)).toEqual(expected);
          if (expected.length === 0) taken++;
          else refused++;
        }
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});
