import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the Services and the Gateways; what is scaled to zero is information', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.kind,
        facts['services'],
        facts['gateways'],
      ]),
    ).toEqual([
      ['high', 'HTTPRoute', ['shop/web'], ['shop/a']],
      ['info', 'GRPCRoute', ['shop/idle'], ['shop/a']],
    ]);
  });
});
