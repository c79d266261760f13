/** A Service whose address or node port the API server's own bookkeeping disputes. */
import { namespacedName, eventTime, refOf, type Event, type Service } from '@aia/cluster';
import { eventEvidence, fieldEvidence, inOrder } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';

interface Meaning {
  readonly cause: 'not-allocated' | 'shared' | 'out-of-range' | 'invalid' | 'range-full';
  readonly severity: Severity;
  readonly text: string;
}

const REPAIRED: Meaning = {
  cause: 'not-allocated',
  severity: 'low',
  text: 'was not allocated, and the API server repairs that by itself',
};
const FULL = 'cannot be allocated, because the range is full: no new Service can be created either';

/** By the reason of the event of the API server's repair controllers. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ClusterIPNotAllocated: REPAIRED,
  IPAddressNotAllocated: REPAIRED,
  IPAddressWrongReference: REPAIRED,
  PortNotAllocated: REPAIRED,
  ClusterIPAlreadyAllocated: { cause: 'shared', severity: 'high', text: 'belongs to another Service as well' },
  PortAlreadyAllocated: { cause: 'shared', severity: 'high', text: 'belongs to another Service as well' },
  ClusterIPOutOfRange: { cause: 'out-of-range', severity: 'medium', text: 'lies outside the range of the cluster' },
  PortOutOfRange: { cause: 'out-of-range', severity: 'medium', text: 'lies outside the range of the cluster' },
  ClusterIPNotValid: { cause: 'invalid', severity: 'medium', text: 'is no valid address' },
  ServiceCIDRFull: { cause: 'range-full', severity: 'high', text: FULL },
  PortRangeFull: { cause: 'range-full', severity: 'high', text: FULL },
};

/** Facts: cause, reason, what (`cluster IP` or `node port`). */
export const rule: Rule = {
  code: 'service-address-unallocated',
  title: 'Address or port of a Service is not soundly allocated',
  severity: 'high',
  explanation:
    'The API server compares the cluster IPs and node ports of all Services with what it has allocated, and says in an event on the Service what does not agree. High where two Services share one address or port, so that traffic reaches the wrong one, or where the range is full and no Service can be created; medium where the address lies outside the range, as after the range was changed; low where the API server repairs it by itself. The rule stays silent about events of more than a day ago.',
  remediation: {
    class: 'repair-network',
    text: 'Recreate the Service so that it gets an address or port of its own; where the range is full, remove Services or widen the range.',
  },
  aliases: {},
  needs: ['events'],
  *check(examination) {
    const { snapshot, thresholds, now } = examination;
    for (const service of inOrder(snapshot.list('Service'))) {
      if (!examination.judges(service.metadata.namespace ?? '')) continue;
      const event = examination
        .warnings(service, ...Object.keys(MEANINGS))
        .find((one) => now - eventTime(one) <= thresholds.restartWindowMs);
      if (event !== undefined) yield unallocated(service, event);
    }
  },
};

function unallocated(service: Service, event: Event): FindingDraft {
  const { reason = '' } = event;
  const { cause, severity, text } = MEANINGS[reason] as Meaning;
  const isPort = reason.startsWith('Port');
  const value = isPort
    ? (service.spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []).join(', ')
    : service.spec?.clusterIP;
  const what = isPort ? 'node port' : 'cluster IP';
  return {
    resource: refOf(service),
    severity,
    message: `Service ${namespacedName(service)}: its ${what}${value === undefined || value === '' ? '' : ` ${value}`} ${text}.`,
    evidence: [
      eventEvidence(event),
      ...(value === undefined || value === ''
        ? []
        : [fieldEvidence(service, isPort ? 'spec.ports[*].nodePort' : 'spec.clusterIP', value)]),
    ],
    facts: { cause, reason, what },
    since: eventTime(event),
  };
}
