import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is one finding about the class that Kubernetes takes', () => {
    const found = check(rule, failing);
    expect(found.map(({ resource, facts }) => [resource.name, facts])).toEqual([['new', { classes: ['new', 'old'] }]]);
  });
});
