import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { node, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const quota = (namespace: string, hard: object) =>
  object('v1', 'ResourceQuota', 'compute', { metadata: { namespace }, spec: { hard } });
const severities = (...objects: readonly unknown[]) =>
  check(rule, examine({ observedAt: NOW, objects: [node(), ...objects] })).map(
    ({ severity, facts }) => `${severity} ${String(facts['resource'])}`,
  );

describeRule(rule, import.meta.url, ({ failing }) => {
  it('adds up what the namespaces may ask for', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'low',
      facts: { resource: 'CPU', quotas: 7000, allocatable: 4000, namespaces: ['blog', 'shop'] },
    });
  });
  it.each([
    [
      'information up to one and a half times the cluster',
      ['info CPU'],
      [quota('a', { cpu: '3' }), quota('b', { cpu: '3' })],
    ],
    ['low beyond that', ['low CPU'], [quota('a', { cpu: '3' }), quota('b', { cpu: '3100m' })]],
    ['both resources', ['low CPU', 'low memory'], [quota('a', { 'requests.cpu': '30', 'requests.memory': '300Gi' })]],
    ['nothing within the cluster', [], [quota('a', { cpu: '2' }), quota('b', { cpu: '2' })]],
    ['nothing for limits', [], [quota('a', { 'limits.cpu': '200' })]],
    ['nothing for quantities that are none', [], [quota('a', { cpu: 'many' })]],
  ])('gives %s', (_, expected, objects) => {
    expect(severities(...objects)).toEqual(expected);
  });
  it('is information where the cluster can grow', () => {
    const karpenter = object('v1', 'Node', 'n2', {
      metadata: { namespace: undefined, labels: { 'karpenter.sh/nodepool': 'default' } },
    });
    expect(severities(karpenter, quota('a', { cpu: '30' }))).toEqual(['info CPU']);
  });
});
