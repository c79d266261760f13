import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells an absent Secret from one that may not be named', () => {
    expect(check(rule, failing).map(({ severity, facts }) => [severity, facts['secret'], facts['fault']])).toEqual([
      ['high', 'certs/shared', 'not-granted'],
      ['high', 'shop/gone', 'missing'],
      ['low', 'unread/lone', 'missing'],
    ]);
  });
});
