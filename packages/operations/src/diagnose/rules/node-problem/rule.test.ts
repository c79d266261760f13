import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('knows which way round each condition is', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.name, facts['condition']])).toEqual([
      ['n1', 'KernelDeadlock'],
      ['n2', 'NetworkingReady'],
    ]);
  });
});
