import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is critical where a pod needs the data', () => {
    expect(check(rule, failing).map(({ severity, facts }) => [severity, facts])).toEqual([
      ['critical', { volume: 'pv-gone', pods: ['shop/web'] }],
      ['high', { volume: 'pv-left', pods: [] }],
    ]);
  });
});
