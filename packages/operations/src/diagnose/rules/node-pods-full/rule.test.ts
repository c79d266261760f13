import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts unfinished pods against the limit', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ pods: 3, limit: 3 });
  });
});
