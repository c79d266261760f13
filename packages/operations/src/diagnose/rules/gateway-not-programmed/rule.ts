/** A Gateway, or one of its listeners, that its controller has not put into effect. */
import { eventTime, refOf, timeOf, type Gateway } from '@aia/cluster';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { eventEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { judgedGateways } from '../../services/gateway-routes.ts';
import { eventText } from '../../messages/event-text.ts';
import type { Rule } from '../../rule.ts';
import { currentWarning } from '../../services/service-events.ts';
import { briefly } from '../../wording.ts';

/** Conditions of a Gateway that are to be True, the telling one first. */
const WANTED = ['Accepted', 'Programmed'] as const;
/** Conditions of a listener, with the status that is good. */
const OF_LISTENER: readonly (readonly [string, 'True' | 'False'])[] = [
  ['Conflicted', 'False'],
  ['Accepted', 'True'],
  ['ResolvedRefs', 'True'],
  ['Programmed', 'True'],
];
/** Reasons by which a Gateway only repeats what its listeners say. */
const OF_LISTENERS = new Set(['ListenersNotValid', 'Invalid']);
const HOUR = 60 * 60_000;

/** Facts: condition, reason; of a listener: listener. */
export const rule: Rule = {
  code: 'gateway-not-programmed',
  title: 'Gateway is not in effect',
  severity: 'high',
  explanation:
    'A condition of the Gateway (Accepted, Programmed) or of one of its listeners (Conflicted, Accepted, ResolvedRefs, Programmed) says that the controller has not put it into effect, and why: no address, a listener that conflicts with another, a certificate that cannot be resolved, a kind of route that is not supported. Routes on it are not served. Medium where a listener of a Gateway that is programmed has a fault, since the others serve, and where only a warning event of the controller says so. The rule stays silent where the controller has set no condition, and within the grace period unless the status is False for a reason other than Pending.',
  remediation: { class: 'repair-network', text: 'Mend what the reason names.' },
  aliases: { k8sgpt: ['Gateway'], gcpdiag: ['gke/ERR/2023_006'] },
  needs: [],
  *check(examination) {
    for (const gateway of judgedGateways(examination)) {
      const listeners = [...faultyListeners(examination, gateway)];
      const own = faultOf(examination, gateway);
      if (own !== undefined && !(listeners.length > 0 && OF_LISTENERS.has(String(own.facts?.['reason'])))) yield own;
      yield* listeners;
      if (own === undefined && listeners.length === 0) yield* warned(examination, gateway);
    }
  },
};

function faultOf(examination: Examination, gateway: Gateway): FindingDraft | undefined {
  for (const type of WANTED) {
    const condition = conditionOf(gateway.status?.conditions, type);
    if (condition === undefined || condition.status === 'True' || isSettling(examination, gateway, condition)) continue;
    const { namespace = '', name } = gateway.metadata;
    const verb = type === 'Accepted' ? 'is not accepted' : 'is not programmed';
    return {
      resource: refOf(gateway),
      message: `Gateway ${namespace}/${name} ${verb}${whyText(condition)}.`,
      evidence: conditionEvidence(gateway, condition),
      facts: { condition: type, reason: condition.reason ?? '' },
      since: sinceOf(condition),
    };
  }
  return undefined;
}

function* faultyListeners(examination: Examination, gateway: Gateway): Iterable<FindingDraft> {
  const isServing = conditionOf(gateway.status?.conditions, 'Programmed')?.status === 'True';
  for (const [i, { name, conditions }] of (gateway.status?.listeners ?? []).entries()) {
    for (const [type, good] of OF_LISTENER) {
      const found = conditionOf(conditions, type);
      if (found === undefined || found.status === good || isSettling(examination, gateway, found)) continue;
      const { namespace = '', name: own } = gateway.metadata;
      yield {
        resource: refOf(gateway),
        part: name,
        severity: isServing ? 'medium' : 'high',
        message: `Listener ${name} of Gateway ${namespace}/${own} has ${type}=${found.status}${whyText(found)}.`,
        evidence: conditionEvidence(gateway, {
          ...found,
          path: `status.listeners[${i}].${found.path.slice('status.'.length)}`,
        }),
        facts: { condition: type, reason: found.reason ?? '', listener: name },
        since: sinceOf(found),
      };
      break;
    }
  }
}

/** What its status does not say, as on GKE where an annotation is wrong. */
function* warned(examination: Examination, gateway: Gateway): Iterable<FindingDraft> {
  const event = currentWarning(examination, gateway, HOUR, () => true);
  if (event === undefined || eventTime(event) === 0) return;
  const { namespace = '', name } = gateway.metadata;
  yield {
    resource: refOf(gateway),
    severity: 'medium',
    message: `Gateway ${namespace}/${name}: its controller warns: ${briefly(eventText(event)) || event.reason || '(no words)'}.`,
    evidence: [eventEvidence(event)],
    facts: { condition: '', reason: event.reason ?? '' },
    since: eventTime(event),
  };
}

/** Not yet said for good: Unknown or pending, for less than the grace. */
function isSettling(examination: Examination, { metadata }: Gateway, condition: FoundCondition): boolean {
  const isOpen =
    condition.status === 'Unknown' || condition.reason === 'Pending' || condition.reason === 'AddressNotAssigned';
  const since = sinceOf(condition) ?? timeOf(metadata.creationTimestamp);
  return isOpen && since !== undefined && examination.now - since < examination.thresholds.graceMs;
}

/** Conditions that the API sets by default bear the time 0. */
function sinceOf({ lastTransitionTime }: FoundCondition): number | undefined {
  return timeOf(lastTransitionTime) || undefined;
}

function whyText({ reason = '', message = '' }: FoundCondition): string {
  const why = [reason, briefly(message)].filter((part) => part !== '').join(': ');
  return why === '' ? '' : ` (${why})`;
}
