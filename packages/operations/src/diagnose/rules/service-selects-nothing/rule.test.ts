import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = () => new Map(check(rule, failing).map((finding) => [finding.resource.name, finding]));
  it('names the workload that differs by one label, and the revision that still matched', () => {
    expect(found().get('web')).toMatchObject({
      severity: 'high',
      facts: {
        workload: 'apps/Deployment/shop/web',
        label: 'tier',
        wanted: 'frontend',
        found: 'front',
        drifted: true,
        revision: '3',
      },
    });
    expect(found().get('web')?.message).toContain('has tier=front where the selector asks for tier=frontend');
  });
  it('is low where nobody is seen to need it, for what an operator owns and where pods were not read', () => {
    expect(['gone', 'db-ro', 'api'].map((name) => found().get(name)?.severity)).toEqual(['low', 'low', 'low']);
    expect(found().get('api')?.message).toContain('not among what was read');
  });

  const labelled = (name: string, labels: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [{ name: 'a' }] },
  });
  const deployed = (name: string, labels: Record<string, string>) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
  });
  const service = (name: string, selector: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { selector, ports: [{ port: 80 }] },
  });
  const verdict = (objects: readonly unknown[]) =>
    check(rule, examine({ observedAt: '2025-09-27T12:00:00Z', objects })).map(({ severity, facts }) => [
      severity,
      facts['drifted'],
      facts['workload'],
    ]);

  it('blames no other workload of the same release', () => {
    const release = (name: string) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'shop' });
    expect(
      verdict([
        deployed('storefront', release('storefront')),
        labelled('p', release('storefront')),
        service('redis', release('redis')),
      ]),
    ).toEqual([['low', false, 'apps/Deployment/shop/storefront']]);
  });
  it('takes a track that no pod has for a drift only where nobody else serves the workload', () => {
    const web = deployed('web', { app: 'web' });
    const canary = service('web-canary', { app: 'web', track: 'canary' });
    expect(verdict([web, labelled('p', { app: 'web' }), service('web', { app: 'web' }), canary])).toEqual([
      ['low', false, 'apps/Deployment/shop/web'],
    ]);
    expect(verdict([web, labelled('p', { app: 'web' }), canary])).toEqual([['high', true, 'apps/Deployment/shop/web']]);
  });
  it('is high where an Ingress sends traffic to it', () => {
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'i', namespace: 'shop' },
      spec: { defaultBackend: { service: { name: 'gone', port: { number: 80 } } } },
    };
    expect(verdict([labelled('p', { app: 'x' }), service('gone', { app: 'y' }), ingress])).toEqual([
      ['high', undefined, undefined],
    ]);
  });
});
