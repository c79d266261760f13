/** An API that an extension serves is unavailable (KubeAggregatedAPIDown of the Kubernetes mixin). */
import { refOf, timeOf, type CustomKindMap, type KubeObject } from '@aia/cluster';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { METRICS_API, needingMetrics } from '../../usage/metrics-api.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: api (`version.group`), reason (of the condition), service (`namespace/name`, where it has one). */
export const rule: Rule = {
  code: 'api-service-unavailable',
  title: 'API of an extension is unavailable',
  severity: 'high',
  explanation:
    'The API server hands the requests of a group to a Service, and gets no answer: the Service or its endpoints are missing, or the ' +
    'discovery check fails (a network that does not let the control plane through, a certificate, an extension that does not start). ' +
    'Whatever uses that API fails, autoscalers stop where it serves metrics, and no namespace can be deleted, because the namespace ' +
    'controller cannot know whether something of that group is left. The rule stays silent for the first five minutes, about APIs ' +
    'that the API server itself serves, and about the metrics API where autoscalers need it, which is metrics-server-absent.',
  remediation: {
    class: 'restore-configuration',
    text: 'Bring back the pods behind the Service; delete the APIService where what served it has been removed.',
  },
  aliases: { mixin: ['KubeAggregatedAPIDown'] },
  needs: [],
  *check(examination) {
    const isSaid = needingMetrics(examination).length > 0;
    for (const api of inOrder(examination.snapshot.listCustom('apiregistration.k8s.io/APIService'))) {
      if (api.metadata.deletionTimestamp !== undefined || (isSaid && api.metadata.name === METRICS_API)) continue;
      const available = conditionOf(api.status?.conditions, 'Available');
      if (available !== undefined && available.status !== 'True' && isOld(examination, api, available))
        yield draftOf(examination, api, available);
    }
  },
};

type APIService = CustomKindMap['apiregistration.k8s.io/APIService'];

function isOld(
  { now, thresholds }: Examination,
  { metadata }: KubeObject,
  { lastTransitionTime }: FoundCondition,
): boolean {
  const since = timeOf(lastTransitionTime) ?? timeOf(metadata.creationTimestamp);
  return since === undefined || now - since >= thresholds.graceMs;
}

function draftOf(examination: Examination, api: APIService, available: FoundCondition): FindingDraft {
  const { name } = api.metadata;
  const { namespace = '', name: service } = api.spec?.service ?? {};
  const key = `${namespace}/${service ?? ''}`;
  const since = timeOf(available.lastTransitionTime);
  const why = briefly(available.message ?? available.reason ?? '');
  return {
    resource: refOf(api),
    message: `API ${name}${service === undefined ? '' : `, served by Service ${key},`} has been unavailable${forText(examination, since)}${why === '' ? '' : `: ${why}`}.`,
    evidence: conditionEvidence(api, available),
    facts: { api: name, reason: available.reason ?? '', ...(service === undefined ? {} : { service: key }) },
    since,
  };
}
