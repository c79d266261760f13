/**
 * What the controllers of GKE do and say for each kind of load balancer: the service controller for those with a target pool and internal ones
 * without a class, ingress-gce for those with a backend service and for its classes.
 * Source: `k8s.io/cloud-provider/controllers/service`; `cloud-provider-gcp/providers/gce/gce_loadbalancer*.go`; `ingress-gce/pkg/l4lb`
 */
import { loadBalancerKind, type LoadBalancerKind } from '../../../cloud/quota-need.ts';
import type { Service } from '../../../model/kinds.ts';

/** The names of events and their words. */
export interface Dialect {
  readonly kind: LoadBalancerKind;
  readonly component: string;
  readonly finalizers: readonly string[];
  /** Not told by all. */
  readonly ensuring?: readonly [reason: string, text: string];
  readonly ensured: (families: string) => readonly [reason: string, text: string];
  readonly failed: (words: string) => readonly [reason: string, text: string];
  readonly deleting: (key: string) => string;
  readonly deleted: string;
  /** Milliseconds before the second attempt, and at most. */
  readonly backOff: readonly [first: number, longest: number];
  readonly allowsMixedProtocols: boolean;
  /** Whether nodes are its backends by name, so that it must have some, and hears of new ones. */
  readonly hasHosts: boolean;
  readonly description: (key: string) => string;
}

/** Keeps a Service until its load balancer is gone. */
export const CLEANUP = 'service.kubernetes.io/load-balancer-cleanup';
const INGRESS_GCE = 'loadbalancer-controller';

const SERVICE_CONTROLLER = {
  component: 'service-controller',
  ensuring: ['EnsuringLoadBalancer', 'Ensuring load balancer'],
  ensured: () => ['EnsuredLoadBalancer', 'Ensured load balancer'],
  failed: (words) => [
    'SyncLoadBalancerFailed',
    `Error syncing load balancer: failed to ensure load balancer: ${words}`,
  ],
  deleting: () => 'Deleting load balancer',
  deleted: 'Deleted load balancer',
  backOff: [5000, 300_000],
  allowsMixedProtocols: false,
  hasHosts: true,
  description: (key) => JSON.stringify({ 'kubernetes.io/service-name': key }),
} as const satisfies Partial<Dialect>;

const L4 = {
  component: INGRESS_GCE,
  // Default of its work queues: `k8s.io/client-go/util/workqueue`.
  backOff: [5, 1_000_000],
  allowsMixedProtocols: true,
  hasHosts: false,
  description: (key) =>
    JSON.stringify({ 'networking.gke.io/service-name': key, 'networking.gke.io/api-version': 'ga' }),
} as const satisfies Partial<Dialect>;

const TARGET_POOL: Dialect = { ...SERVICE_CONTROLLER, kind: 'external-target-pool', finalizers: [CLEANUP] };
const INTERNAL: Dialect = {
  ...SERVICE_CONTROLLER,
  kind: 'internal',
  finalizers: [CLEANUP, 'gke.networking.io/l4-ilb-v1'],
};
const L4_EXTERNAL: Dialect = {
  ...L4,
  kind: 'external-backend-service',
  finalizers: ['gke.networking.io/l4-netlb-v2'],
  ensured: (families) => [
    'SyncLoadBalancerSuccessful',
    `Successfully ensured ${families} External LoadBalancer resources`,
  ],
  failed: (words) => [
    'SyncExternalLoadBalancerFailed',
    `Error ensuring Resource for L4 External LoadBalancer, err: ${words}`,
  ],
  deleting: (key) => `Deleting L4 External LoadBalancer for ${key}`,
  deleted: 'Deleted L4 External LoadBalancer',
};
const L4_INTERNAL: Dialect = {
  ...L4,
  kind: 'internal',
  finalizers: ['gke.networking.io/l4-ilb-v2'],
  ensured: (families) => ['SyncLoadBalancerSuccessful', `Successfully ensured ${families} load balancer resources`],
  failed: (words) => ['SyncLoadBalancerFailed', `Error syncing load balancer: ${words}`],
  deleting: (key) => `Deleting load balancer for ${key}`,
  deleted: 'Deleted load balancer',
};

const ALL: readonly Dialect[] = [L4_EXTERNAL, L4_INTERNAL, INTERNAL, TARGET_POOL];

/** Finalizers of all of them. */
export const FINALIZERS: ReadonlySet<string> = new Set(ALL.flatMap(({ finalizers }) => finalizers));

/** Who made the load balancer of a Service that no longer wants one, by the finalizers that hold it. */
export function servedBy({ metadata }: Service): Dialect {
  const held = new Set(metadata.finalizers);
  return ALL.find(({ finalizers }) => finalizers.every((finalizer) => held.has(finalizer))) ?? TARGET_POOL;
}

/** Who makes the load balancer of a Service; `undefined` where none is wanted, or for classes of others. */
export function dialectOf(service: Service): Dialect | undefined {
  switch (loadBalancerKind(service)) {
    case 'external-target-pool':
      return TARGET_POOL;
    case 'external-backend-service':
      return L4_EXTERNAL;
    case 'internal':
      return service.spec?.loadBalancerClass === undefined ? INTERNAL : L4_INTERNAL;
    case undefined:
      return undefined;
  }
}
