import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('writes the taint as kubectl does', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ taints: ['dedicated=batch:NoSchedule'], pendingPods: 1 });
  });
});
