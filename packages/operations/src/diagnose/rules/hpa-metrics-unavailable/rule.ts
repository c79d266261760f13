/** An autoscaler that has nothing to count by. */
import { refOf, timeOf } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import {
  autoscalerName,
  autoscalers,
  isOutOfReach,
  targetKey,
  type AutoscalerCase,
} from '../../workloads/autoscalers.ts';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { parseAutoscaling } from '../../messages/autoscaling.ts';
import type { AutoscalingMessage } from '../../messages/message.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/**
 * Facts: cause (`AutoscalingMessage.cause`), reason (of the condition), api (`resource`, `custom` or `external`), resource and container
 * (that the message names), workload (key of the target).
 */
export const rule: Rule = {
  code: 'hpa-metrics-unavailable',
  title: 'Autoscaler gets no metrics',
  severity: 'medium',
  explanation:
    'The condition ScalingActive is False: the controller cannot compute how many replicas are needed, so the workload stays as it is ' +
    'whatever its load. Nothing serves the metrics (metrics-server or an adapter is absent or down), a container states no request to measure ' +
    'by, the pods are not ready, an external metric has no value, or two autoscalers select the same pods. The rule stays silent while the target ' +
    'is scaled to zero, which switches the autoscaler off, where the target is missing, and for what is younger than the grace period.',
  remediation: {
    class: 'investigate',
    text: 'Do what the message names: bring the metrics API back, state the requests, get the pods ready, correct the metric.',
  },
  aliases: { k8sgpt: ['HPA/1'] },
  needs: [],
  *check(examination) {
    for (const one of autoscalers(examination)) {
      const active = conditionOf(one.hpa.status?.conditions, 'ScalingActive');
      if (active?.status !== 'False' || active.reason === 'ScalingDisabled') continue;
      if (isOutOfReach(one.target)) continue;
      if (!isWithinGrace(examination, timeOf(active.lastTransitionTime))) yield draftOf(examination, one, active);
    }
  },
};

type Cause = AutoscalingMessage['cause'];

const WORDS: Readonly<Partial<Record<Cause, (found: AutoscalingMessage) => string>>> = {
  'metrics-api-missing': ({ api = '' }) => `nothing serves the ${api} metrics API`,
  'metrics-forbidden': () => 'the controller may not read metrics',
  'request-missing': ({ container, resource = '' }) =>
    `${container === undefined ? 'a container' : `container ${container}`} states no ${resource} request`,
  'container-missing': ({ container = '' }) => `its pods have no container ${container}`,
  'pods-not-ready': () => 'none of its pods is ready',
  'no-pods': () => 'its target has no pods',
  'no-metrics': ({ api = '' }) => `the ${api} metrics API has no value for it`,
  'selector-ambiguous': () => 'another autoscaler selects the same pods',
  'selector-invalid': () => 'its target has no usable selector',
};

function draftOf(examination: Examination, one: AutoscalerCase, active: FoundCondition): FindingDraft {
  const { reason = '', message = '' } = active;
  const found = parseAutoscaling(message);
  const cause = reason === 'AmbiguousSelector' ? 'selector-ambiguous' : (found?.cause ?? 'other');
  const why = WORDS[cause]?.(found ?? { cause, text: '' }) ?? (briefly(message) || reason || 'no reason is given');
  const since = timeOf(active.lastTransitionTime);
  return {
    resource: refOf(one.hpa),
    message: `${autoscalerName(one.hpa)} does not scale${forText(examination, since)}: ${why}.`,
    evidence: conditionEvidence(one.hpa, active),
    facts: knownFacts({
      cause,
      reason,
      api: found?.api,
      resource: found?.resource,
      container: found?.container,
      workload: targetKey(one),
    }),
    since,
  };
}
