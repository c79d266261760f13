/** A Service that was deleted and does not go. */
import { namespacedName, refOf, timeOf, type Service } from '@aia/cluster';
import { eventEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { parseLoadBalancer } from '../../messages/load-balancer.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { briefly, durationText, listText } from '../../wording.ts';

/** A cloud may take so long to take down a load balancer. */
const SLOW_MS = 60 * 60_000;

/** Facts: finalizers, cause (why the cloud refuses, where an event says so). */
export const rule: Rule = {
  code: 'service-stuck-terminating',
  title: 'Service is being deleted and does not go',
  severity: 'medium',
  explanation:
    'The Service was deleted long ago and still exists, because a finalizer holds it: its controller has not taken down what it made in the cloud, is gone, or is refused. It keeps its address and forwarding rule, and its namespace cannot go either. Where an event says what the cloud refuses, that is named. The rule stays silent for an hour, which a cloud may need, unless an event states a refusal (then for the threshold terminatingMs).',
  remediation: {
    class: 'repair-network',
    text: 'Mend what the event names, or bring its controller back; take the finalizer away by hand only after the load balancer in the cloud is gone.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const service of inOrder(examination.snapshot.list('Service'))) {
      const { deletionTimestamp, namespace = '' } = service.metadata;
      const age = examination.ageMs(deletionTimestamp);
      if (age === undefined || age < examination.thresholds.terminatingMs || !examination.judges(namespace)) continue;
      const found = stuck(examination, service, age);
      if (age >= SLOW_MS || found.facts?.['cause'] !== undefined) yield found;
    }
  },
};

function stuck(examination: Examination, service: Service, age: number): FindingDraft {
  const { finalizers = [], deletionTimestamp = '' } = service.metadata;
  const [event] = examination.warnings(service);
  const words = event === undefined ? '' : eventText(event);
  const refusal = event === undefined ? undefined : parseLoadBalancer(event.reason ?? '', words);
  const held = finalizers.length === 0 ? '' : `, held by finalizer ${listText(finalizers)}`;
  return {
    resource: refOf(service),
    message: `Service ${namespacedName(service)} has been terminating for ${durationText(age)}${held}${refusal === undefined ? '' : `: ${briefly(words)}`}.`,
    evidence: [
      fieldEvidence(service, 'metadata.deletionTimestamp', deletionTimestamp),
      ...(finalizers.length === 0 ? [] : [fieldEvidence(service, 'metadata.finalizers', finalizers.join(', '))]),
      ...(event === undefined ? [] : [eventEvidence(event)]),
    ],
    facts: knownFacts({ finalizers, cause: refusal?.cause }),
    since: timeOf(deletionTimestamp),
  };
}
