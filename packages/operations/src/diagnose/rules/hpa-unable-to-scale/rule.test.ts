import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, NOW, object } from '../../scene.suite.ts';
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

  it('leaves a missing target to the rule about it, but not one that was merely not read', () => {
    const hpa = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
      status: { conditions: [condition('AbleToScale', 'False')] },
    });
    const other = object('apps/v1', 'Deployment', 'other', { spec: { replicas: 0 } });
    expect(check(rule, examine({ observedAt: NOW, objects: [hpa] }))).toHaveLength(1);
    expect(check(rule, examine({ observedAt: NOW, objects: [hpa, other] }))).toEqual([]);
  });
});
