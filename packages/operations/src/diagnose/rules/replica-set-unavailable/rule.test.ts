import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('judges those behind custom resources, and ReplicationControllers', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.kind, resource.name, facts['missing']])).toEqual(
      [
        ['ReplicationController', 'old', 1],
        ['ReplicaSet', 'api-6d9f', 1],
      ],
    );
  });
});
