import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells an absent Secret from one without a certificate, and says who is to make it', () => {
    expect(
      check(rule, failing).map(({ severity, facts }) => [severity, facts['secret'], facts['fault'], facts['issued']]),
    ).toEqual([
      ['high', 'shop/a-tls', 'missing', true],
      ['high', 'shop/other', 'incomplete', true],
      ['low', 'unread/c-tls', 'missing', false],
    ]);
  });
});
