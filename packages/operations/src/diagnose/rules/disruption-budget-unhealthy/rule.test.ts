import type { KindMap } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
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
  it('does not take pods that were not made again for more than there are to be', () => {
    const objects = failing.snapshot.objects
      .filter(({ metadata }) => metadata.name !== 'web-1-a')
      .map((object) => {
        if (object.kind !== 'PodDisruptionBudget' || object.metadata.name !== 'web') return object;
        const { status } = object as KindMap['PodDisruptionBudget'];
        return { ...object, status: { ...status, currentHealthy: 0, expectedPods: 1 } };
      });
    const scene = { observedAt: new Date(failing.now).toISOString(), objects };
    const one = check(rule, examine(scene)).find(({ resource }) => resource.name === 'web');
    expect(one?.facts).toMatchObject({ cause: 'pods-unhealthy', healthy: 0, desired: 2 });
  });
  it('is low where enough are healthy and none is to spare, and where it is counted here', () => {
    expect(of('api')).toMatchObject({ severity: 'low', facts: { cause: 'spent', healthy: 2, desired: 2 } });
    expect(of('own')).toMatchObject({ severity: 'low', facts: { healthy: 1, desired: 2, expected: 3 } });
  });
});
