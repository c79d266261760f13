/** Services of type LoadBalancer: which wait, why, and which could share an address. */
import { eventTime, type Service } from '@aia/cluster';
import { eventEvidence, type Examination } from './examination.ts';
import type { Evidence } from './evidence.ts';
import { eventText } from './messages/event-text.ts';
import { parseLoadBalancer } from './messages/load-balancer.ts';
import type { CloudRefusal } from './messages/message.ts';

/** All of them, judged or not: an address is an address. */
export function loadBalancers(examination: Examination): readonly Service[] {
  return examination.snapshot.list('Service').filter((service) => service.spec?.type === 'LoadBalancer');
}

/** Whether it has an address. */
export function hasAddress(service: Service): boolean {
  return (service.status?.loadBalancer?.ingress ?? []).some(({ ip, hostname }) => (ip ?? hostname ?? '') !== '');
}

/** Why the newest event says that it has none, and the event. */
export function refusalOf(
  service: Service,
  examination: Examination,
): { refusal: CloudRefusal; evidence: Evidence } | undefined {
  const events = examination.warnings(service).toSorted((a, b) => eventTime(b) - eventTime(a));
  for (const event of events) {
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
