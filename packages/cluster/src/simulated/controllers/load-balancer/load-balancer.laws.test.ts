import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaNeedOfLoadBalancer } from '../../../cloud/quota-need.ts';
import type { Service } from '../../../model/kinds.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import { balancer, cloudCluster } from './cloud-cluster.suite.ts';

const MINUTE = 60_000;
const LIMITS = { IN_USE_ADDRESSES: 3, INTERNAL_ADDRESSES: 2, FORWARDING_RULES: 4, STATIC_ADDRESSES: 2 };
const ADDRESSES = new Set(['IN_USE_ADDRESSES', 'STATIC_ADDRESSES', 'INTERNAL_ADDRESSES']);

type Cluster = ReturnType<typeof cloudCluster>;
type Operation = (cluster: Cluster) => void;

const INTERNAL = { 'networking.gke.io/load-balancer-type': 'Internal' };
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const UDP = { name: 'dns', port: 53, protocol: 'UDP' };
const TCP = { name: 'web', port: 80, protocol: 'TCP' };

function unlessRefused(act: () => unknown): void {
  try {
    act();
  } catch {
    // What is not there, or there already, is no matter.
  }
}

const change = (one: string, mutate: (service: Service) => Service): Operation => {
  return ({ api }) => unlessRefused(() => api.change(SERVICES, 'shop', one, mutate));
};
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(name, fc.boolean(), fc.boolean()).map(([one, isInternal, isMixed]): Operation => {
    const spec = { ports: isMixed ? [TCP, UDP] : [TCP] };
    const classed = isMixed ? { ...spec, loadBalancerClass: 'networking.gke.io/l4-regional-external' } : spec;
    const annotations = isInternal && !isMixed ? INTERNAL : {};
    return ({ api }) => unlessRefused(() => api.create(SERVICES, balancer(one, classed, annotations)));
  }),
  name.map(
    (one): Operation =>
      ({ api }) =>
        unlessRefused(() => api.delete(SERVICES, 'shop', one)),
  ),
  fc
    .tuple(name, fc.constantFrom('ClusterIP', 'LoadBalancer', 'NodePort'))
    .map(([one, type]) => change(one, (service) => ({ ...service, spec: { ...service.spec, type } }))),
  fc
    .tuple(name, fc.constantFrom(TCP, UDP))
    .map(([one, port]) => change(one, (service) => ({ ...service, spec: { ...service.spec, ports: [port] } }))),
  fc.tuple(name, fc.boolean()).map(([one, isInternal]) =>
    change(one, (service) => ({
      ...service,
      metadata: { ...service.metadata, annotations: isInternal ? INTERNAL : {} },
    })),
  ),
  name.map((one): Operation => ({ gcp, addressOf }) => {
    const address = addressOf(one);
    unlessRefused(() => gcp.reserveAddress(`kept-${one}`, address === undefined ? {} : { address }));
  }),
  name.map(
    (one): Operation =>
      ({ gcp }) =>
        unlessRefused(() => gcp.releaseAddress(`kept-${one}`)),
  ),
  fc.integer({ min: 1, max: 600 }).map(
    (seconds): Operation =>
      ({ clock }) =>
        clock.advance(seconds * 1000),
  ),
);

/** What is used of each metric by the Services and reserved addresses that are there. */
function needed({ api, gcp, addressOf }: Cluster): Map<string, number> {
  const sum = new Map<string, number>();
  const add = (metric: string, amount: number) => sum.set(metric, (sum.get(metric) ?? 0) + amount);
  for (const service of api.store.list(SERVICES, 'shop')) {
    const address = addressOf(service.metadata.name);
    if (address === undefined) continue;
    for (const { metric, region, amount } of quotaNeedOfLoadBalancer(service))
      if (!ADDRESSES.has(metric)) add(`${region}/${metric}`, amount);
    const isReserved = gcp.fronts.reserved(address) !== undefined;
    const metric = address.startsWith('10.') ? 'INTERNAL_ADDRESSES' : 'IN_USE_ADDRESSES';
    if (!isReserved) add(`region/${metric}`, 1);
  }
  for (const { addressType } of gcp.snapshot.addresses ?? [])
    add(`region/${addressType === 'INTERNAL' ? 'INTERNAL_ADDRESSES' : 'STATIC_ADDRESSES'}`, 1);
  return sum;
}

describe('load balancers, whatever happens to their Services', () => {
  it('use what those there need, within all limits, at addresses that nobody shares', () => {
    const property = fc.property(fc.array(operation, { maxLength: 24 }), (operations) => {
      const cluster = cloudCluster({ limits: LIMITS });
      const used = ({ gcp }: Cluster) =>
        new Map(
          (gcp.snapshot.quotas ?? []).map(({ metric, region, usage }) => [
            `${region === 'global' ? 'global' : 'region'}/${metric}`,
            usage,
          ]),
        );
      const before = used(cluster);
      for (const operate of operations) {
        operate(cluster);
        for (const { usage, limit } of cluster.gcp.snapshot.quotas ?? []) expect(usage).toBeLessThanOrEqual(limit);
      }
      cluster.clock.advance(2 * MINUTE);
      const wanted = needed(cluster);
      for (const [metric, usage] of used(cluster))
        expect([metric, usage]).toEqual([metric, (before.get(metric) ?? 0) + (wanted.get(metric) ?? 0)]);
      const addresses = [...cluster.api.store.list(SERVICES)].flatMap(
        ({ metadata }) => cluster.addressOf(metadata.name) ?? [],
      );
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(new Set(cluster.gcp.snapshot.forwardingRules?.map(({ ipAddress }) => ipAddress))).toEqual(
        new Set(addresses),
      );
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('leave nothing when all are deleted', () => {
    const property = fc.property(fc.array(operation, { maxLength: 16 }), (operations) => {
      const cluster = cloudCluster({ limits: LIMITS });
      const before = cluster.gcp.snapshot;
      for (const operate of operations) operate(cluster);
      for (const { metadata } of [...cluster.api.store.list(SERVICES, 'shop')])
        cluster.api.delete(SERVICES, 'shop', metadata.name);
      for (const { name: kept } of cluster.gcp.snapshot.addresses ?? []) cluster.gcp.releaseAddress(kept);
      cluster.clock.advance(2 * MINUTE);
      expect(cluster.gcp.snapshot).toEqual(before);
    });
    fc.assert(property, { numRuns: 20 });
  });
});
