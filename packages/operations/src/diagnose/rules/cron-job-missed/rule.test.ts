import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('counts the starts that the schedule asked for', () => {
    expect(of('nightly')).toMatchObject({
      severity: 'medium',
      message: 'CronJob shop/nightly has started no Job for 2 d although its schedule "0 3 * * *" asked for it.',
      facts: { cause: 'not-started' },
      since: Date.parse('2025-09-25T03:00:00Z'),
    });
  });
  it('repeats why a Job could not be made, and that the deadline was missed', () => {
    expect(of('refused')?.facts).toEqual({ cause: 'creation-refused', refusal: 'quota' });
    expect(of('tight')?.facts).toEqual({ cause: 'deadline' });
  });
  it('says nothing where the moment of observation is not known', () => {
    const objects = failing.snapshot.list('CronJob').map((cron) => structuredClone(cron));
    const examination = examine({ objects });
    expect(check(rule, examination)).toEqual([]);
  });
});
