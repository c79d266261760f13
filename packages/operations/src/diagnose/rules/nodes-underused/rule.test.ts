import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the nodes that could go', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ nodes: 3, removable: ['node-3'], requestedShare: 0.5 });
  });
});
