import { expect, it } from 'vitest';
import { hasOutlived } from './outlived.ts';

const NOW = Date.UTC(2025, 8, 27, 10);
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

it.each([
  ['a run of ten minutes after one of a second', 10, 1 / 60, true],
  ['a run of one minute after one of a second', 1, 1 / 60, false],
  ['a run of ten minutes after one of four', 10, 4, false],
  ['a run of twelve minutes after one of four', 12, 4, true],
])('%s', (_, runs, ran, is) => {
  const lastState = { terminated: { exitCode: 1, startedAt: ago(runs + ran), finishedAt: ago(runs) } };
  expect(hasOutlived({ state: { running: { startedAt: ago(runs) } }, lastState }, NOW)).toBe(is);
});

it('is not known of one without times, or that is down', () => {
  const lastState = { terminated: { exitCode: 1, finishedAt: ago(10) } };
  expect(hasOutlived({ state: { running: { startedAt: ago(10) } }, lastState }, NOW)).toBe(false);
  expect(hasOutlived({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState }, NOW)).toBe(false);
});
