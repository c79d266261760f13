import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('reports the attempts of a Job once, by the newest', () => {
    const findings = check(rule, failing).filter(({ facts }) => facts['workload'] === 'batch/Job/shop/report-28980180');
    expect(findings).toMatchObject([{ resource: { name: 'report-28980180-4xk2j' }, facts: { exitCode: 3, pods: 3 } }]);
  });
  it('reports one container beside another that runs', () => {
    expect(about('batch-runner')).toMatchObject([{ facts: { container: 'api', exitCode: 1 } }]);
  });
});
