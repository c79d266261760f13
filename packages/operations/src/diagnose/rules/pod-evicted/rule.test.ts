import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('reports the pods of a workload once, with what the node was short of', () => {
    expect(about('web')).toMatchObject([
      {
        resource: { kind: 'Deployment' },
        facts: {
          workload: 'apps/Deployment/shop/web',
          resource: 'ephemeral-storage',
          node: 'gke-prod-default-pool-7c1a9f3e-k2xw',
          pods: 3,
        },
      },
    ]);
    expect(about('web')[0]?.facts['nodes']).toHaveLength(2);
  });
  it('keeps reporting a pod that nobody replaces', () => {
    expect(about('scratch')).toMatchObject([{ severity: 'medium', resource: { kind: 'Pod' } }]);
  });
});
