import { describe, expect, it } from 'vitest';
import { serviceOfRule } from '../../../cloud/parse-addresses.ts';
import { NODES, SERVICES } from '../../api/built-in-types.ts';
import { newCluster } from '../../simulated-cluster.suite.ts';
import { balancer, cloudCluster } from './cloud-cluster.suite.ts';

const MINUTE = 60_000;
const QUOTA =
  "googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 1.0 in region us-central1., quotaExceeded";

describe('a Service of type LoadBalancer', () => {
  it('gets an address, a forwarding rule and the finalizer, and says so', () => {
    const { api, clock, gcp, service, told, usage } = cloudCluster();
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    const { metadata, status } = service('web') ?? {};
    expect(metadata?.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
    expect(status?.loadBalancer?.ingress).toEqual([{ ip: expect.stringMatching(/^35\.(19|20)\d\./), ipMode: 'VIP' }]);
    expect(told('web')).toEqual([
      'Normal EnsuringLoadBalancer Ensuring load balancer',
      'Normal EnsuredLoadBalancer Ensured load balancer',
    ]);
    const [rule] = gcp.snapshot.forwardingRules ?? [];
    expect(rule).toMatchObject({
      name: `a${metadata?.uid?.replaceAll('-', '')}`.slice(0, 32),
      ...{ region: 'us-central1', protocol: 'TCP', scheme: 'EXTERNAL' },
      ipAddress: status?.loadBalancer?.ingress?.[0]?.ip,
      description: '{"kubernetes.io/service-name":"shop/web"}',
    });
    expect(gcp.snapshot.addresses).toEqual([]);
    expect([
      usage('IN_USE_ADDRESSES'),
      usage('TARGET_POOLS'),
      usage('FORWARDING_RULES'),
      usage('FIREWALLS', 'global'),
    ]).toEqual([1, 1, 1, 2]);
  });

  it('gives everything back before it goes', () => {
    const { api, clock, gcp, service, told } = cloudCluster();
    const before = gcp.snapshot;
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    api.delete(SERVICES, 'shop', 'web');
    clock.advance(5000);
    expect(service('web')?.metadata.deletionTimestamp).toBeDefined();
    clock.advance(MINUTE);
    expect(service('web')).toBeUndefined();
    expect(gcp.snapshot).toEqual(before);
    expect(told('web').slice(2)).toEqual([
      'Normal DeletingLoadBalancer Deleting load balancer',
      'Normal DeletedLoadBalancer Deleted load balancer',
    ]);
  });

  it('waits for a quota with growing delays, and gets an address at the try after one is free', () => {
    const { api, clock, gcp, service, addressOf, told } = cloudCluster({ limits: { IN_USE_ADDRESSES: 1 } });
    api.create(SERVICES, balancer('first'));
    clock.advance(MINUTE);
    api.create(SERVICES, balancer('second'));
    clock.advance(30 * MINUTE);
    expect(addressOf('second')).toBeUndefined();
    const name = `a${service('second')?.metadata.uid?.replaceAll('-', '')}`.slice(0, 32);
    const text = `Error syncing load balancer: failed to ensure load balancer: failed to create forwarding rule for load balancer (${name}(shop/second)): ${QUOTA}`;
    expect(told('second')).toEqual([
      'Normal EnsuringLoadBalancer Ensuring load balancer',
      `Warning SyncLoadBalancerFailed ${text}`,
    ]);
    expect(gcp.snapshot.forwardingRules).toHaveLength(1);
    api.delete(SERVICES, 'shop', 'first');
    clock.advance(7 * MINUTE);
    expect(addressOf('second')).toBeDefined();
  });

  it('retries after 5 s, then twice as long each time, at most 5 minutes', () => {
    const { api, clock } = cloudCluster({ limits: { IN_USE_ADDRESSES: 0 } });
    const failedAt: number[] = [];
    api.store.listen(({ object }) => {
      if ((object as { reason?: string }).reason === 'SyncLoadBalancerFailed') failedAt.push(clock.now);
    });
    api.create(SERVICES, balancer('web'));
    clock.advance(60 * MINUTE);
    const gaps = failedAt.slice(1).map((at, index) => at - (failedAt[index] ?? 0));
    const takes = (gaps[0] ?? 0) - 5000;
    expect(gaps.slice(0, 9).map((gap) => Math.round((gap - takes) / 1000))).toEqual([
      5, 10, 20, 40, 80, 160, 300, 300, 300,
    ]);
  });

  it('frees no address when it goes while it waits', () => {
    const { api, clock, service, told, usage } = cloudCluster({ limits: { IN_USE_ADDRESSES: 1 } });
    api.create(SERVICES, balancer('first'));
    clock.advance(MINUTE);
    api.create(SERVICES, balancer('second'));
    clock.advance(5 * MINUTE);
    api.delete(SERVICES, 'shop', 'second');
    clock.advance(MINUTE);
    expect(service('second')).toBeUndefined();
    expect(usage('IN_USE_ADDRESSES')).toBe(1);
    expect(told('second').slice(2)).toEqual(['Normal DeletedLoadBalancer Deleted load balancer']);
  });

  it('loses its address with its type, and gets another one back', () => {
    const { api, clock, service, addressOf, told, usage } = cloudCluster();
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    const retype = (type: string) =>
      api.change(SERVICES, 'shop', 'web', (one) => ({ ...one, spec: { ...one.spec, type } }));
    retype('ClusterIP');
    clock.advance(MINUTE);
    expect(service('web')?.status?.loadBalancer).toEqual({});
    expect(service('web')?.metadata.finalizers ?? []).toEqual([]);
    expect(usage('IN_USE_ADDRESSES')).toBe(0);
    expect(told('web')).toContain('Normal Type LoadBalancer -> ClusterIP');
    retype('LoadBalancer');
    clock.advance(MINUTE);
    expect(addressOf('web')).toBeDefined();
    expect(usage('IN_USE_ADDRESSES')).toBe(1);
  });

  it('keeps its address when its ports change', () => {
    const { api, clock, gcp, addressOf, usage } = cloudCluster();
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    const before = addressOf('web');
    api.change(SERVICES, 'shop', 'web', (one) => ({
      ...one,
      spec: { ...one.spec, ports: [{ port: 53, protocol: 'UDP' }] },
    }));
    clock.advance(MINUTE);
    expect(addressOf('web')).toBe(before);
    expect(gcp.snapshot.forwardingRules).toMatchObject([{ protocol: 'UDP', ipAddress: before }]);
    expect(usage('FORWARDING_RULES')).toBe(1);
  });

  it('has an internal address where it asks for one, and moves between inside and outside', () => {
    const { api, clock, gcp, addressOf, usage } = cloudCluster();
    const internal = { 'networking.gke.io/load-balancer-type': 'Internal' };
    api.create(SERVICES, balancer('web', {}, internal));
    clock.advance(MINUTE);
    expect(addressOf('web')).toMatch(/^10\.128\./);
    expect(gcp.snapshot.forwardingRules).toMatchObject([{ scheme: 'INTERNAL' }]);
    expect([usage('IN_USE_ADDRESSES'), usage('INTERNAL_ADDRESSES')]).toEqual([0, 1]);
    api.change(SERVICES, 'shop', 'web', (one) => ({ ...one, metadata: { ...one.metadata, annotations: {} } }));
    clock.advance(MINUTE);
    expect(addressOf('web')).toMatch(/^35\./);
    expect([usage('IN_USE_ADDRESSES'), usage('INTERNAL_ADDRESSES')]).toEqual([1, 0]);
  });

  it('is left alone for classes of others, and without a cloud', () => {
    const { api, clock, service, told } = cloudCluster();
    api.create(SERVICES, balancer('web', { loadBalancerClass: 'metallb.io/metallb' }));
    clock.advance(MINUTE);
    expect([service('web')?.metadata.finalizers, told('web')]).toEqual([undefined, []]);
    const plain = newCluster();
    plain.api.create(SERVICES, balancer('web'));
    plain.clock.advance(MINUTE);
    expect(plain.api.get(SERVICES, 'shop', 'web').status).toEqual({ loadBalancer: {} });
  });

  it('is made by ingress-gce for its class, with protocols mixed', () => {
    const { api, clock, gcp, service, told } = cloudCluster({ nodes: 0 });
    const ports = [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ];
    api.create(SERVICES, balancer('web', { loadBalancerClass: 'networking.gke.io/l4-regional-external', ports }));
    clock.advance(MINUTE);
    expect(told('web')).toEqual([
      'Normal SyncLoadBalancerSuccessful Successfully ensured IPv4 External LoadBalancer resources',
    ]);
    expect(service('web')?.metadata).toMatchObject({
      finalizers: ['gke.networking.io/l4-netlb-v2'],
      annotations: { 'service.kubernetes.io/backend-service': expect.stringMatching(/^k8s2-[0-9a-f]{8}-shop-web-/) },
    });
    const rules = gcp.snapshot.forwardingRules ?? [];
    expect(rules.map(({ protocol }) => protocol)).toEqual(['TCP', 'UDP']);
    expect(rules.map(serviceOfRule)).toEqual(['shop/web', 'shop/web']);
    api.delete(SERVICES, 'shop', 'web');
    clock.advance(MINUTE);
    expect(service('web')).toBeUndefined();
    expect(told('web').slice(1)).toEqual([
      'Normal DeletingLoadBalancer Deleting L4 External LoadBalancer for shop/web',
      'Normal DeletedLoadBalancer Deleted L4 External LoadBalancer',
    ]);
  });

  it('cannot mix protocols on a target pool', () => {
    const { api, clock, service, told } = cloudCluster();
    const ports = [
      { name: 'a', port: 53, protocol: 'UDP' },
      { name: 'b', port: 54, protocol: 'TCP' },
    ];
    api.create(SERVICES, balancer('web', { ports }));
    clock.advance(MINUTE);
    expect(told('web')).toEqual([
      'Normal EnsuringLoadBalancer Ensuring load balancer',
      'Warning LoadBalancerMixedProtocolNotSupported LoadBalancers with multiple protocols are not supported.',
      'Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: mixed protocol is not supported for LoadBalancer',
    ]);
    expect(service('web')?.status?.conditions).toMatchObject([{ type: 'LoadBalancerPortsError', status: 'True' }]);
  });

  it('needs nodes, and hears of new ones', () => {
    const { api, clock, kubelets, addressOf, told } = cloudCluster({ nodes: 0 });
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    expect(told('web').slice(1)).toEqual([
      'Warning UnAvailableLoadBalancer There are no available nodes for LoadBalancer',
      'Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: cannot EnsureLoadBalancer() with no hosts',
    ]);
    kubelets.addNode({ name: 'node-a' });
    clock.advance(10 * MINUTE);
    expect(addressOf('web')).toBeDefined();
    kubelets.addNode({ name: 'node-b' });
    clock.advance(MINUTE);
    expect(told('web')).toContain('Normal UpdatedLoadBalancer Updated load balancer with new hosts');
    for (const { metadata } of [...api.store.list(NODES)]) api.delete(NODES, '', metadata.name);
    clock.advance(1000);
    expect(addressOf('web')).toBeDefined();
  });

  it('tells what the cloud refuses for other reasons', () => {
    const { api, clock, gcp, told } = cloudCluster();
    gcp.conditions.refusal = () => "Required 'compute.forwardingRules.create' permission";
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    expect(told('web')[1]).toMatch(
      /failed to ensure load balancer: googleapi: Error 403: Required 'compute.forwardingRules.create' permission for 'projects\/example-project\/regions\/us-central1\/forwardingRules\/a[0-9a-f]{31}', forbidden$/,
    );
  });
});

describe('reserved addresses', () => {
  it('are used by the Service that names one, and stay when it goes', () => {
    const { api, clock, gcp, addressOf, usage } = cloudCluster();
    expect(gcp.reserveAddress('front')).toBeUndefined();
    const { address = '' } = gcp.fronts.reserved('front') ?? {};
    expect(gcp.snapshot.addresses).toMatchObject([{ name: 'front', status: 'RESERVED', users: [] }]);
    expect(gcp.snapshot.addresses?.[0]).not.toHaveProperty('createdAt');
    api.create(SERVICES, balancer('web', { loadBalancerIP: address }));
    clock.advance(MINUTE);
    expect(addressOf('web')).toBe(address);
    expect([usage('STATIC_ADDRESSES'), usage('IN_USE_ADDRESSES')]).toEqual([1, 0]);
    const [rule] = gcp.snapshot.forwardingRules ?? [];
    expect(gcp.snapshot.addresses).toMatchObject([{ status: 'IN_USE', users: [`forwardingRules/${rule?.name}`] }]);
    api.delete(SERVICES, 'shop', 'web');
    clock.advance(MINUTE);
    expect(gcp.snapshot.addresses).toMatchObject([{ status: 'RESERVED', users: [] }]);
    expect(usage('STATIC_ADDRESSES')).toBe(1);
  });

  it('must be there', () => {
    const { api, clock, gcp, told } = cloudCluster();
    api.create(SERVICES, balancer('web', { loadBalancerIP: '203.0.113.7' }));
    clock.advance(MINUTE);
    expect(told('web')[1]).toContain('requested ip "203.0.113.7" is neither static nor assigned to the LB');
    gcp.reserveAddress('front');
    const { address: loadBalancerIP = '' } = gcp.fronts.reserved('front') ?? {};
    api.create(SERVICES, balancer('one', { loadBalancerIP }));
    clock.advance(MINUTE);
    api.create(SERVICES, balancer('two', { loadBalancerIP }));
    clock.advance(MINUTE);
    expect(told('two')[1]).toContain(
      `Invalid value for field 'resource.IPAddress': '${loadBalancerIP}'. Specified IP address is in-use and would result in a conflict., invalid`,
    );
  });

  it('are found by name for what ingress-gce makes', () => {
    const { api, clock, gcp, addressOf, told } = cloudCluster();
    const spec = { loadBalancerClass: 'networking.gke.io/l4-regional-external' };
    const named = { 'networking.gke.io/load-balancer-ip-addresses': 'front' };
    api.create(SERVICES, balancer('web', spec, named));
    clock.advance(MINUTE);
    expect(told('web')[0]).toContain(
      "googleapi: Error 404: The resource 'projects/example-project/regions/us-central1/addresses/front' was not found, notFound",
    );
    gcp.reserveAddress('front');
    clock.advance(60 * MINUTE);
    expect(addressOf('web')).toBe(gcp.fronts.reserved('front')?.address);
  });

  it('are made of one in use, which then counts as static, and back', () => {
    const { api, clock, gcp, addressOf, usage } = cloudCluster({ limits: { STATIC_ADDRESSES: 1 } });
    api.create(SERVICES, balancer('web'));
    clock.advance(MINUTE);
    const address = addressOf('web') ?? '';
    expect(gcp.reserveAddress('kept', { address })).toBeUndefined();
    expect(gcp.snapshot.addresses).toMatchObject([{ name: 'kept', address, status: 'IN_USE' }]);
    expect([usage('STATIC_ADDRESSES'), usage('IN_USE_ADDRESSES')]).toEqual([1, 0]);
    expect(gcp.reserveAddress('more')).toEqual({ metric: 'STATIC_ADDRESSES', region: 'us-central1', limit: 1 });
    gcp.releaseAddress('kept');
    expect([usage('STATIC_ADDRESSES'), usage('IN_USE_ADDRESSES')]).toEqual([0, 1]);
    expect(gcp.snapshot.addresses).toEqual([]);
    expect(() => gcp.releaseAddress('kept')).toThrow(RangeError);
  });
});
