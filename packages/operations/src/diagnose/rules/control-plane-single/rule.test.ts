import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information about the one node', () => {
    expect(check(rule, failing).map(({ severity, resource }) => [severity, resource.name])).toEqual([['info', 'c1']]);
  });
});
