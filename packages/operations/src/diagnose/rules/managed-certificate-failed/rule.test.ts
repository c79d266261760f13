import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the domain that failed, why, and where it should lead', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'high',
        resource: { name: 'invisible' },
        message: expect.stringMatching(/FailedNotVisible.*Ingress shop\/web answers at 203\.0\.113\.7/) as string,
        facts: { status: 'Provisioning', domains: ['invisible.example.com'] },
      },
      { severity: 'high', resource: { name: 'permanent' }, facts: { domains: [] } },
      {
        severity: 'medium',
        resource: { name: 'renewal' },
        message: expect.stringContaining('CAA records forbid the authority') as string,
      },
      { severity: 'medium', resource: { name: 'slow' }, message: expect.stringContaining('more than a day') as string },
    ]);
  });
});
