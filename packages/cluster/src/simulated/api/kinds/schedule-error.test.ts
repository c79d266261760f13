import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../model/cron/cron-schedule.ts';
import { scheduleError } from './schedule-error.ts';

describe('scheduleError', () => {
  it.each([
    ['', 'empty spec string'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-2 * * * *', 'beginning of range (5) beyond end of range (2): 5-2'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['MON * * * *', 'failed to parse int from MON: strconv.Atoi: parsing "MON": invalid syntax'],
    ['@reboot', 'unrecognized descriptor: @reboot'],
    ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
  ])('says of %j what the parser of the API server says', (schedule, text) => {
    expect(scheduleError(schedule)).toBe(text);
  });

  it.each([
    '*/20 1,5-7/2,3 * Jan,MAR-may sun',
    ',7, * * * *',
    '0 0 ? * 1',
    '+5 * * * *',
    '*-7 * * * *',
    '@hourly',
    '@every 1h30m',
    '-5 * * * *',
    '1.5 * * * *',
    '* * * 13 *',
    '@Hourly',
    '@every ',
  ])('finds %j right or wrong as the controller does', (schedule) => {
    expect(scheduleError(schedule) === undefined).toBe('schedule' in parseSchedule(schedule));
  });
});
