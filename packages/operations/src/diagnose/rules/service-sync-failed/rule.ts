/** A Service that works, and whose load balancer, endpoint groups or endpoints cannot be brought up to date. */
import { namespacedName, eventTime, refOf, type Event, type Service } from '@aia/cluster';
import { eventEvidence, inOrder, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import { isPending } from '../../services/load-balancers.ts';
import { eventText } from '../../messages/event-text.ts';
import { isLoadBalancerFailure, parseLoadBalancer } from '../../messages/load-balancer.ts';
import type { Rule } from '../../rule.ts';
import { currentWarning } from '../../services/service-events.ts';
import { briefly } from '../../wording.ts';

/** Reasons that other rules read. */
const ELSEWHERE = /^(?:ClusterIP|IPAddress|Port)(?:Not|Already|Out|Wrong|Range)|^ServiceCIDRFull$/;
/** Endpoints that could not be written, usually because of a conflict that the next attempt does not meet. */
const ENDPOINTS = /^FailedTo(?:Create|Update|List)Endpoint/;

/** Facts: reason, cause (as the cloud says), metric, region. */
export const rule: Rule = {
  code: 'service-sync-failed',
  title: 'Service cannot be brought up to date',
  severity: 'medium',
  explanation:
    'The Service has what it needs to serve, but its controller keeps failing to bring it up to date: the load balancer does not follow the nodes or ports, the network endpoint group does not follow the pods, or endpoints cannot be written. What was there before goes on working until it matters. The reason is taken from the newest warning on the Service that is not older than a day and that no success has followed. Low where endpoints could not be written, which the next attempt usually can; info for warnings that AIA does not know. The rule stays silent for Services that wait for their first address and those being deleted, which have findings of their own.',
  remediation: { class: 'repair-network', text: 'Mend what the event names; the controller tries again by itself.' },
  aliases: { k8sgpt: ['Service/3'] },
  needs: ['events'],
  *check(examination) {
    for (const service of inOrder(examination.snapshot.list('Service'))) {
      const { namespace = '', deletionTimestamp } = service.metadata;
      if (deletionTimestamp !== undefined || !examination.judges(namespace)) continue;
      if (service.spec?.type === 'LoadBalancer' && isPending(service, examination)) continue;
      const event = currentWarning(
        examination,
        service,
        examination.thresholds.restartWindowMs,
        (reason) => !ELSEWHERE.test(reason) && !isOver(service, reason),
      );
      if (event !== undefined) yield failed(examination, service, event);
    }
  },
};

/** What failed about a load balancer is over once the Service wants none any more and nothing of it is left. */
function isOver({ spec, metadata }: Service, reason: string): boolean {
  return spec?.type !== 'LoadBalancer' && /LoadBalancer/.test(reason) && (metadata.finalizers ?? []).length === 0;
}

function failed(examination: Examination, service: Service, event: Event): FindingDraft {
  const { reason = '' } = event;
  const words = eventText(event);
  const refusal = parseLoadBalancer(reason, words);
  return {
    resource: refOf(service),
    severity: severityOf(examination, service, event),
    message: `Service ${namespacedName(service)}: ${reason || 'warning'}: ${briefly(words) || '(no words)'}.`,
    evidence: [eventEvidence(event)],
    facts: knownFacts({ reason, cause: refusal?.cause, metric: refusal?.metric, region: refusal?.region }),
    since: eventTime(event),
  };
}

function severityOf({ now, thresholds }: Examination, service: Service, event: Event): Severity {
  const { reason = '' } = event;
  if (ENDPOINTS.test(reason)) return 'low';
  if (!isLoadBalancerFailure(reason)) return 'info';
  const isYoung = now - Date.parse(service.metadata.creationTimestamp ?? '') < thresholds.graceMs;
  return isYoung ? 'low' : 'medium';
}
