import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('repeats the reason', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ reason: 'NoRouteCreated', pods: 0 });
  });
});
