import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the pod that holds the claim, or the finalizers that are left', () => {
    const found = new Map(check(rule, failing).map((finding) => [finding.resource.name, finding]));
    expect(found.get('data')?.facts).toEqual({ finalizers: ['kubernetes.io/pvc-protection'], pods: ['shop/web'] });
    expect(found.get('data')?.message).toContain('pod shop/web uses it');
    expect(found.get('copied')?.message).toContain('pvc-as-source-protection');
  });
});
