import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the Secret and the certificate', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'high',
        message: expect.stringContaining(
          'The private key in Secret shop/web-tls is not that of its certificate',
        ) as string,
        facts: { secret: 'shop/web-tls', serialNumber: '01', subject: 'CN=shop.example.com' },
      },
    ]);
  });
});
