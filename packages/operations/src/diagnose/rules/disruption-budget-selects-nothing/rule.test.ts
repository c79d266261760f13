import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('is low, by the pods that were read or by the controller', () => {
    expect(of('lost')).toMatchObject({
      severity: 'low',
      message: 'Disruption budget shop/lost selects no pod (app=shop).',
      facts: { cause: 'no-match' },
    });
    expect(of('stated')).toMatchObject({ severity: 'low', resource: { namespace: 'blog' } });
    expect(of('none')?.facts).toEqual({ cause: 'no-match' });
  });
  it('is information where the workload is scaled to zero', () => {
    expect(of('idle')).toMatchObject({
      severity: 'info',
      message: 'Disruption budget shop/idle selects no pod (app=idle), as ReplicaSet idle-1 is scaled to zero.',
    });
  });
});
