/** A route that its Gateway does not take. */
import { eventTime, refOf, timeOf, type GatewayRoute, type ParentReference } from '@aia/cluster';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { isYoung } from '../../age.ts';
import type { FindingDraft } from '../../finding.ts';
import {
  gatewayOf,
  judgedRoutes,
  parentConditions,
  parentsOf,
  refusalByListeners,
  type PlacedReference,
} from '../../services/gateway-routes.ts';
import { eventText } from '../../messages/event-text.ts';
import { missingBackends } from '../../services/route-backends.ts';
import type { Rule } from '../../rule.ts';
import { currentWarning } from '../../services/service-events.ts';
import { briefly } from '../../wording.ts';

/** Reasons of ResolvedRefs that the rule about missing backends tells better. */
const OF_BACKENDS = new Set(['BackendNotFound', 'RefNotPermitted']);
const HOUR = 60 * 60_000;

/** Facts: parent (`namespace/name`), condition (`''` where the spec shows it), reason. */
export const rule: Rule = {
  code: 'route-not-accepted',
  title: 'Gateway does not take a route',
  severity: 'high',
  explanation:
    'The status of the route says that its parent does not accept it or cannot resolve what it refers to, with the reason: its namespace or kind is not allowed by any listener (NotAllowedByListeners), no listener serves its host names (NoMatchingListenerHostname) or bears the name or port that it asks for (NoMatchingParent), a backend of a wrong kind. Where no controller has said anything, the same is concluded from the listeners of the Gateway. A listener that selects namespaces looks at the labels of the namespace, not of the route. Low where the labels of the namespace were not read; medium where only a warning event says so. The rule stays silent while a status is Unknown within the grace period.',
  remediation: {
    class: 'repair-network',
    text: "Allow the route's namespace and kind in allowedRoutes of the listener, or correct sectionName, port and hostnames of the route.",
  },
  aliases: { k8sgpt: ['HTTPRoute'], gcpdiag: ['gke/ERR/2023_007'] },
  needs: [],
  *check(examination) {
    for (const route of judgedRoutes(examination)) {
      const found = parentsOf(route).flatMap((parent) => refused(examination, route, parent) ?? []);
      yield* found;
      if (found.length === 0) yield* warned(examination, route);
    }
  },
};

function refused(
  examination: Examination,
  route: GatewayRoute,
  parent: PlacedReference<ParentReference>,
): FindingDraft | undefined {
  const stated = parentConditions(route, parent);
  const accepted = conditionOf(stated?.conditions, 'Accepted');
  if (stated === undefined || accepted === undefined) return concluded(examination, route, parent);
  for (const condition of [accepted, conditionOf(stated.conditions, 'ResolvedRefs')]) {
    if (condition === undefined || condition.status === 'True') continue;
    if (condition.status === 'Unknown' && isRecent(examination, route, condition)) continue;
    if (OF_BACKENDS.has(condition.reason ?? '') && missingBackends(examination, route).length > 0) continue;
    const { type, reason = '', message = '', status } = condition;
    const why = [reason, briefly(message)].filter((part) => part !== '').join(': ');
    return {
      ...draftOf(route, parent),
      message: `${nameOf(route)} ${type === 'Accepted' ? 'is not accepted by' : 'refers to something that cannot be resolved, says'} ${parentText(parent)}${why === '' ? ` (${type}=${status})` : ` (${why})`}.`,
      evidence: conditionEvidence(route, {
        ...condition,
        path: `${stated.path}${condition.path.slice('status.conditions'.length)}`,
      }),
      facts: { parent: `${parent.namespace}/${parent.name}`, condition: type, reason },
    };
  }
  return undefined;
}

function concluded(
  examination: Examination,
  route: GatewayRoute,
  parent: PlacedReference<ParentReference>,
): FindingDraft | undefined {
  const gateway = parent.kind === 'Gateway' ? gatewayOf(examination, parent) : undefined;
  const refusal =
    gateway === undefined || isYoung(examination, route)
      ? undefined
      : refusalByListeners(examination, route, parent, gateway);
  if (gateway === undefined || refusal === undefined) return undefined;
  return {
    ...draftOf(route, parent),
    severity: refusal.isCertain ? 'high' : 'low',
    message: `${nameOf(route)} cannot attach to ${parentText(parent)}: ${refusal.detail}.`,
    evidence: [
      fieldEvidence(route, `${parent.path}.name`, parent.name),
      fieldEvidence(gateway, 'spec.listeners', (gateway.spec?.listeners ?? []).map(({ name }) => name).join(', ')),
    ],
    facts: { parent: `${parent.namespace}/${parent.name}`, condition: '', reason: refusal.reason },
  };
}

/** What its status does not say. */
function* warned(examination: Examination, route: GatewayRoute): Iterable<FindingDraft> {
  const event = currentWarning(examination, route, HOUR, () => true);
  if (event === undefined || eventTime(event) === 0) return;
  yield {
    resource: refOf(route),
    severity: 'medium',
    message: `${nameOf(route)}: the controller warns: ${briefly(eventText(event)) || event.reason || '(no words)'}.`,
    evidence: [eventEvidence(event)],
    facts: { parent: '', condition: '', reason: event.reason ?? '' },
    since: eventTime(event),
  };
}

function draftOf(route: GatewayRoute, { namespace, name, kind, reference }: PlacedReference<ParentReference>) {
  const section = reference.sectionName ?? reference.port;
  return {
    resource: refOf(route),
    part: `${kind}/${namespace}/${name}${section === undefined ? '' : `/${section}`}`,
    since: timeOf(route.metadata.creationTimestamp),
  };
}

function isRecent(
  examination: Examination,
  { metadata }: GatewayRoute,
  { lastTransitionTime }: FoundCondition,
): boolean {
  const since = timeOf(lastTransitionTime) || timeOf(metadata.creationTimestamp);
  return since !== undefined && examination.now - since < examination.thresholds.graceMs;
}

function nameOf({ kind, metadata }: GatewayRoute): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function parentText({ kind, namespace, name }: PlacedReference<ParentReference>): string {
  return `${kind} ${namespace}/${name}`;
}
