import { describe, expect, it } from 'vitest';
import { ENDPOINT_SLICES, INGRESSES, SERVICES } from '../api/built-in-types.ts';
import { newScene } from './fault-scene.suite.ts';
import { Symptoms } from './symptoms.suite.ts';

const slicesOf = ({ cluster }: Symptoms, name: string) =>
  [...cluster.api.store.list(ENDPOINT_SLICES, 'shop')].filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name,
  );

describe('faults of the network', () => {
  it.each([
    ['key', { app: 'storefront' }],
    ['value', { 'app.kubernetes.io/name': 'storefront-web' }],
    ['extra', { 'app.kubernetes.io/name': 'storefront', track: 'stable' }],
  ])('service-selector-drift of a %s leaves the Service without endpoints', (form, selector) => {
    const symptoms = new Symptoms('service-selector-drift', { target: 'shop/storefront', parameters: { form } });
    expect(symptoms.cluster.api.store.get(SERVICES, 'shop', 'storefront')?.spec?.selector).toEqual(selector);
    const addresses = () => slicesOf(symptoms, 'storefront').flatMap(({ endpoints }) => endpoints ?? []);
    expect(addresses()).toEqual([]);
    symptoms.repair();
    expect(addresses().map(({ conditions }) => conditions?.ready)).toEqual([true, true, true]);
  });

  it('service-target-port-wrong by name leaves endpoints without a port', () => {
    const symptoms = new Symptoms('service-target-port-wrong', { target: 'shop/storefront' });
    expect(slicesOf(symptoms, 'storefront').flatMap(({ ports }) => ports ?? [])).toEqual([]);
    symptoms.repair();
    expect(slicesOf(symptoms, 'storefront').flatMap(({ ports }) => ports ?? [])).toEqual([
      expect.objectContaining({ name: 'http', port: 3000 }),
    ]);
  });

  it('service-target-port-wrong by number sends to a port that no container states', () => {
    const symptoms = new Symptoms('service-target-port-wrong', {
      target: 'shop/storefront',
      parameters: { form: 'number' },
    });
    expect(slicesOf(symptoms, 'storefront').flatMap(({ ports }) => ports ?? [])).toEqual([
      expect.objectContaining({ name: 'http', port: 8999 }),
    ]);
    expect(symptoms.fault.isGone?.(symptoms.cluster)).toBe(false);
  });

  it.each([
    [
      'ingress-backend-missing',
      { name: 'storefront-svc', port: { name: 'http' } },
      'could not find service "shop/storefront-svc"',
    ],
    [
      'ingress-port-wrong',
      { name: 'storefront', port: { number: 8999 } },
      'could not find port "&ServiceBackendPort{Name:,Number:8999,}" in service "shop/storefront"',
    ],
  ])('%s changes what an Ingress names, and its controller says so', (kind, service, problem) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    const backend = () =>
      symptoms.cluster.api.store.get(INGRESSES, 'shop', 'storefront')?.spec?.rules?.[0]?.http?.paths[0]?.backend;
    expect(backend()).toEqual({ service });
    expect(symptoms.warnings('Ingress shop/storefront')).toContain(
      `Translate: Translation failed: invalid ingress spec: ${problem}`,
    );
    expect(symptoms.fault.isGone?.(symptoms.cluster)).toBe(false);
    symptoms.repair();
    expect(backend()).toEqual({ service: { name: 'storefront', port: { name: 'http' } } });
  });

  it('makes an Ingress where there is none', () => {
    const cluster = newScene();
    cluster.api.delete(INGRESSES, 'shop', 'storefront');
    cluster.clock.advance(60_000);
    const symptoms = new Symptoms('ingress-backend-missing', { cluster, target: 'shop/checkout' });
    expect(symptoms.fault.truth.entities).toEqual(['Ingress shop/checkout']);
  });
});
