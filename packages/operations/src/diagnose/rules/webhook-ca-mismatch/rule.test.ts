import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells an empty bundle from one that vouches for another certificate, once per bundle', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'high', resource: { name: 'refused' }, facts: { cause: 'empty' } },
      {
        severity: 'high',
        resource: { kind: 'ValidatingWebhookConfiguration', name: 'policy' },
        message: expect.stringContaining('signed that of Secret ops/hook-tls') as string,
        facts: {
          cause: 'not-signed',
          secret: 'ops/hook-tls',
          webhooks: ['a.policy.example.com', 'b.policy.example.com'],
        },
      },
      { severity: 'high', resource: { kind: 'APIService' }, facts: { cause: 'empty', webhooks: [] } },
    ]);
  });
});
