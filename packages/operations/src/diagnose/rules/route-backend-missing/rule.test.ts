import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells Service, port and grant apart; what the controller says settles doubt', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['service'],
        facts['missing'],
      ]),
    ).toEqual([
      ['high', 'far', 'other/far', 'grant'],
      ['high', 'gone', 'shop/gone', 'service'],
      ['high', 'port', 'shop/web', 'port'],
      ['high', 'said', 'unread/api', 'service'],
      ['low', 'unread', 'unread/api', 'service'],
    ]);
  });
});
