import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells a proxy that reaches nothing from a program that fails, and both from a single failure', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'critical',
        message:
          'https://a.example.com:443/, which Ingress shop/web exposes, answers with status 503: nothing behind it takes requests. Behind it: Service shop/web.',
        facts: { status: 503, services: ['shop/web'] },
      },
      { severity: 'high', facts: { status: 500 } },
      { severity: 'low', message: expect.stringContaining('failed 1 of 2 times') as string },
    ]);
  });
});
