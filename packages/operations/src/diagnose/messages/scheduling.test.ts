import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeParser } from './laws.suite.ts';
import { parseScheduling } from './scheduling.ts';
import { rows, REASONS } from './corpus/scheduling.suite.ts';

describeParser('parseScheduling', { parse: parseScheduling, rows, except: (text) => text.endsWith('...') });

describe('parseScheduling', () => {
  it('reads every count of any list of reasons, in whatever order the scheduler rendered them', () => {
    const item = fc.record({ count: fc.integer({ min: 0, max: 99_999 }), reason: fc.constantFrom(...REASONS) });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 12 }),
        fc.nat(99_999),
        fc.boolean(),
        (items, total, tail) => {
          const list = items.map(({ count, reason }) => `${count} ${reason[1]}`).join(', ');
          const end = tail
            ? ` preemption: 0/${total} nodes are available: ${total} No preemption victims found for incoming pod.`
            : '';
          const found = parseScheduling(`0/${total} nodes are available: ${list}.${end}`);
          expect(found?.total).toBe(total);
          expect(found?.reasons.map(({ count, text }) => `${count} ${text}`).join(', ')).toBe(list);
          expect(found?.reasons.map((reason) => reason.class)).toEqual(items.map(({ reason }) => reason[2]));
        },
      ),
    );
  });

  it('splits a taint only behind its braces', () => {
    const name = fc
      .stringMatching(/^[a-z0-9, ./-]{1,20}$/)
      .filter((text) => text.trim() === text && !/ {2}/.test(text));
    fc.assert(
      fc.property(name, fc.nat(9), (value, count) => {
        const found = parseScheduling(
          `0/9 nodes are available: 3 node(s) had untolerated taint {key: ${value}}, ${count} Insufficient cpu.`,
        );
        expect(found?.reasons.map((reason) => reason.count)).toEqual([3, count]);
        expect(found?.reasons[0]?.taint).toEqual({ key: 'key', value });
      }),
    );
  });
});
