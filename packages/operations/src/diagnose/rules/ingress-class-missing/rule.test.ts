import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('weighs a class that nobody brings above those that a controller may know by name', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['class'],
        facts['from'],
      ]),
    ).toEqual([
      ['high', 'gone', 'traefik', 'spec'],
      ['high', 'none', '', 'none'],
      ['low', 'old', 'haproxy', 'annotation'],
      ['low', 'served', '', 'none'],
    ]);
  });
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i', namespace: 'shop' },
    spec: {},
  };
  it('is low where classes were not read', () => {
    expect(check(rule, examine({ objects: [ingress] })).map(({ severity }) => severity)).toEqual(['low']);
  });
  it("leaves an Ingress without class to GKE's own controller", () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', labels: { 'cloud.google.com/gke-nodepool': 'a' } },
    };
    expect(check(rule, examine({ objects: [ingress, node] }))).toEqual([]);
  });
});
