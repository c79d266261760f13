import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is certain where the kind was read, and finds an annotation that is no JSON', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        `${resource.kind} ${resource.name}`,
        facts['objectName'],
        facts['malformed'],
      ]),
    ).toEqual([
      ['high', 'Service odd', '', true],
      ['high', 'Service web', 'web-config', false],
      ['low', 'Ingress outer', 'front', false],
    ]);
  });
});
