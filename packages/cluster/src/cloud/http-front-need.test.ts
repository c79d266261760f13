import { describe, expect, it } from 'vitest';
import type { Gateway } from '../model/gateway-kinds.ts';
import type { KindMap } from '../model/kinds.ts';
import { quotaNeedOfGateway, quotaNeedOfIngress } from './http-front-need.ts';
import type { QuotaNeed } from './quota-need.ts';

type Ingress = KindMap['Ingress'];

const amounts = (needs: readonly QuotaNeed[]): unknown =>
  Object.fromEntries(needs.map(({ metric, region, amount }) => [`${region}/${metric}`, amount]));

function ingress(spec: Ingress['spec'], annotations: Record<string, string> = {}): Ingress {
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i', namespace: 'n', annotations } },
    spec: spec ?? {},
  };
}

const to = (name: string, number = 80) => ({ service: { name, port: { number } } });
const path = (name: string) => ({ path: `/${name}`, pathType: 'Prefix', backend: to(name) });

describe('quotaNeedOfIngress', () => {
  it('counts one front, and each Service port once', () => {
    const rules = [{ http: { paths: [path('a'), path('b'), path('a')] } }];
    expect(amounts(quotaNeedOfIngress(ingress({ defaultBackend: to('a'), rules }), 3))).toEqual({
      'global/FORWARDING_RULES': 1,
      'global/IN_USE_ADDRESSES': 1,
      'global/URL_MAPS': 1,
      'global/TARGET_HTTP_PROXIES': 1,
      'global/BACKEND_SERVICES': 2,
      'global/HEALTH_CHECKS': 2,
      'region/NETWORK_ENDPOINT_GROUPS': 6,
    });
  });

  it('adds a rule, a proxy and certificates for HTTPS, and knows reserved addresses', () => {
    const secure = ingress(
      { defaultBackend: to('a'), tls: [{ secretName: 'x' }, { secretName: 'y' }, { secretName: 'x' }] },
      { 'kubernetes.io/ingress.global-static-ip-name': 'front' },
    );
    const needs = amounts(quotaNeedOfIngress(secure, 1));
    expect(needs).toMatchObject({
      'global/FORWARDING_RULES': 2,
      'global/STATIC_ADDRESSES': 1,
      'global/TARGET_HTTP_PROXIES': 1,
      'global/TARGET_HTTPS_PROXIES': 1,
      'global/SSL_CERTIFICATES': 2,
    });
    expect(needs).not.toHaveProperty('global/IN_USE_ADDRESSES');
  });

  it('makes no certificate where one is named, and no HTTP rule where none is allowed', () => {
    const needs = amounts(
      quotaNeedOfIngress(
        ingress(
          { defaultBackend: to('a') },
          { 'ingress.gcp.kubernetes.io/pre-shared-cert': 'mine', 'kubernetes.io/ingress.allow-http': 'false' },
        ),
        1,
      ),
    );
    expect(needs).toMatchObject({ 'global/FORWARDING_RULES': 1, 'global/TARGET_HTTPS_PROXIES': 1 });
    expect(needs).not.toHaveProperty('global/TARGET_HTTP_PROXIES');
    expect(needs).not.toHaveProperty('global/SSL_CERTIFICATES');
  });

  it('stays inside the network for gce-internal, and is nothing for other classes', () => {
    const internal = ingress({ defaultBackend: to('a') }, { 'kubernetes.io/ingress.class': 'gce-internal' });
    expect(amounts(quotaNeedOfIngress(internal, 2))).toEqual({
      'region/FORWARDING_RULES': 1,
      'region/INTERNAL_ADDRESSES': 1,
      'region/NETWORK_ENDPOINT_GROUPS': 2,
    });
    expect(quotaNeedOfIngress(ingress({ ingressClassName: 'nginx' }), 1)).toEqual([]);
    expect(quotaNeedOfIngress(ingress({}, { 'kubernetes.io/ingress.class': 'nginx' }), 1)).toEqual([]);
    // The annotation counts before the field.
    const both = ingress({ ingressClassName: 'nginx' }, { 'kubernetes.io/ingress.class': 'gce' });
    expect(quotaNeedOfIngress(both, 1)).not.toEqual([]);
  });
});

describe('quotaNeedOfGateway', () => {
  const gateway = (gatewayClassName: string, ...ports: readonly (readonly [string, number])[]): Gateway => ({
    ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'g', namespace: 'n' } },
    spec: {
      gatewayClassName,
      listeners: ports.map(([protocol, port], index) => ({ name: `l${index}`, protocol, port })),
    },
  });

  it('counts one rule for each port, and its backends', () => {
    const needs = quotaNeedOfGateway(
      gateway('gke-l7-global-external-managed', ['HTTP', 80], ['HTTPS', 443], ['HTTPS', 443]),
      3,
      2,
    );
    expect(amounts(needs)).toEqual({
      'global/FORWARDING_RULES': 2,
      'global/IN_USE_ADDRESSES': 1,
      'global/URL_MAPS': 1,
      'global/TARGET_HTTP_PROXIES': 1,
      'global/TARGET_HTTPS_PROXIES': 1,
      'global/BACKEND_SERVICES': 3,
      'global/HEALTH_CHECKS': 3,
      'region/NETWORK_ENDPOINT_GROUPS': 6,
    });
  });

  it('is of the region or inside the network by its class, and nothing for classes of others', () => {
    expect(amounts(quotaNeedOfGateway(gateway('gke-l7-regional-external-managed', ['HTTP', 80]), 0, 1))).toEqual({
      'region/FORWARDING_RULES': 1,
      'region/EXTERNAL_MANAGED_FORWARDING_RULES': 1,
      'region/IN_USE_ADDRESSES': 1,
    });
    expect(amounts(quotaNeedOfGateway(gateway('gke-l7-rilb', ['HTTP', 80]), 0, 1))).toHaveProperty(
      'region/INTERNAL_ADDRESSES',
    );
    expect(quotaNeedOfGateway(gateway('istio', ['HTTP', 80]), 1, 1)).toEqual([]);
  });
});
