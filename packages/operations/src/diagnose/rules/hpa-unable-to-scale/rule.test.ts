import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('repeats the words of the controller', () => {
    expect(check(rule, failing)).toMatchObject([
      { message: 'Autoscaler shop/bare cannot scale its target: test reason.' },
      {
        severity: 'high',
        message:
          'Autoscaler shop/web cannot scale its target for 3 h: the HPA controller was unable to update the target scale: deployments.apps "web" is forbidden.',
        facts: { reason: 'FailedUpdateScale', workload: 'apps/Deployment/shop/web' },
      },
    ]);
  });
});
