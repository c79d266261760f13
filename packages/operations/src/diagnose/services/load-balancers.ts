/** Services of type LoadBalancer: which wait, why, and which could share an address. */
import type { Service } from '@aia/cluster';
import { eventEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { eventText } from '../messages/event-text.ts';
import { parseLoadBalancer } from '../messages/load-balancer.ts';
import type { CloudRefusal } from '../messages/message.ts';

/** All of them, judged or not: an address is an address. */
export function loadBalancers(examination: Examination): readonly Service[] {
  return examination.snapshot.list('Service').filter((service) => service.spec?.type === 'LoadBalancer');
}

/** Whether it has an address. */
export function hasAddress(service: Service): boolean {
  return (service.status?.loadBalancer?.ingress ?? []).some(({ ip, hostname }) => (ip ?? hostname ?? '') !== '');
}

/** Classes that GKE's own controllers implement; any other belongs to a controller that reports in its own way. */
const KNOWN_CLASSES = /^networking\.gke\.io\//;

/** Whether it has waited for an address for longer than the grace, and is for a cloud to serve. */
export function isPending(service: Service, examination: Examination): boolean {
  const { loadBalancerClass } = service.spec ?? {};
  if (hasAddress(service) || service.metadata.deletionTimestamp !== undefined) return false;
  if (loadBalancerClass !== undefined && !KNOWN_CLASSES.test(loadBalancerClass)) return false;
  const age = examination.ageMs(service.metadata.creationTimestamp);
  // A manifest without a status was never in a cluster, so nothing can be pending.
  return service.status !== undefined && (age === undefined || age > examination.thresholds.graceMs);
}

/** Annotation → value by which a Service asks for an address inside the network only, by cloud. */
const INTERNAL: Readonly<Record<string, string>> = {
  'networking.gke.io/load-balancer-type': 'internal',
  'cloud.google.com/load-balancer-type': 'internal',
  'service.beta.kubernetes.io/aws-load-balancer-internal': 'true',
  'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
  'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
};

/** Whether it asks for an address inside the network only, which takes none of the external quotas. */
export function isInternal({ metadata }: Service): boolean {
  return Object.entries(INTERNAL).some(
    ([annotation, value]) => metadata.annotations?.[annotation]?.toLowerCase() === value,
  );
}

/** No controller has looked at it: each puts a finalizer on what it serves, or says why it does not. */
export function isUnclaimed(service: Service, { snapshot }: Examination): boolean {
  return (service.metadata.finalizers ?? []).length === 0 && snapshot.eventsOf(service).length === 0;
}

/** Why the newest event says that it has none, and the event. */
export function refusalOf(
  service: Service,
  examination: Examination,
): { refusal: CloudRefusal; evidence: Evidence } | undefined {
  for (const event of examination.warnings(service)) {
    const refusal = parseLoadBalancer(event.reason ?? '', eventText(event));
    if (refusal !== undefined) return { refusal, evidence: eventEvidence(event) };
  }
  return undefined;
}

/** Ports that HTTP is usually spoken on, or that say so by name; such Services can share one Ingress or Gateway. */
export function speaksHttp(service: Service): boolean {
  const ports = service.spec?.ports ?? [];
  return (
    ports.length > 0 &&
    ports.every(
      ({ port, name, protocol }) =>
        (protocol ?? 'TCP') === 'TCP' &&
        ([80, 443, 3000, 5000, 8000, 8080, 8443, 9090].includes(port) || /^https?(?:-|$)/.test(name ?? '')),
    )
  );
}
