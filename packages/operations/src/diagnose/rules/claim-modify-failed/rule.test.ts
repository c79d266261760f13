import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('reads the condition, the status and the event', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.name, facts])).toEqual([
      ['refused', { attributesClass: 'fast', status: 'Infeasible' }],
      ['said', { attributesClass: 'fast', status: 'InProgress' }],
    ]);
  });
});
