import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontOfIngress, quotaNeedOfBackend, quotaNeedOfFront } from '../../../cloud/http-front-need.ts';
import type { KindMap, Service } from '../../../model/kinds.ts';
import { INGRESSES, SERVICES } from '../../api/built-in-types.ts';
import { cloudCluster } from '../load-balancer/cloud-cluster.suite.ts';

type Ingress = KindMap['Ingress'];
type Cluster = ReturnType<typeof cloudCluster>;

const MINUTE = 60_000;
const ZONES = 3;
const LIMITS = { 'global/FORWARDING_RULES': 3, 'global/BACKEND_SERVICES': 3, 'global/URL_MAPS': 2 };
const NAMES = ['a', 'b', 'c'] as const;
const name = fc.constantFrom(...NAMES);
const services = fc.subarray([...NAMES], { minLength: 1 });

function ingress(own: string, backends: readonly string[], annotations: Record<string, string>): Ingress {
  const paths = backends.map((one) => ({
    path: `/${one}`,
    pathType: 'Prefix',
    backend: { service: { name: one, port: { number: 80 } } },
  }));
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: own, namespace: 'shop', annotations } },
    spec: { rules: [{ http: { paths } }] },
  };
}

function service(own: string): Service {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: own, namespace: 'shop' } },
    spec: { selector: { app: own }, ports: [{ port: 80 }] },
  };
}

function unlessRefused(act: () => unknown): void {
  try {
    act();
  } catch {
    // What is not there, or there already, is no matter.
  }
}

const SECURE = { 'ingress.gcp.kubernetes.io/pre-shared-cert': 'mine' };
const operation: fc.Arbitrary<(cluster: Cluster) => void> = fc.oneof(
  fc.tuple(name, services, fc.boolean()).map(([own, backends, isSecure]) => ({ api }: Cluster) => {
    unlessRefused(() => api.create(INGRESSES, ingress(own, backends, isSecure ? SECURE : {})));
  }),
  fc.tuple(name, services).map(([own, backends]) => ({ api }: Cluster) => {
    unlessRefused(() =>
      api.change(INGRESSES, 'shop', own, (one) => ({ ...one, spec: ingress(own, backends, {}).spec ?? {} })),
    );
  }),
  name.map(
    (own) =>
      ({ api }: Cluster) =>
        unlessRefused(() => api.delete(INGRESSES, 'shop', own)),
  ),
  fc.integer({ min: 1, max: 400 }).map(
    (seconds) =>
      ({ clock }: Cluster) =>
        clock.advance(seconds * 1000),
  ),
);

/** What the Ingresses with an address need, by what they say that they have. */
function needed({ api }: Cluster): Map<string, number> {
  const sum = new Map<string, number>();
  const add = (metric: string, amount: number) => sum.set(metric, (sum.get(metric) ?? 0) + amount);
  const backends = new Set<string>();
  for (const one of api.store.list(INGRESSES)) {
    const front = frontOfIngress(one);
    if (front === undefined || one.status?.loadBalancer?.ingress === undefined) continue;
    for (const { metric, region, amount } of quotaNeedOfFront(front)) add(`${region}/${metric}`, amount);
    const said = one.metadata.annotations?.['ingress.kubernetes.io/backends'] ?? '{}';
    for (const backend of Object.keys(JSON.parse(said) as object)) backends.add(backend);
  }
  const each = [...backends].flatMap(() => quotaNeedOfBackend('global', ZONES));
  for (const { metric, region, amount } of each) add(`${region}/${metric}`, amount);
  return sum;
}

describe('Ingresses, whatever happens to them', () => {
  it('use what those there need, within all limits, and leave nothing', () => {
    const property = fc.property(fc.array(operation, { maxLength: 16 }), (operations) => {
      const cluster = cloudCluster({ limits: LIMITS });
      for (const own of NAMES) cluster.api.create(SERVICES, service(own));
      const before = cluster.gcp.snapshot;
      for (const operate of operations) {
        operate(cluster);
        for (const { usage, limit } of cluster.gcp.snapshot.quotas ?? []) expect(usage).toBeLessThanOrEqual(limit);
      }
      cluster.clock.advance(5 * MINUTE);
      const wanted = needed(cluster);
      const begin = new Map((before.quotas ?? []).map((one) => [`${one.region}/${one.metric}`, one.usage]));
      for (const { metric, region, usage } of cluster.gcp.snapshot.quotas ?? []) {
        const more = wanted.get(`${region === 'global' ? 'global' : 'region'}/${metric}`) ?? 0;
        expect([metric, usage]).toEqual([metric, (begin.get(`${region}/${metric}`) ?? 0) + more]);
      }
      for (const { metadata } of [...cluster.api.store.list(INGRESSES)])
        cluster.api.delete(INGRESSES, 'shop', metadata.name);
      cluster.clock.advance(2 * MINUTE);
      expect(cluster.gcp.snapshot).toEqual(before);
    });
    fc.assert(property, { numRuns: 25 });
  });
});
