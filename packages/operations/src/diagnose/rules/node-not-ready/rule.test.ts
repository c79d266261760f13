import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is critical where workloads stand on it, high where only what runs everywhere does', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['reporting'],
        facts['pods'],
      ]),
    ).toEqual([
      ['critical', 'n1', false, 2],
      ['high', 'n2', true, 1],
    ]);
  });
});
