import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information, and says since when nothing was started', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'info', message: 'CronJob shop/nightly is suspended and has started no Job for 10 d.' },
    ]);
  });
});
