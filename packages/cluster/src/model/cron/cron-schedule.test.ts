import { describe, expect, it } from 'vitest';
import { parseSchedule } from './cron-schedule.ts';

const fieldsOf = (text: string) => {
  const parsed = parseSchedule(text);
  if (!('schedule' in parsed) || parsed.schedule.kind !== 'calendar') throw new Error(`no calendar: ${text}`);
  const { minutes, hours, days, months, weekdays, isBoth } = parsed.schedule.fields;
  return {
    minutes: [...minutes],
    hours: [...hours],
    days: [...days],
    months: [...months],
    weekdays: [...weekdays],
    isBoth,
  };
};

describe('parseSchedule', () => {
  it.each([
    ['5-7/2 * * * *', [5, 7]],
    ['5-6/2 * * * *', [5]],
    ['50/4 * * * *', [50, 54, 58]],
    ['*/20 * * * *', [0, 20, 40]],
    ['1,5-7/2,3 * * * *', [1, 5, 7, 3]],
    ['+5 * * * *', [5]],
    ['05 * * * *', [5]],
    [',7, * * * *', [7]],
  ])('minutes of %s', (text, minutes) => {
    expect(fieldsOf(text).minutes).toEqual(minutes);
  });
  it('knows names in any case, and what follows the hyphen of a star does not matter', () => {
    expect(fieldsOf('0 0 1 Jan,MAR-may *').months).toEqual([1, 3, 4, 5]);
    expect(fieldsOf('0 0 * * sun,TUE').weekdays).toEqual([0, 2]);
    expect(fieldsOf('*-7 * * * *').minutes).toHaveLength(60);
  });
  it('takes both days only beside a star; a star with a step is none', () => {
    expect(fieldsOf('0 0 1 * *').isBoth).toBe(true);
    expect(fieldsOf('0 0 ? * 1').isBoth).toBe(true);
    expect(fieldsOf('0 0 */1 * 1').isBoth).toBe(true);
    expect(fieldsOf('0 0 */2 * 1').isBoth).toBe(false);
    expect(fieldsOf('0 0 1 * 1').isBoth).toBe(false);
  });
  it.each(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])('%s', (text) => {
    expect(parseSchedule(text)).toMatchObject({ schedule: { kind: 'calendar' } });
  });
  it.each([
    ['@every 5m', 300_000],
    ['@every 1h30m', 5_400_000],
    ['@every 1.5h', 5_400_000],
    ['@every 100ms', 1000],
    ['@every -5m', 1000],
    ['@every 1500ms', 1000],
    ['@every 0', 1000],
    ['TZ=Asia/Tokyo @every 2s', 2000],
  ])('%s', (text, everyMs) => {
    expect(parseSchedule(text)).toEqual({ schedule: { kind: 'every', everyMs } });
  });
  it.each([
    ['TZ=UTC  5 * * * *', 'UTC'],
    ['CRON_TZ=Europe/Berlin 5 * * * *', 'Europe/Berlin'],
    ['TZ= 5 * * * *', 'UTC'],
    ['TZ=Local 5 * * * *', undefined],
    ['TZ=Asia/Tokyo @midnight', 'Asia/Tokyo'],
    ['5 * * * *', undefined],
  ])('zone of %s', (text, zone) => {
    expect(parseSchedule(text)).toMatchObject({ schedule: { kind: 'calendar', zone } });
  });
  it.each([
    '',
    ' ',
    '* * * *',
    '* * * * * *',
    '*** * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 13 *',
    '* * * * 7',
    '5-2 * * * *',
    '1-2-3 * * * *',
    '1/2/3 * * * *',
    '*/0 * * * *',
    '*/x * * * *',
    '-5 * * * *',
    '1.5 * * * *',
    'MON * * * *',
    '@reboot',
    '@Hourly',
    '@hourly ',
    '@every',
    '@every ',
    '@every 5',
    '@every 5 minutes',
    'TZ=UTC',
    'TZ=Mars/Olympus 0 * * * *',
    'TZ=europe/berlin 0 * * * *',
    'TZ=+02:00 0 * * * *',
    ` ${'*'.repeat(1000)}`,
  ])('refuses %j', (text) => {
    expect(parseSchedule(text)).toHaveProperty('problem');
  });
});
