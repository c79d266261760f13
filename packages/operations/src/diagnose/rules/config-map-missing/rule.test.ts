import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('takes every place in a template, and a ConfigMap of another namespace for none', () => {
    expect(
      check(rule, failing).map(({ resource, facts }) => [resource.name, facts['objectName'], facts['uses']]),
    ).toEqual([
      ['init', 'settings', ['environment of container prepare']],
      ['projected', 'settings', ['volume all']],
      ['web', 'settings', ['environment of container app']],
    ]);
  });
});
