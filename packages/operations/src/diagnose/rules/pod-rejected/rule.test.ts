import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('groups refusals by workload and reason', () => {
    expect(check(rule, failing).map(({ facts }) => [facts['reason'], facts['resource'], facts['pods']])).toEqual([
      ['UnexpectedAdmissionError', undefined, 1],
      ['OutOfcpu', 'cpu', 2],
    ]);
  });
});
