import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the finalizer, and what the cloud refuses', () => {
    const [edge, odd] = check(rule, failing);
    expect(edge?.facts).toEqual({ finalizers: ['service.kubernetes.io/load-balancer-cleanup'], cause: 'permission' });
    expect(edge?.message).toContain(
      'for 3 h, held by finalizer service.kubernetes.io/load-balancer-cleanup: Error syncing',
    );
    expect(odd?.facts).toEqual({ finalizers: ['example.com/cleanup'] });
  });
});
