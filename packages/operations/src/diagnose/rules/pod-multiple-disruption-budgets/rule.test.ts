import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('names the budgets once for all pods of a workload', () => {
    expect(about('web')).toMatchObject([
      { resource: { kind: 'Deployment' }, facts: { budgets: ['all', 'web'], pods: 2 } },
    ]);
  });
});
