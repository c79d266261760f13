import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells a missing Service from a missing port, and groups the paths', () => {
    expect(
      check(rule, failing).map(({ severity, facts }) => [
        severity,
        facts['service'],
        facts['missing'],
        facts['port'],
        facts['routes'],
      ]),
    ).toEqual([
      ['high', 'shop/gone', 'service', '80', ['shop.example.com/cart', 'shop.example.com/pay']],
      ['high', 'shop/web', 'port', '(none)', ['shop.example.com/odd']],
      ['high', 'shop/web', 'port', '8080', ['shop.example.com/api']],
      ['high', 'shop/web', 'port', 'https', ['shop.example.com/']],
      ['low', 'other/api', 'service', '80', ['default backend']],
    ]);
  });
});
