import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information, and names the autoscaler that is switched off', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'info', message: 'ReplicationController shop/old is scaled to zero.' },
      {
        severity: 'info',
        message: 'Deployment shop/web is scaled to zero, which switches off autoscaler web.',
        facts: { autoscaler: 'web' },
      },
      { severity: 'info', message: 'StatefulSet shop/db is scaled to zero.' },
    ]);
  });
});
