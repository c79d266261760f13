import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterSnapshot, KubeObject, Service } from '@aia/cluster';
import { withPatch } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { policyFrom } from '../../policy/policy.ts';
import { NETWORK_KINDS } from './network-kinds.ts';
import { deploymentOf, namespaceOf, proposedFor, sceneOf, serviceOf } from './network-scene.suite.ts';
import type { Remedy } from '../remedy.ts';

const APPS = ['web', 'cart', 'pay'] as const;

/** A Service of type LoadBalancer: of one workload, of all of a tier, or of nobody. */
const balancers = fc.array(
  fc.record({
    selector: fc.constantFrom<Readonly<Record<string, string>>>(
      ...APPS.map((app) => ({ app })),
      { tier: 'front' },
      { app: 'nobody' },
    ),
    port: fc.constantFrom('http', 8080, 9000),
    isInternal: fc.boolean(),
    isNamed: fc.boolean(),
  }),
  { minLength: 3, maxLength: 9 },
);

const scenes = fc.record({
  balancers,
  addresses: fc.integer({ min: 1, max: 8 }),
  most: fc.integer({ min: 1, max: 5 }),
});

function serviceAt(
  {
    selector,
    port,
    isInternal,
    isNamed,
  }: { selector: object; port: string | number; isInternal: boolean; isNamed: boolean },
  at: number,
) {
  const annotations = {
    ...(isInternal && { 'networking.gke.io/load-balancer-type': 'Internal' }),
    ...(isNamed && { 'external-dns.alpha.kubernetes.io/hostname': `s${at}.example.com` }),
  };
  return serviceOf(
    `s${at}`,
    { type: 'LoadBalancer', selector, ports: [{ port: 80, targetPort: port }] },
    { annotations },
  );
}

/** Workloads with ready endpoints behind a Service, by the label of their pods. */
function workloadsBehind(snapshot: ClusterSnapshot, name: string): readonly string[] {
  return snapshot
    .listIn('EndpointSlice', 'shop')
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ targetRef }) => snapshot.get('Pod', 'shop', targetRef?.name ?? '')?.metadata.labels?.['app'] ?? []);
}

/** Whether clients from outside come in by it: it has a load balancer with an address that is not of the network alone. */
function isFront(service: Service): boolean {
  return (
    service.spec?.type === 'LoadBalancer' &&
    (service.status?.loadBalancer?.ingress ?? []).length > 0 &&
    service.metadata.annotations?.['networking.gke.io/load-balancer-type'] === undefined
  );
}

function reachedBy(services: readonly Service[], routed: ReadonlySet<string>, snapshot: ClusterSnapshot) {
  const open = services.filter((one) => isFront(one) || routed.has(one.metadata.name));
  return new Set(open.flatMap(({ metadata }) => workloadsBehind(snapshot, metadata.name)));
}

/** Services as a remedy leaves them. */
function servicesAfter(services: readonly Service[], changes: readonly Change[]): readonly Service[] {
  return services.flatMap((service) => {
    let now: Service | undefined = service;
    for (const change of changes) {
      if (now === undefined || !('target' in change) || change.target.name !== service.metadata.name) continue;
      if (change.target.kind !== 'Service') continue;
      if (change.kind === 'delete') now = undefined;
      else if (change.kind === 'patch') now = withPatch(now as KubeObject, change.patch) as Service;
    }
    return now ?? [];
  });
}

/** Services that fronts made by a remedy lead to; such fronts have to have an address before anything goes. */
function routedBy({ drafts }: Remedy): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { service, backendRefs } = value as {
      service?: { name?: string };
      backendRefs?: readonly { name: string }[];
    };
    for (const name of [service?.name, ...(backendRefs ?? []).map((one) => one.name)]) if (name) names.add(name);
    for (const inner of Object.values(value)) visit(inner);
  };
  for (const { changes, probe } of drafts)
    if (probe?.conditions.some(({ kind }) => kind === 'address'))
      for (const change of changes) if (change.kind === 'create') visit(change.object);
  return names;
}

describe('remedies of the network', () => {
  it('leave every live workload that outside could reach a front with an address', () => {
    let tried = 0;
    fc.assert(
      fc.property(scenes, ({ balancers: all, addresses, most }) => {
        const shop = sceneOf(
          [
            namespaceOf('shop'),
            ...APPS.map((name) => deploymentOf(name, { labels: { tier: name === 'pay' ? 'back' : 'front' } })),
            ...all.map(serviceAt),
          ],
          { limits: { IN_USE_ADDRESSES: addresses } },
        );
        const snapshot = shop.observe();
        const policy = policyFrom({ version: 1, targets: { loadBalancers: most } }, 'drawn');
        const services = snapshot.listIn('Service', 'shop');
        const before = reachedBy(services, new Set(), snapshot);
        for (const kind of NETWORK_KINDS)
          for (const remedy of proposedFor(snapshot, kind, policy).remedies) {
            tried++;
            const changes = remedy.drafts.flatMap((draft) => draft.changes);
            const after = reachedBy(servicesAfter(services, changes), routedBy(remedy), snapshot);
            expect([remedy.title, [...before].filter((one) => !after.has(one))]).toEqual([remedy.title, []]);
          }
        shop.cluster.stop();
      }),
      { numRuns: 12, seed: 7 },
    );
    expect(tried).toBeGreaterThan(12);
  });
});
