import { describe, expect, it } from 'vitest';
import { NO_CLOUD } from '../../../cloud/cloud.ts';
import type { Gateway, GatewayRoute } from '../../../model/gateway-kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Service } from '../../../model/kinds.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, EVENTS, NAMESPACES, SERVICES } from '../../api/built-in-types.ts';
import { SnapshotBuilder } from '../../../snapshot/builder.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { NewCloudOptions } from '../../cloud/new-cloud.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { cloudCluster } from '../load-balancer/cloud-cluster.suite.ts';

const MINUTE = 60_000;
const GROUP = 'gateway.networking.k8s.io';
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function definition(kind: string, plural: string): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${GROUP}`, annotations: { 'api-approved.kubernetes.io': 'https://example.com/1' } },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  } as KubeObject;
}

function gatewayCluster(options: NewCloudOptions = {}) {
  const cluster = cloudCluster(options);
  const { api, clock } = cluster;
  for (const [kind, plural] of [
    ['Gateway', 'gateways'],
    ['HTTPRoute', 'httproutes'],
    ['ReferenceGrant', 'referencegrants'],
  ] as const)
    api.create(CUSTOM_RESOURCE_DEFINITIONS, definition(kind, plural) as never);
  clock.advance(5000);
  const type = <T extends KubeObject>(kind: string) => api.types.byKind(GROUP, kind) as ResourceType<T>;
  const [gateways, routes] = [type<Gateway>('Gateway'), type<GatewayRoute>('HTTPRoute')];
  return Object.assign(cluster, {
    gateways,
    routes,
    gateway: () => api.store.get(gateways, 'shop', 'front'),
    fact: (name: string) =>
      api.store.get(gateways, 'shop', 'front')?.status?.conditions?.find(({ type: one }) => one === name),
    routeFact: (route: string, name: string) =>
      api.store.get(routes, 'shop', route)?.status?.parents?.[0]?.conditions?.find(({ type: one }) => one === name),
  });
}

function gateway(spec: Partial<Gateway['spec']> = {}): Gateway {
  return {
    ...{ apiVersion: `${GROUP}/v1`, kind: 'Gateway', metadata: { name: 'front', namespace: 'shop' } },
    spec: {
      gatewayClassName: 'gke-l7-global-external-managed',
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }],
      ...spec,
    },
  };
}

function route(name: string, service: string, more: Partial<GatewayRoute['spec']> = {}): GatewayRoute {
  return {
    ...{ apiVersion: `${GROUP}/v1`, kind: 'HTTPRoute', metadata: { name, namespace: 'shop' } },
    spec: { parentRefs: [{ name: 'front' }], rules: [{ backendRefs: [{ name: service, port: 80 }] }], ...more },
  };
}

function service(name: string, namespace = 'shop'): Service {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}

describe('a Gateway', () => {
  it('gets an address and conditions, and counts its routes and their backends', () => {
    const { api, clock, gcp, gateways, routes, gateway: found, fact, routeFact, told, usage } = gatewayCluster();
    api.create(SERVICES, service('web'));
    api.create(gateways, gateway());
    api.create(routes, route('web', 'web'));
    clock.advance(2 * MINUTE);
    const address = found()?.status?.addresses?.[0];
    expect(address).toMatchObject({ type: 'IPAddress', value: expect.stringMatching(/^34\.12[01]\./) });
    for (const [type, reason] of [
      ['Accepted', 'Accepted'],
      ['Programmed', 'Programmed'],
      ['networking.gke.io/GatewayHealthy', 'Healthy'],
    ] as const)
      expect(fact(type)).toMatchObject({ status: 'True', reason });
    expect(found()?.status?.listeners).toMatchObject([{ name: 'http', attachedRoutes: 1 }]);
    expect(found()?.metadata.finalizers).toEqual(['gateway.finalizer.networking.gke.io']);
    expect(routeFact('web', 'Accepted')).toMatchObject({ status: 'True', reason: 'Accepted' });
    expect(routeFact('web', 'ResolvedRefs')).toMatchObject({ status: 'True', reason: 'ResolvedRefs' });
    expect(told('front')).toEqual(['Normal ADD shop/front', 'Normal SYNC SYNC on shop/front was a success']);
    expect(['FORWARDING_RULES', 'URL_MAPS', 'BACKEND_SERVICES'].map((metric) => usage(metric, 'global'))).toEqual([
      1, 1, 1,
    ]);
    expect(gcp.snapshot.forwardingRules).toMatchObject([
      { region: 'global', scheme: 'EXTERNAL_MANAGED', ipAddress: address?.value },
    ]);
  });

  it('gives everything back, and leaves its routes without a parent', () => {
    const { api, clock, gcp, gateways, routes, gateway: found } = gatewayCluster();
    const before = gcp.snapshot;
    api.create(SERVICES, service('web'));
    api.create(gateways, gateway());
    api.create(routes, route('web', 'web'));
    clock.advance(2 * MINUTE);
    api.delete(gateways, 'shop', 'front');
    clock.advance(MINUTE);
    expect([found(), gcp.snapshot]).toEqual([undefined, before]);
    expect(api.get(routes, 'shop', 'web').status?.parents).toEqual([]);
  });

  it('is not programmed for want of a quota, until there is more of it', () => {
    const cluster = gatewayCluster({ limits: { 'global/FORWARDING_RULES': 0 } });
    const { api, clock, gcp, gateways, gateway: found, fact, told } = cluster;
    api.create(gateways, gateway());
    clock.advance(2 * MINUTE);
    const words = "Quota 'FORWARDING_RULES' exceeded.  Limit: 0.0 globally.";
    expect(fact('Programmed')).toMatchObject({
      status: 'False',
      reason: 'Invalid',
      message: expect.stringContaining(words),
    });
    expect(told('front').at(-1)).toContain(words);
    expect(found()?.status?.addresses).toEqual([]);
    gcp.setLimit('FORWARDING_RULES', 5, 'global');
    clock.advance(5 * MINUTE);
    expect(fact('Programmed')).toMatchObject({ status: 'True', reason: 'Programmed' });
    expect(found()?.status?.addresses).toHaveLength(1);
  });

  it('takes named addresses alone', () => {
    const { api, clock, gcp, gateways, gateway: found, fact, told } = gatewayCluster();
    api.create(gateways, gateway({ addresses: [{ type: 'IPAddress', value: '34.1.2.3' }] }));
    clock.advance(2 * MINUTE);
    const words =
      'Error GWCER106: Gateway "shop/front" is invalid, err: unsupported address type "IPAddress", only "NamedAddress" is supported..';
    expect(fact('Programmed')).toMatchObject({ status: 'False', reason: 'Invalid', message: words });
    expect(told('front').at(-1)).toBe(`Warning SYNC failed to translate Gateway "shop/front": ${words}`);
    gcp.reserveAddress('mine', { global: true });
    api.change(gateways, 'shop', 'front', (one) => ({
      ...one,
      spec: { ...one.spec, addresses: [{ type: 'NamedAddress', value: 'mine' }] },
    }));
    clock.advance(2 * MINUTE);
    expect(found()?.status?.addresses?.[0]?.value).toBe(gcp.fronts.reserved('mine')?.address);
  });

  it('is inside the network by its class, and left alone for classes of others', () => {
    const { api, clock, gateways, gateway: found, told } = gatewayCluster();
    api.create(gateways, gateway({ gatewayClassName: 'gke-l7-rilb' }));
    clock.advance(2 * MINUTE);
    expect(found()?.status?.addresses?.[0]?.value).toMatch(/^10\.128\./);
    api.create(gateways, { ...gateway({ gatewayClassName: 'istio' }), metadata: { name: 'other', namespace: 'shop' } });
    clock.advance(2 * MINUTE);
    expect([told('other'), api.get(gateways, 'shop', 'other').status]).toEqual([[], undefined]);
  });
});

describe('an HTTPRoute', () => {
  it('says which of its Services is not there, and takes it up when it comes', () => {
    const { api, clock, gateways, routes, routeFact, told, usage } = gatewayCluster();
    api.create(gateways, gateway());
    api.create(routes, route('web', 'web'));
    clock.advance(2 * MINUTE);
    expect(routeFact('web', 'ResolvedRefs')).toMatchObject({
      ...{ status: 'False', reason: 'BackendNotFound' },
      message: expect.stringMatching(
        /^Object reference of HTTPRoute "shop\/web" bound to ParentRef \{Group:[^}]+\} failed to be resolved: error cause: reference-not-found: Error GWCER104: HTTPRoute "shop\/web" is misconfigured, err: Error GWCER102: services shop\/web not found$/,
      ),
    });
    expect(told('web').at(0)).toMatch(/^Warning SYNC Object reference of HTTPRoute/);
    api.create(SERVICES, service('web'));
    clock.advance(2 * MINUTE);
    expect(routeFact('web', 'ResolvedRefs')).toMatchObject({ status: 'True', reason: 'ResolvedRefs' });
    expect(usage('BACKEND_SERVICES', 'global')).toBe(1);
  });

  it.each([
    ['NoMatchingParent', {}, { parentRefs: [{ name: 'front', sectionName: 'https' }] }],
    ['NoMatchingListenerHostname', { hostname: 'a.example.com' }, { hostnames: ['b.example.com'] }],
    [
      'NotAllowedByListeners',
      { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } } },
      {},
    ],
    ['Accepted', { hostname: '*.example.com' }, { hostnames: ['b.example.com'] }],
  ])('is %s', (reason, listener, spec) => {
    const { api, clock, gateways, routes, routeFact } = gatewayCluster();
    api.create(SERVICES, service('web'));
    api.create(gateways, gateway({ listeners: [{ name: 'http', protocol: 'HTTP', port: 80, ...listener }] }));
    api.create(routes, route('web', 'web', spec));
    clock.advance(2 * MINUTE);
    expect(routeFact('web', 'Accepted')).toMatchObject({ status: reason === 'Accepted' ? 'True' : 'False', reason });
  });

  it('reaches into another namespace only where a ReferenceGrant lets it', () => {
    const { api, clock, gateways, routes, routeFact } = gatewayCluster();
    api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'depot' } });
    api.create(SERVICES, service('stock', 'depot'));
    api.create(gateways, gateway());
    const rules = [{ backendRefs: [{ name: 'stock', namespace: 'depot', port: 80 }] }];
    api.create(routes, route('web', 'stock', { rules }));
    clock.advance(2 * MINUTE);
    expect(routeFact('web', 'ResolvedRefs')).toMatchObject({ status: 'False', reason: 'RefNotPermitted' });
    const grants = api.types.byKind(GROUP, 'ReferenceGrant') as ResourceType;
    api.create(grants, {
      ...{ apiVersion: `${GROUP}/v1`, kind: 'ReferenceGrant', metadata: { name: 'shop', namespace: 'depot' } },
      spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service' }] },
    } as KubeObject);
    clock.advance(2 * MINUTE);
    expect(routeFact('web', 'ResolvedRefs')).toMatchObject({ status: 'True' });
  });
});

describe('a recorded Gateway', () => {
  const OBSERVED_AT = Date.UTC(2025, 8, 27, 12);
  const created = { namespace: 'shop', creationTimestamp: '2025-09-01T00:00:00Z' };
  const quota = (metric: string, usage: number) => ({ metric, region: 'global', limit: 9, usage });

  function twin() {
    const builder = new SnapshotBuilder();
    const conditions = [{ type: 'Programmed', status: 'True', reason: 'Programmed' }];
    const recorded = gateway();
    for (const object of [
      service('web'),
      { ...route('web', 'web'), metadata: { name: 'web', ...created } },
      {
        ...recorded,
        metadata: { name: 'front', finalizers: ['gateway.finalizer.networking.gke.io'], ...created },
        status: { conditions, addresses: [{ type: 'IPAddress', value: '34.120.9.9' }] },
      },
    ])
      builder.add(structuredClone(object), 'test');
    const quotas = [quota('FORWARDING_RULES', 4), quota('BACKEND_SERVICES', 4), quota('URL_MAPS', 4)];
    const cloud = { ...NO_CLOUD, provider: 'gcp' as const, quotas };
    const snapshot = builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: OBSERVED_AT, cloud });
    const { api, clock, cloud: gcp } = new SimulatedCluster({ snapshot });
    const gateways = api.types.byKind(GROUP, 'Gateway') as ResourceType<Gateway>;
    const usage = () => gcp?.snapshot.quotas?.map((one) => one.usage);
    return { api, clock, usage, gateways, found: () => api.store.get(gateways, 'shop', 'front') };
  }

  it('stays as it was, and gives back what it held when it goes', () => {
    const { api, clock, usage, gateways, found } = twin();
    const before = found();
    clock.advance(30 * MINUTE);
    expect([found(), usage(), [...api.store.list(EVENTS)]]).toEqual([before, [4, 4, 4], []]);
    api.delete(gateways, 'shop', 'front');
    clock.advance(MINUTE);
    expect([found(), usage()]).toEqual([undefined, [3, 3, 3]]);
  });

  it('keeps its address when it is changed', () => {
    const { api, clock, usage, gateways, found } = twin();
    clock.advance(MINUTE);
    const listeners = [
      { name: 'http', protocol: 'HTTP', port: 80 },
      { name: 'more', protocol: 'HTTP', port: 8080 },
    ];
    api.change(gateways, 'shop', 'front', (one) => ({ ...one, spec: { ...one.spec, listeners } }));
    clock.advance(2 * MINUTE);
    expect(found()?.status?.addresses).toEqual([{ type: 'IPAddress', value: '34.120.9.9' }]);
    expect(usage()).toEqual([5, 4, 4]);
  });
});
