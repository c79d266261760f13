import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells what is shared, full and repaired apart', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['cause'],
        facts['what'],
      ]),
    ).toEqual([
      ['high', 'a', 'shared', 'cluster IP'],
      ['high', 'b', 'range-full', 'node port'],
      ['low', 'c', 'not-allocated', 'cluster IP'],
    ]);
  });
});
