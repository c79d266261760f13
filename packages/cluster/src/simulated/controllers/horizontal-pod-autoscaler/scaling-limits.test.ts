import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScalingHistory } from './scaling-limits.ts';

const bounds = fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 20 }));
const wishes = fc.array(fc.nat(60), { minLength: 1, maxLength: 60 });

describe('ScalingHistory', () => {
  it('stays within the bounds, and never more than doubles beyond four', () => {
    fc.assert(
      fc.property(bounds, wishes, ([min, more], desired) => {
        const max = min + more;
        const history = new ScalingHistory();
        let current = min;
        for (const [at, one] of desired.entries()) {
          history.begin(current, at * 15_000);
          const { replicas } = history.limit({ current, desired: one, min, max }, undefined, at * 15_000);
          expect(replicas).toBeGreaterThanOrEqual(min);
          expect(replicas).toBeLessThanOrEqual(Math.min(max, Math.max(2 * current, 4, min)));
          current = replicas;
        }
      }),
    );
  });

  it('shrinks to no less than the highest wish of the last five minutes', () => {
    fc.assert(
      fc.property(wishes, (desired) => {
        const history = new ScalingHistory();
        let current = 30;
        for (const [at, one] of desired.entries()) {
          history.begin(current, at * 15_000);
          const { replicas } = history.limit({ current, desired: one, min: 1, max: 60 }, undefined, at * 15_000);
          const lately = desired.slice(Math.max(0, at - 20), at + 1);
          expect(replicas).toBeGreaterThanOrEqual(Math.min(current, Math.max(...lately)));
          current = replicas;
        }
      }),
    );
  });

  it('adds no more than its policy in a period', () => {
    const behavior = {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
      },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
    };
    const history = new ScalingHistory();
    const sizes = [10];
    for (let at = 1; at <= 12; at++) {
      const current = sizes.at(-1) ?? 0;
      const { replicas } = history.limit({ current, desired: 50, min: 1, max: 50 }, behavior, at * 15_000);
      if (replicas !== current) history.scaled(current, replicas, behavior, at * 15_000);
      sizes.push(replicas);
    }
    expect(sizes).toEqual([10, 12, 12, 12, 12, 14, 14, 14, 14, 16, 16, 16, 16]);
  });
});
