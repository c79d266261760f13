import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('finds all three kinds and dates them where it can', () => {
    const findings = check(rule, failing);
    expect(findings.map(({ resource, since }) => [resource.kind, resource.name, since !== undefined])).toEqual([
      ['DaemonSet', 'agent', true],
      ['Deployment', 'cart', false],
      ['Deployment', 'web', true],
      ['StatefulSet', 'db', false],
    ]);
    expect(findings[2]?.facts).toEqual({ generation: 9, observed: 8 });
  });
});
