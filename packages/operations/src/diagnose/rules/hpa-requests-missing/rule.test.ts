import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('takes CPU where no metric is named', () => {
    expect(of('web')).toMatchObject({
      severity: 'medium',
      message: 'Autoscaler shop/web scales by cpu, of which app of Deployment web states no request.',
      facts: { resources: ['cpu'], containers: ['app'], workload: 'apps/Deployment/shop/web' },
      evidence: [{ path: 'spec.template.spec.containers[0].resources.requests.cpu' }],
    });
  });
  it('takes the resource and the container that are named, and sidecars', () => {
    expect(of('memory')?.facts).toMatchObject({ resources: ['memory'] });
    expect(of('one')?.facts).toMatchObject({ containers: ['app'] });
    expect(of('side')?.facts).toMatchObject({ containers: ['proxy'] });
  });
});
