import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('looks in the namespace of the set only', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.namespace, facts['objectName']])).toEqual([
      ['jobs', 'db'],
      ['shop', 'db-headless'],
    ]);
  });
  it('is low in a namespace of which no Service was read, and silent where Services could not be read', () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'kv', namespace: 'elsewhere' },
      spec: { replicas: 1, serviceName: 'kv' },
    };
    expect(check(rule, examine({ objects: [set] }))).toMatchObject([
      {
        severity: 'low',
        message:
          'StatefulSet elsewhere/kv relies on Service kv for the DNS names of its pods, which is not among what was read.',
      },
    ]);
    expect(check(rule, examine({ objects: [set], missing: ['services'] }))).toEqual([]);
  });
});
