import { describe, expect, it } from 'vitest';
import { parseSchedule } from './cron-schedule.ts';
import { nextTime } from './next-time.ts';

function next(text: string, after: string): string | undefined {
  const parsed = parseSchedule(text);
  if (!('schedule' in parsed)) throw new Error(parsed.problem);
  const at = nextTime(parsed.schedule, Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000', '');
}

describe('nextTime', () => {
  it.each([
    ['0/15 * * * *', '2012-07-09T14:45:00Z', '2012-07-09T15:00:00Z'],
    ['0/15 * * * *', '2012-07-09T14:59:59Z', '2012-07-09T15:00:00Z'],
    ['20-35/15 * * * *', '2012-07-09T15:45:00Z', '2012-07-09T16:20:00Z'],
    ['20-35/15 1/2 * * *', '2012-07-09T23:46:00Z', '2012-07-10T01:20:00Z'],
    ['0 0 9 Apr-Oct ?', '2012-07-09T23:35:00Z', '2012-08-09T00:00:00Z'],
    ['0 0 */5 Apr,Aug,Oct Mon', '2012-07-09T23:35:00Z', '2012-08-01T00:00:00Z'],
    ['0 0 * Feb Mon', '2012-07-09T23:35:00Z', '2013-02-04T00:00:00Z'],
    ['0 0 * Feb Mon/2', '2012-07-09T23:35:00Z', '2013-02-01T00:00:00Z'],
    ['* * * * *', '2012-12-31T23:59:45Z', '2013-01-01T00:00:00Z'],
    ['0 0 29 Feb ?', '2012-07-09T23:35:00Z', '2016-02-29T00:00:00Z'],
    ['0 12 1,15 * Sun', '2012-07-02T00:00:00Z', '2012-07-08T12:00:00Z'],
    ['@every 90m', '2012-07-09T14:45:00Z', '2012-07-09T16:15:00Z'],
    ['TZ=America/New_York 0 0 * * *', '2012-07-09T12:00:00Z', '2012-07-10T04:00:00Z'],
    ['TZ=Asia/Kolkata 30 5 * * *', '2012-07-09T12:00:00Z', '2012-07-10T00:00:00Z'],
  ])('%s after %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });
  it.each(['0 0 30 Feb ?', '0 0 31 Apr ?', ', * * * *', '* , * * *', '* * , * ,'])('%s never comes', (text) => {
    expect(next(text, '2012-07-09T23:35:00Z')).toBeUndefined();
  });
  it('goes on over the changes between winter and summer', () => {
    expect(next('TZ=America/New_York 30 1 * * *', '2012-11-03T06:00:00Z')).toBe('2012-11-04T05:30:00Z');
    expect(next('TZ=America/New_York 0 * * * *', '2012-03-11T06:30:00Z')).toBe('2012-03-11T07:00:00Z');
    expect(next('TZ=America/New_York 0 3 * * *', '2012-03-11T06:30:00Z')).toBe('2012-03-11T07:00:00Z');
    const daily = next('TZ=America/Sao_Paulo 0 0 * * *', '2012-10-20T12:00:00Z');
    expect(Date.parse(daily ?? '')).toBeLessThan(Date.parse('2012-10-23T00:00:00Z'));
  });
});
