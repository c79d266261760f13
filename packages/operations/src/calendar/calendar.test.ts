import type { Plan } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../plan/action.suite.ts';
import { scheduleOf } from './calendar.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const NO_WINDOWS = { windows: [] };

const hours = (likely: number, pessimistic = likely) => ({
  durationMs: { optimistic: (2 * likely - pessimistic) * HOUR, likely: likely * HOUR, pessimistic: pessimistic * HOUR },
});

function planOf(...phases: readonly Pick<Plan['phases'][number], 'actions' | 'window' | 'awaits'>[]): Plan {
  return {
    ...{ outcome: 'plan', reason: '', goals: [], dependencies: [], rejected: [] },
    phases: phases.map(({ actions, window, awaits }, i) => ({
      ...{ number: i + 1, name: '', priority: 'high', purpose: '', barrier: [], actions },
      ...(window !== undefined && { window }),
      ...(awaits !== undefined && { awaits }),
    })),
  };
}

describe('the calendar', () => {
  it.each([
    ['a Saturday', '2025-09-27T12:00:00Z', '2025-09-29T09:00:00Z'],
    ['a Friday', '2025-09-26T03:00:00Z', '2025-09-29T09:00:00Z'],
    ['a Tuesday', '2025-09-30T23:59:00Z', '2025-10-01T09:00:00Z'],
  ])('begins on the first working day after %s', (_, observed, begins) => {
    expect(scheduleOf(planOf({ actions: [actionOf('a', hours(1))] }), at(observed), NO_WINDOWS)?.startsAt).toBe(
      at(begins),
    );
  });

  it('has moments in whole milliseconds, whatever the durations', () => {
    const odd = { durationMs: { optimistic: 1, likely: 7001.3, pessimistic: 95_000 }, delivery: 'source' as const };
    const schedule = scheduleOf(planOf({ actions: [actionOf('a', odd)] }), at('2025-09-29T12:00:00Z'), NO_WINDOWS);
    const moments = schedule?.phases.flatMap(({ startsAt, endsAt, latestAt }) => [startsAt, endsAt, latestAt]) ?? [];
    expect(moments).toHaveLength(3);
    for (const moment of [...moments, schedule?.endsAt, schedule?.latestAt])
      expect(moment).toSatisfy(Number.isSafeInteger);
  });

  it('takes the longest chain of a phase, and puts phases one after the other', () => {
    const actions = [
      actionOf('a', hours(1, 2)),
      actionOf('b', { ...hours(2, 3), after: ['a'] }),
      actionOf('c', hours(1)),
    ];
    const schedule = scheduleOf(
      planOf({ actions }, { actions: [actionOf('d', hours(1, 2))] }),
      at('2025-09-29T12:00:00Z'),
      NO_WINDOWS,
    );
    expect(schedule?.phases.map(({ startsAt, endsAt, latestAt }) => [startsAt, endsAt, latestAt])).toEqual([
      [at('2025-09-30T09:00:00Z'), at('2025-09-30T12:00:00Z'), at('2025-09-30T14:00:00Z')],
      [at('2025-09-30T12:00:00Z'), at('2025-09-30T13:00:00Z'), at('2025-09-30T16:00:00Z')],
    ]);
  });

  it('waits for answers at the barrier that needs them, and with what builds on them', () => {
    const asked = actionOf('asked', hours(30, 54));
    const schedule = scheduleOf(
      planOf(
        { actions: [asked, actionOf('a', hours(1))] },
        { actions: [actionOf('b', hours(1))], awaits: ['asked'] },
        { actions: [actionOf('c', hours(1))] },
      ),
      at('2025-09-28T12:00:00Z'),
      NO_WINDOWS,
    );
    expect(schedule?.phases.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [at('2025-09-29T09:00:00Z'), at('2025-09-29T10:00:00Z')],
      [at('2025-09-29T10:00:00Z'), at('2025-09-30T15:00:00Z')],
      [at('2025-09-30T15:00:00Z'), at('2025-09-30T16:00:00Z')],
    ]);
    expect(schedule?.phases[1]?.latestAt).toBe(at('2025-10-01T15:00:00Z'));
    const builtOn = planOf(
      { actions: [asked] },
      { actions: [actionOf('b', { ...hours(1), after: ['asked'] })], awaits: ['asked'] },
    );
    expect(scheduleOf(builtOn, at('2025-09-28T12:00:00Z'), NO_WINDOWS)?.phases[1]?.startsAt).toBe(
      at('2025-09-30T15:00:00Z'),
    );
  });

  it('goes on the next working day with what does not fit', () => {
    const plan = planOf({ actions: [actionOf('a', hours(6))] }, { actions: [actionOf('b', hours(4))] });
    const schedule = scheduleOf(plan, at('2025-10-02T12:00:00Z'), NO_WINDOWS);
    expect(schedule?.endsAt).toBe(at('2025-10-06T11:00:00Z'));
  });

  it('counts waiting for others in calendar time', () => {
    const schedule = scheduleOf(
      planOf({ actions: [actionOf('a', hours(48))] }),
      at('2025-09-29T12:00:00Z'),
      NO_WINDOWS,
    );
    expect(schedule?.endsAt).toBe(at('2025-10-02T09:00:00Z'));
  });

  it('counts the wait for an approval, by its three points', () => {
    const [without, approved] = [false, true].map((isNeeded) =>
      scheduleOf(
        planOf({ actions: [actionOf('a', { ...hours(1), approval: { isNeeded, approvers: [], reasons: [] } })] }),
        at('2025-09-29T12:00:00Z'),
        NO_WINDOWS,
      ),
    );
    const [soon = 0, late = 0] = [without, approved].map((one) => one?.endsAt);
    // (10 min + 4 × 1 h + 8 h) ÷ 6
    expect((late - soon) / HOUR).toBeCloseTo((1 / 6 + 4 + 8) / 6);
    // Nine hours from 09:00 end after 17:00, and so are due the next morning.
    expect(((approved?.latestAt ?? 0) - (without?.latestAt ?? 0)) / HOUR).toBe(23);
  });

  it('lets a phase wait for the next maintenance window', () => {
    const plan = planOf({ actions: [actionOf('a', hours(1))], window: 'Saturdays at two' });
    const windows = [{ schedule: '0 2 * * 6', minutes: 240, timeZone: 'Europe/Berlin' }];
    expect(scheduleOf(plan, at('2025-09-29T12:00:00Z'), { windows })?.phases[0]?.startsAt).toBe(
      at('2025-10-04T00:00:00Z'),
    );
  });

  it('says nothing without phases or without a moment', () => {
    expect(scheduleOf(planOf(), at('2025-09-29T12:00:00Z'), NO_WINDOWS)).toBeUndefined();
    expect(scheduleOf(planOf({ actions: [actionOf('a')] }), 0, NO_WINDOWS)).toBeUndefined();
  });
});
