import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('stands at the younger one and names the older', () => {
    expect(
      check(rule, failing).map(({ resource, facts }) => [
        `${resource.namespace}/${resource.name}`,
        facts['other'],
        facts['routes'],
      ]),
    ).toEqual([
      ['other/third', 'shop/first', ['a.example.com/']],
      ['shop/alb-2', 'shop/alb-1', ['a.example.com/']],
      ['shop/second', 'shop/first', ['a.example.com/']],
    ]);
  });
});
