import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('lets a wildcard stand for one label only', () => {
    expect(check(rule, failing).map(({ facts }) => facts['hosts'])).toEqual([
      ['shop.example.com'],
      ['a.b.example.com'],
    ]);
  });
});
