import { describe, expect, it } from 'vitest';
import { ingressOfRule } from '../../../cloud/parse-addresses.ts';
import type { KindMap, Pod, Service } from '../../../model/kinds.ts';
import { INGRESSES, PODS, SECRETS, SERVICES } from '../../api/built-in-types.ts';
import { cloudCluster } from '../load-balancer/cloud-cluster.suite.ts';

type Ingress = KindMap['Ingress'];
type Cluster = ReturnType<typeof cloudCluster>;

const MINUTE = 60_000;
const RESOURCE = 'ingress.kubernetes.io';

function ingress(name: string, services: readonly string[], spec: Ingress['spec'] = {}, annotations = {}): Ingress {
  const paths = services.map((service) => ({
    path: `/${service}`,
    pathType: 'Prefix',
    backend: { service: { name: service, port: { number: 80 } } },
  }));
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop', annotations } },
    spec: { rules: [{ http: { paths } }], ...spec },
  };
}

function service(name: string, more: Partial<Service> = {}): Service {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } },
    spec: { selector: { app: name }, ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
    ...more,
  };
}

function pod(app: string): Pod {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace: 'shop', labels: { app } } },
    spec: {
      containers: [{ name: 'main', image: `${app}:1`, readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5 } }],
    },
  };
}

const found = ({ api }: Cluster, name: string) => api.store.get(INGRESSES, 'shop', name);
const ipOf = (cluster: Cluster, name: string) => found(cluster, name)?.status?.loadBalancer?.ingress?.[0]?.ip;

