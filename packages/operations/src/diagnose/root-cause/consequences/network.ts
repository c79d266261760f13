/** What follows from findings about Services, Ingresses and the Gateway API, and what leaves Services without endpoints. */
import { objectKey, refKey, type ClusterSnapshot, type Gateway } from '@aia/cluster';
import { severityRank, type Finding } from '../../finding.ts';
import { FindingIndex, text, texts } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

/** What is said of a Service of which some or all endpoints are not ready. */
const SHORT_OF_ENDPOINTS = ['service-without-endpoints', 'service-endpoints-not-ready'] as const;

/** What an Ingress refers to and is not there, or cannot be used: its controller then refuses it. */
const BROKEN_INGRESS = [
  'ingress-backend-missing',
  'ingress-backend-type-unsupported',
  'ingress-backend-config-missing',
  'ingress-tls-secret-missing',
] as const;

/** Label by which controllers mark the Service that they make for a Gateway. */
const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** Findings about a Service behind which nothing answers. */
export const DEAD_SERVICES = [
  'service-without-endpoints',
  'service-selects-nothing',
  'service-target-port-missing',
] as const;

const NOTHING = new FindingIndex([]);

/** Whether nothing answers for certain: a port that is merely not declared may be listened on all the same. */
export function isDead({ code, severity }: Finding): boolean {
  return code !== 'service-target-port-missing' || severityRank(severity) < severityRank('low');
}

/** Findings about Ingresses, Gateways and routes that fail. */
export const DEAD_ROUTES = [
  'ingress-backend-missing',
  'ingress-backend-unavailable',
  'ingress-class-missing',
  'ingress-sync-failed',
  'gateway-class-missing',
  'gateway-not-programmed',
  'route-backend-missing',
  'route-backend-unavailable',
  'route-not-accepted',
  'route-parent-missing',
] as const;

export const NETWORK_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: [...WORKLOAD_SYMPTOMS, 'replica-creation-failed', 'workload-scaled-to-zero'],
    relation: 'pods that are not ready get no traffic from their Service',
    effects: (finding, findings) => [
      ...(servicesOf(findings).byWorkload.get(refKey(finding.resource)) ?? []),
      ...(servicesOf(findings).byWorkload.get(text(finding, 'workload')) ?? []),
    ],
  },
  {
    from: POD_FAILURES,
    relation: 'a pod that is not ready gets no traffic from its Service',
    effects: (finding, findings, snapshot) => ofPod(finding, findings, snapshot),
  },
  {
    from: DEAD_SERVICES,
    relation: 'requests are sent to a Service behind which nothing answers',
    effects: (finding, findings) =>
      ['ingress-backend-unavailable', 'route-backend-unavailable'].flatMap((code) =>
        (isDead(finding) ? findings : NOTHING).listing(code, 'services', nameOf(finding)),
      ),
  },
  {
    from: DEAD_SERVICES,
    relation: 'the API server calls a Service behind which nothing answers',
    effects: (finding, findings) =>
      (isDead(finding) ? findings : NOTHING)
        .ofCode('webhook-backend-unavailable', 'api-service-unavailable', 'metrics-server-absent')
        .filter((other) => text(other, 'service') === nameOf(finding)),
  },
  {
    from: BROKEN_INGRESS,
    relation: 'the controller cannot put into effect what refers to something that is not there',
    effects: (finding, findings) => {
      const named = texts(finding, 'ingresses').map((name) => `networking.k8s.io/Ingress/${name}`);
      return [...named, refKey(finding.resource)].flatMap((key) =>
        findings.aboutKey(key, 'ingress-sync-failed', 'ingress-address-pending'),
      );
    },
  },
  {
    from: ['quota-exhausted', 'quota-near-limit'],
    relation: 'the cloud refuses a part of the load balancer that would exceed the quota',
    effects: (finding, findings) =>
      findings
        .ofCode('ingress-sync-failed', 'service-sync-failed')
        .filter((other) => text(other, 'metric') !== '' && text(other, 'metric') === text(finding, 'metric')),
  },
  {
    from: ['gateway-class-missing', 'gateway-tls-secret-missing'],
    relation: 'the controller cannot put into effect what refers to something that is not there',
    effects: (finding, findings) =>
      findings
        .about(finding.resource, 'gateway-not-programmed')
        .filter(
          (other) =>
            [other, finding].some((one) => text(one, 'listener') === '') ||
            text(other, 'listener') === text(finding, 'listener'),
        ),
  },
  {
    from: ['gateway-class-not-accepted'],
    relation: 'nobody puts Gateways of a class into effect that no controller takes',
    effects: (finding, findings, snapshot) =>
      findings.ofCode('gateway-not-programmed').filter((other) => classOf(other, snapshot) === finding.resource.name),
  },
  {
    from: ['load-balancer-pending'],
    relation: 'the Gateway takes its address from a Service that has none',
    effects: ({ resource: { namespace, name } }, findings, snapshot) => {
      const gateway = snapshot.get('Service', namespace, name)?.metadata.labels?.[GATEWAY_LABEL];
      if (gateway === undefined) return [];
      return findings.aboutKey(`${GATEWAYS}/Gateway/${namespace}/${gateway}`, 'gateway-not-programmed');
    },
  },
  {
    from: ['route-parent-missing', 'route-backend-missing'],
    relation: 'the controller cannot take a route that refers to something that is not there',
    effects: (finding, findings) => findings.about(finding.resource, 'route-not-accepted'),
  },
  {
    from: ['service-stuck-terminating'],
    relation: 'a namespace is only gone once everything in it is',
    effects: (finding, findings) =>
      findings.aboutKey(`/Namespace//${finding.resource.namespace}`, 'namespace-stuck-terminating'),
  },
];

const GATEWAYS = 'gateway.networking.k8s.io';

function classOf({ resource }: Finding, snapshot: ClusterSnapshot): string {
  return (snapshot.resolve(resource) as Gateway | undefined)?.spec?.gatewayClassName ?? '';
}

interface ServiceFindings {
  readonly byWorkload: ReadonlyMap<string, readonly Finding[]>;
  readonly byPod: ReadonlyMap<string, readonly Finding[]>;
}

const known = new WeakMap<FindingIndex, ServiceFindings>();

/** Findings about Services short of endpoints, by the workloads and pods that they name. */
function servicesOf(findings: FindingIndex): ServiceFindings {
  let services = known.get(findings);
  if (services === undefined) {
    const short = findings.ofCode(...SHORT_OF_ENDPOINTS);
    services = { byWorkload: byFact(short, 'workloads'), byPod: byFact(short, 'pods') };
    known.set(findings, services);
  }
  return services;
}

function byFact(findings: readonly Finding[], fact: string): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings)
    for (const value of texts(finding, fact)) {
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [finding]);
      else group.push(finding);
    }
  return groups;
}

/** Of a pod whose workload has no finding of its own through which the Service would be reached. */
function ofPod(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const { kind, namespace, name } = finding.resource;
  const services = servicesOf(findings).byPod.get(kind === 'Pod' ? `${namespace}/${name}` : '') ?? [];
  const pod = services.length === 0 ? undefined : snapshot.get('Pod', namespace, name);
  if (pod === undefined) return [];
  const owner = objectKey(snapshot.rootOwnerOf(pod));
  const isTold =
    findings.aboutKey(owner, ...WORKLOAD_SYMPTOMS).length > 0 && servicesOf(findings).byWorkload.has(owner);
  return isTold ? [] : services;
}

function nameOf({ resource }: Finding): string {
  return `${resource.namespace}/${resource.name}`;
}
