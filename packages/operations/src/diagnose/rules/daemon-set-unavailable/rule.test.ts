import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the node that is without', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ desired: 2, ready: 1, updated: 2, missing: 0, nodes: ['n2'] });
  });
});
