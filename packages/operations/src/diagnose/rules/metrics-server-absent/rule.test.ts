import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is medium once an autoscaler cannot scale', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'medium', facts: { autoscalers: ['shop/web'], failing: 1 } },
    ]);
  });
});
