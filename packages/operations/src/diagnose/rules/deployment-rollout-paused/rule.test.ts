import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says how long, and what runs meanwhile', () => {
    expect(check(rule, failing)[0]?.message).toMatch(/paused for .*all 3 replicas are of an earlier one/);
  });
});
