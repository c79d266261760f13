import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('says how many it wants and has', () => {
    expect(of('web')).toMatchObject({
      severity: 'medium',
      message: 'Disruption budget shop/web wants 2 healthy pods and has 1 for 3 h.',
      facts: { cause: 'pods-unhealthy', healthy: 1, desired: 2, expected: 2, workload: 'apps/ReplicaSet/shop/web-1' },
    });
  });
  it('says so where there are to be fewer than it wants', () => {
    expect(of('db')).toMatchObject({
      severity: 'medium',
      message: 'Disruption budget shop/db wants 3 healthy pods and has 2 for 3 h, and there are to be no more than 2.',
      facts: { cause: 'budget-above-pods' },
    });
  });
  it('is low where enough are healthy and none is to spare, and where it is counted here', () => {
    expect(of('api')).toMatchObject({ severity: 'low', facts: { cause: 'spent', healthy: 2, desired: 2 } });
    expect(of('own')).toMatchObject({ severity: 'low', facts: { healthy: 1, desired: 2, expected: 3 } });
  });
});
