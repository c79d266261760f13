import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('looks in the namespace of the route where none is named, and for Services of a mesh', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.kind,
        facts['parentKind'],
        facts['parent'],
      ]),
    ).toEqual([
      ['high', 'HTTPRoute', 'Gateway', 'shop/gone'],
      ['low', 'GRPCRoute', 'Service', 'shop/nobody'],
      ['low', 'TCPRoute', 'Gateway', 'infra/a'],
    ]);
  });
});
