import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('gives the finalizer that holds it before the content that remains', () => {
    const [finding] = check(rule, failing);
    expect(finding?.message).toContain('acme.io/cleanup in 2 resource instances');
    expect(finding?.facts).toEqual({
      conditions: ['NamespaceFinalizersRemaining', 'NamespaceContentRemaining'],
      finalizers: ['kubernetes'],
    });
  });
});
