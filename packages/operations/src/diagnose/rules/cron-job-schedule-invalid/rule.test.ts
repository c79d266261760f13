import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it.each([
    ['stars', 'unreadable'],
    ['empty', 'unreadable'],
    ['seconds', 'unreadable'],
    ['sunday', 'unreadable'],
    ['reboot', 'unreadable'],
    ['february', 'never'],
    ['zone', 'time-zone'],
    ['told', 'stated'],
  ])('%s never runs: %s', (name, cause) => {
    expect(of(name)).toMatchObject({ severity: 'high', facts: { cause } });
  });
  it('names the part that is wrong', () => {
    expect(of('sunday')?.message).toBe(
      'CronJob shop/sunday never starts a Job: the day of week 7 lies outside 0–6 (schedule "0 3 * * 7").',
    );
    expect(of('seconds')?.message).toContain('it has 6 fields instead of 5');
    expect(of('zone')?.message).toContain('there is no time zone "Europe/Atlantis"');
  });
  it('is low for a time zone inside the schedule, which works', () => {
    expect(of('inline')).toMatchObject({ severity: 'low', facts: { cause: 'zone-in-schedule' } });
  });
});
