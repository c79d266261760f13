import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from './time.ts';

describe('times as text', () => {
  it.each([
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05.25Z', Date.UTC(2026, 0, 2, 3, 4, 5, 250)],
    ['2026-01-02T03:04:05+02:30', Date.UTC(2026, 0, 2, 0, 34, 5)],
    ['2024-02-29T23:59:59-00:00', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ])('%s is read', (text, at) => {
    expect(parseTime(text)).toBe(at);
  });

  it.each([
    ...[
      '',
      '2026-01-02',
      '2026-01-02T03:04:05',
      '2026-01-02 03:04:05Z',
      '2026-02-30T00:00:00Z',
      '2026-01-02T24:00:00Z',
    ],
    ...['2026-01-02T03:04:60Z', '2026-01-02T03:04:05z', '2026-01-02T03:04:05.Z', '2026-01-02T03:04:05+15:00', '1e12'],
    ...['2026-01-02T03:04:05+02:60', ' 2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z\n', '+12026-01-02T03:04:05Z'],
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('are written with whole seconds that are not later', () => {
    expect(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5, 999))).toBe('2026-01-02T03:04:05Z');
  });
});
