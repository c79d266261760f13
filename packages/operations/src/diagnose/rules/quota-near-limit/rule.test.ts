import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('begins at 80 % and leaves what is used up to its own finding', () => {
    expect(check(rule, failing).map(({ facts }) => facts['metric'])).toEqual(['CPUS', 'IN_USE_ADDRESSES']);
  });
});
