/** What follows for endpoints that were asked. */
import { namespacedName, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { servicesSelecting } from '../../services/selecting-services.ts';
import { texts, type FindingIndex } from '../finding-index.ts';
import { WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

const ASKED = ['endpoint-failing', 'endpoint-unreachable', 'endpoint-slow'] as const;

/** A Service that hands requests to nobody. */
const SERVICES = [
  'service-without-endpoints',
  'service-endpoints-not-ready',
  'service-selects-nothing',
  'service-target-port-missing',
  'service-sync-failed',
  'service-address-unallocated',
] as const;

/** A route that leads nowhere, told of what exposes the endpoint. */
const ROUTES = [
  'ingress-backend-missing',
  'ingress-backend-unavailable',
  'ingress-backend-type-unsupported',
  'ingress-backend-config-missing',
  'ingress-class-missing',
  'ingress-host-conflict',
  'ingress-sync-failed',
  'gateway-class-missing',
  'gateway-not-programmed',
] as const;

export const ENDPOINT_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: WORKLOAD_SYMPTOMS,
    relation: 'the endpoint leads to pods that are not there to answer',
    effects: (finding, findings, snapshot) => leadingTo(servicesOf(finding, snapshot), findings),
  },
  {
    from: SERVICES,
    relation: 'the endpoint leads to a Service that hands its requests to nobody',
    effects: ({ resource: { namespace, name } }, findings) => leadingTo([`${namespace}/${name}`], findings),
  },
  {
    from: ROUTES,
    relation: 'the route behind the endpoint leads nowhere',
    effects: (finding, findings) => findings.about(finding.resource, ...ASKED),
  },
  {
    from: ['route-backend-missing', 'route-backend-unavailable'],
    relation: 'the route behind the endpoint leads nowhere',
    effects: (finding, findings) => leadingTo(texts(finding, 'services'), findings),
  },
];

function leadingTo(services: readonly string[], findings: FindingIndex): readonly Finding[] {
  const found = ASKED.flatMap((code) => services.flatMap((name) => findings.listing(code, 'services', name)));
  return [...new Set(found)];
}

type Workload = KubeObject & {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
};

function servicesOf({ resource }: Finding, snapshot: ClusterSnapshot): readonly string[] {
  const workload = snapshot.resolve(resource) as Workload | undefined;
  const labels = workload?.spec?.template?.metadata?.labels;
  if (labels === undefined) return [];
  return servicesSelecting(snapshot, resource.namespace, labels).map(namespacedName);
}
