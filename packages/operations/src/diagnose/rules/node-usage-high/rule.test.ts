import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('judges CPU and memory apart', () => {
    expect(
      check(rule, failing).map(({ resource, facts }) => [resource.name, facts['resource'], facts['share']]),
    ).toEqual([
      ['n1', 'cpu', 0.95],
      ['n2', 'memory', 0.946],
    ]);
  });
});