describe('an Ingress', () => {
  it('gets an address, rules, the finalizer and the names of what was made', () => {
    const cluster = cloudCluster();
    const { api, clock, gcp, told, usage } = cluster;
    api.create(SERVICES, service('web'));
    api.create(PODS, pod('web'));
    api.create(INGRESSES, ingress('front', ['web']));
    clock.advance(MINUTE);
    const ip = ipOf(cluster, 'front') ?? '';
    expect(ip).toMatch(/^34\.12[01]\./);
    const { annotations = {}, finalizers } = found(cluster, 'front')?.metadata ?? {};
    expect(finalizers).toEqual(['networking.gke.io/ingress-finalizer-V2']);
    const [um, tp, fr] = ['url-map', 'target-proxy', 'forwarding-rule'].map((key) => annotations[`${RESOURCE}/${key}`]);
    expect(told('front').filter((text) => !text.includes('Scheduled'))).toEqual([
      `Normal Sync UrlMap "${um}" created`,
      `Normal Sync TargetProxy "${tp}" created`,
      `Normal Sync ForwardingRule "${fr}" created`,
      `Normal IPChanged IP is now ${ip}`,
    ]);
    expect(told('front')[0]).toBe('Normal Sync Scheduled for sync');
    const [rule] = gcp.snapshot.forwardingRules ?? [];
    expect(rule).toMatchObject({ name: fr, region: 'global', ipAddress: ip, scheme: 'EXTERNAL' });
    expect(rule === undefined ? '' : ingressOfRule(rule)).toBe('shop/front');
    expect(['FORWARDING_RULES', 'URL_MAPS', 'BACKEND_SERVICES'].map((metric) => usage(metric, 'global'))).toEqual([
      1, 1, 1,
    ]);
    expect(usage('NETWORK_ENDPOINT_GROUPS')).toBe(3);
  });

  it('tells the health of its backends: not known, then healthy or not by its pods', () => {
    const cluster = cloudCluster();
    const { api, clock } = cluster;
    for (const name of ['web', 'idle', 'sick']) api.create(SERVICES, service(name));
    for (const name of ['web', 'sick']) api.create(PODS, pod(name));
    cluster.behave({ container: ({ image }) => (image.startsWith('sick') ? { failsProbes: ['readiness'] } : {}) });
    api.create(INGRESSES, ingress('front', ['web', 'idle', 'sick']));
    const health = () => {
      const text = found(cluster, 'front')?.metadata.annotations?.[`${RESOURCE}/backends`] ?? '{}';
      return Object.entries(JSON.parse(text) as Record<string, string>).map(([name, state]) => [
        name.split('-')[3],
        state,
      ]);
    };
    clock.advance(MINUTE);
    expect(health()).toEqual([
      ['idle', 'Unknown'],
      ['sick', 'Unknown'],
      ['web', 'Unknown'],
    ]);
    clock.advance(2 * MINUTE);
    expect(health()).toEqual([
      ['idle', 'Unknown'],
      ['sick', 'UNHEALTHY'],
      ['web', 'HEALTHY'],
    ]);
    expect(api.get(SERVICES, 'shop', 'web').metadata.annotations?.['cloud.google.com/neg-status']).toContain(
      '"network_endpoint_groups":{"80":"k8s1-',
    );
  });

  it('shares backends with others, and gives everything back', () => {
    const cluster = cloudCluster();
    const { api, clock, gcp, usage } = cluster;
    const before = gcp.snapshot;
    for (const name of ['a', 'b']) api.create(SERVICES, service(name));
    api.create(INGRESSES, ingress('one', ['a', 'b']));
    api.create(INGRESSES, ingress('two', ['b']));
    clock.advance(MINUTE);
    expect([usage('BACKEND_SERVICES', 'global'), usage('FORWARDING_RULES', 'global')]).toEqual([2, 2]);
    api.delete(INGRESSES, 'shop', 'one');
    clock.advance(MINUTE);
    expect([usage('BACKEND_SERVICES', 'global'), usage('FORWARDING_RULES', 'global')]).toEqual([1, 1]);
    api.delete(INGRESSES, 'shop', 'two');
    clock.advance(MINUTE);
    expect([found(cluster, 'one'), found(cluster, 'two'), gcp.snapshot]).toEqual([undefined, undefined, before]);
  });

  it.each([
    [undefined, 'could not find service "shop/web"'],
    [
      service('web', { spec: { ports: [{ port: 81 }] } }),
      'could not find port "&ServiceBackendPort{Name:,Number:80,}" in service "shop/web"',
    ],
    [
      service('web', {
        metadata: { name: 'web', namespace: 'shop', annotations: { 'cloud.google.com/neg': '{"ingress":false}' } },
      }),
      'service "shop/web" is type "ClusterIP", expected "NodePort" or "LoadBalancer"',
    ],
  ])('cannot be translated without a backend (%#)', (backend, words) => {
    const cluster = cloudCluster();
    const { api, clock, told } = cluster;
    if (backend !== undefined) api.create(SERVICES, backend);
    api.create(INGRESSES, ingress('front', ['web']));
    clock.advance(MINUTE);
    expect(told('front')).toEqual([
      'Normal Sync Scheduled for sync',
      `Warning Translate Translation failed: invalid ingress spec: ${words}`,
    ]);
    if (backend !== undefined) api.delete(SERVICES, 'shop', 'web');
    api.create(SERVICES, service('web'));
    clock.advance(40 * MINUTE);
    expect(ipOf(cluster, 'front')).toBeDefined();
  });

  it.each([
    ['global/BACKEND_SERVICES', 'error running backend syncing routine: '],
    ['global/HEALTH_CHECKS', 'error running backend syncing routine: error ensuring health check: '],
    [
      'global/URL_MAPS',
      /^error running load balancer syncing routine: loadbalancer \S+-shop-front-\S+ does not exist: CreateUrlMap: $/,
    ],
    [
      'global/FORWARDING_RULES',
      /^error running load balancer syncing routine: loadbalancer \S+-shop-front-\S+ does not exist: $/,
    ],
  ])('waits for %s', (metric, step) => {
    const cluster = cloudCluster({ limits: { [metric]: 0 } });
    const { api, clock, gcp, told } = cluster;
    api.create(SERVICES, service('web'));
    api.create(INGRESSES, ingress('front', ['web']));
    clock.advance(MINUTE);
    const name = metric.slice(7);
    const words = `googleapi: Error 403: Quota '${name}' exceeded.  Limit: 0.0 globally., quotaExceeded`;
    const text = told('front').find((one) => one.includes('Error syncing')) ?? '';
    expect(text.endsWith(words)).toBe(true);
    const said = text.slice('Warning Sync Error syncing to GCP: '.length, -words.length);
    if (typeof step === 'string') expect(said).toBe(step);
    else expect(said).toMatch(step);
    gcp.setLimit(name, 5, 'global');
    clock.advance(40 * MINUTE);
    expect(ipOf(cluster, 'front')).toBeDefined();
  });

  it('serves HTTPS with the secrets that are there, HTTP alone without any', () => {
    const cluster = cloudCluster();
    const { api, clock, told, usage } = cluster;
    api.create(SERVICES, service('web'));
    api.create(INGRESSES, ingress('front', ['web'], { tls: [{ secretName: 'web-tls' }] }));
    clock.advance(MINUTE);
    expect(told('front')).toContain('Warning Sync Could not find TLS certificate: secrets "web-tls" not found');
    expect([usage('TARGET_HTTPS_PROXIES', 'global'), usage('SSL_CERTIFICATES', 'global')]).toEqual([0, 0]);
    const before = ipOf(cluster, 'front');
    api.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web-tls', namespace: 'shop' } });
    clock.advance(15 * MINUTE);
    expect([usage('TARGET_HTTPS_PROXIES', 'global'), usage('SSL_CERTIFICATES', 'global')]).toEqual([1, 1]);
    expect(usage('FORWARDING_RULES', 'global')).toBe(2);
    expect(ipOf(cluster, 'front')).toBe(before);
  });

  it('uses the address that it names, which must be there', () => {
    const cluster = cloudCluster();
    const { api, clock, gcp, told, usage } = cluster;
    api.create(SERVICES, service('web'));
    api.create(INGRESSES, ingress('front', ['web'], {}, { 'kubernetes.io/ingress.global-static-ip-name': 'front-ip' }));
    clock.advance(MINUTE);
    expect(told('front').at(-1)).toMatch(
      /the given static IP name front-ip doesn't translate to an existing static IP\.$/,
    );
    gcp.reserveAddress('front-ip', { global: true });
    clock.advance(40 * MINUTE);
    expect(ipOf(cluster, 'front')).toBe(gcp.fronts.reserved('front-ip')?.address);
    expect([usage('STATIC_ADDRESSES', 'global'), gcp.snapshot.addresses?.[0]?.status]).toEqual([1, 'IN_USE']);
  });

  it('is left alone for other classes, and goes on being looked at', () => {
    const cluster = cloudCluster();
    const { api, clock, told } = cluster;
    api.create(SERVICES, service('web'));
    api.create(INGRESSES, ingress('other', ['web'], { ingressClassName: 'nginx' }));
    api.create(INGRESSES, ingress('front', ['web']));
    clock.advance(MINUTE);
    expect([told('other'), found(cluster, 'other')?.metadata.finalizers]).toEqual([[], undefined]);
    const quiet = cluster.gcp.snapshot;
    clock.advance(60 * MINUTE);
    expect(cluster.gcp.snapshot).toEqual(quiet);
    expect(told('front').filter((text) => text.startsWith('Warning'))).toEqual([]);
  });
});
