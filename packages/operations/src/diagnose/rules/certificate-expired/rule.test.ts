import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is worse where it is served', () => {
    expect(check(rule, failing).map(({ severity, resource }) => [severity, resource.name])).toEqual([
      ['critical', 'shop.example.com:443'],
      ['high', 'shop-tls'],
    ]);
  });
});
