import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, nextDelayMs, RETRY_LIMITS, retryAfterMs } from './retry.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('retryAfterMs', () => {
  it.each([
    ['3', 3000],
    [' 0 ', 0],
    ['Fri, 02 Jan 2026 03:04:10 GMT', 5000],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['1e9', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});

describe('back-off', () => {
  const time = (now: number, random: number) => ({ now: () => now, random: () => random });

  it('doubles, jitters over its upper half, and has a ceiling', () => {
    expect([1, 2, 3, 20].map((attempt) => backOffMs(attempt, RETRY_LIMITS, () => 0))).toEqual([125, 250, 500, 7500]);
    expect(backOffMs(20, RETRY_LIMITS, () => 0.999_999)).toBe(15_000);
  });

  it('never comes back before the server allows, nor after its own bounds', () => {
    fc.assert(
      fc.property(
        fc.nat(10),
        fc.nat(100_000),
        fc.option(fc.nat(120_000), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, elapsed, asked, random) => {
          const delay = nextDelayMs(attempt + 1, 0, asked, RETRY_LIMITS, time(elapsed, random));
          if (delay === undefined) return;
          expect(attempt + 1).toBeLessThan(RETRY_LIMITS.attempts);
          expect(delay).toBeGreaterThanOrEqual(asked ?? 0);
          expect(elapsed + delay).toBeLessThanOrEqual(RETRY_LIMITS.totalMs);
        },
      ),
    );
  });
});
