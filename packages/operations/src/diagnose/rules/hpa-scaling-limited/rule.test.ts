import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'info', message: 'Autoscaler shop/bare is held back: test reason.' },
      { severity: 'info', facts: { reason: 'ScaleUpLimit' } },
    ]);
  });
});
