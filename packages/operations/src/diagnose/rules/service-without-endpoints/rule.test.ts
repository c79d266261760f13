import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells pods that are not ready from pods that do not exist and from what is meant so', () => {
    expect(
      check(rule, failing).map(({ resource, severity, facts }) => [
        severity,
        `${resource.kind} ${resource.namespace}/${resource.name}`,
        facts['cause'],
      ]),
    ).toEqual(
      [
        ['high', 'Service other/api', 'unknown'],
        ['high', 'Service shop/batch', 'no-pods'],
        ['high', 'Service shop/web', 'pods-not-ready'],
        ['low', 'Service other/manual', 'no-addresses'],
        ['low', 'Endpoints third/lone', 'pods-not-ready'],
        ['info', 'Service shop/idle', 'scaled-to-zero'],
      ].toSorted(([a, x], [b, y]) => rank(a) - rank(b) || (`${x}` < `${y}` ? -1 : 1)),
    );
  });
  it('names pods and workloads for what follows from it', () => {
    const web = check(rule, failing).find(({ resource }) => resource.name === 'web');
    expect(web?.facts).toMatchObject({ pods: ['shop/web-1', 'shop/web-2'], notReady: 2 });
    expect(web?.facts['workloads']).toContain('apps/Deployment/shop/web');
    expect(web?.message).toBe('Service shop/web has no ready endpoint: none of its 2 pods is ready (web-1, web-2).');
  });

  const service = (spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }], ...spec },
  });
  const verdict = (...objects: readonly unknown[]) =>
    check(rule, examine({ observedAt: '2025-09-27T12:00:00Z', objects })).map(
      ({ severity, facts }) => `${severity} ${String(facts['cause'])}`,
    );

  it('is high for an address that was forgotten where an Ingress needs it', () => {
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'i', namespace: 'shop' },
      spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    };
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web', namespace: 'shop' } };
    expect(verdict(service({}), endpoints)).toEqual(['low no-addresses']);
    expect(verdict(service({}), endpoints, ingress)).toEqual(['high no-addresses']);
  });
  it('says so where ready pods are not listed', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
      spec: { containers: [{ name: 'a' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2025-09-20T00:00:00Z' }],
      },
    };
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [],
    };
    expect(verdict(service({ selector: { app: 'web' } }), pod, slice)).toEqual(['high not-published']);
    expect(verdict(service({ selector: { app: 'web' } }), pod)).toEqual([]);
  });
  it('leaves the pods of a finished Job in peace', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'run-1', namespace: 'shop', labels: { app: 'web' } },
      spec: { containers: [{ name: 'a' }] },
      status: { phase: 'Succeeded' },
    };
    expect(verdict(service({ selector: { app: 'web' } }), pod)).toEqual(['info scaled-to-zero']);
  });
});

const ORDER = ['critical', 'high', 'medium', 'low', 'info'];
function rank(severity: string | undefined): number {
  return ORDER.indexOf(severity ?? '');
}
