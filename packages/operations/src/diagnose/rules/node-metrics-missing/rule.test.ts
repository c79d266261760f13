import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the node without figures', () => {
    expect(check(rule, failing).map(({ resource }) => resource.name)).toEqual(['n2']);
  });
});
