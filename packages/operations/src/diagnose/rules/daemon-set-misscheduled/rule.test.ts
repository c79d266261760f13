import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the nodes whose taint tells', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ misscheduled: 1, nodes: ['n1'] });
  });
});
