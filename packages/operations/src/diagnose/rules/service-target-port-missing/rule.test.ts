import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is high for a name, low for a number that may be open undeclared', () => {
    expect(
      check(rule, failing).map(({ id, severity, facts }) => [
        id.slice(rule.code.length + 1),
        severity,
        facts['target'],
        facts['declared'],
      ]),
    ).toEqual([
      ['/Service/shop/api:80', 'high', 'http', ['grpc=9000/TCP']],
      ['/Service/shop/web:udp', 'high', 'http', ['http=8080/TCP']],
      ['/Service/shop/web:web', 'high', 'web', ['http=8080/TCP']],
      ['/Service/shop/web:number', 'low', '9999', ['http=8080/TCP']],
    ]);
  });
});
