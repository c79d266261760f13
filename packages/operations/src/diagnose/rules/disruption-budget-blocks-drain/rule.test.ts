import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('is low while nobody drains', () => {
    expect(of('web')).toMatchObject({
      severity: 'low',
      message: 'Disruption budget shop/web never allows an eviction: it wants 1 of 1 pod.',
      facts: { cause: 'no-disruption', expected: 1, desired: 1, workload: 'apps/ReplicaSet/shop/web-1' },
    });
    expect(of('own')).toMatchObject({ severity: 'low', facts: { expected: 2, desired: 2 } });
  });
  it('is medium once a node under its pods is cordoned', () => {
    expect(of('db')).toMatchObject({
      severity: 'medium',
      message:
        'Disruption budget shop/db never allows an eviction: it wants 2 of 2 pods; the drain of n2 waits for it.',
      facts: { nodes: ['n2'] },
    });
  });
  it('repeats why the controller cannot count', () => {
    expect(of('bare')).toMatchObject({
      severity: 'medium',
      facts: { cause: 'sync-failed' },
      message:
        'Disruption budget shop/bare never allows an eviction: the controller cannot count its pods: found no controllers for pod "bare".',
    });
  });
});
