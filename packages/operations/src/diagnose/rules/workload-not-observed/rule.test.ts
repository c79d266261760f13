import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('finds all three kinds and dates them where it can', () => {
    const findings = check(rule, failing);
    expect(findings.map(({ resource, since }) => [resource.kind, resource.name, since !== undefined])).toEqual([
      ['DaemonSet', 'agent', true],
      ['Deployment', 'cart', false],
      ['Deployment', 'web', true],
      ['StatefulSet', 'db', false],
    ]);
    expect(findings[2]?.facts).toEqual({ generation: 9, observed: 8 });
  });

  it('calls more replicas than a rollout may add a surplus, and no fewer', () => {
    const having = (replicas: number, spec: object = {}, metadata: object = {}) =>
      check(
        rule,
        examine({
          observedAt: NOW,
          objects: [
            object('apps/v1', 'Deployment', 'web', { metadata, spec: { replicas: 4, ...spec }, status: { replicas } }),
          ],
        }),
      ).map(({ severity, facts }) => [severity, facts]);
    const six = [['low', { desired: 4, replicas: 6 }]];
    expect(having(6)).toEqual(six);
    expect(having(5)).toEqual([]);
    expect(having(6, { strategy: { rollingUpdate: { maxSurge: 2 } } })).toEqual([]);
    expect(having(6, { strategy: { rollingUpdate: { maxSurge: '26%' } } })).toEqual([]);
    expect(having(5, { strategy: { type: 'Recreate' } })).toHaveLength(1);
    expect(having(6, {}, { managedFields: [{ manager: 'kubectl', operation: 'Update', time: ago(1) }] })).toEqual([]);
    expect(having(6, {}, { managedFields: [{ manager: 'kubectl', operation: 'Update', time: ago(30) }] })).toEqual(six);
  });
});
