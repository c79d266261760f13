import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names those that wait for it, and matters little where none does', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'high',
        resource: { kind: 'ClusterIssuer', namespace: '', name: 'letsencrypt' },
        message: expect.stringContaining('Failed to register ACME account') as string,
        facts: { reason: 'ErrRegisterACMEAccount', certificates: ['shop/web'] },
      },
      { severity: 'low', resource: { kind: 'Issuer', name: 'unused' }, facts: { certificates: [] } },
    ]);
  });
});
