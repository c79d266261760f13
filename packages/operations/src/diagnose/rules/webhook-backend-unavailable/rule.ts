/** Nothing answers behind the Service of an admission webhook. */
import { refOf, refText, type Pod } from '@aia/cluster';
import { absenceEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import { severityRank, type FindingDraft, type Severity } from '../../finding.ts';
import { conditionOf } from '../../conditions.ts';
import type { Rule } from '../../rule.ts';
import type { BrokenBackend } from '../../services/service-backend.ts';
import { servedWebhooks, type Reach, type ServedWebhooks } from '../../extensions/webhooks.ts';
import { forText } from '../../wording.ts';

/**
 * Facts: service (`namespace/name`), state (`no-service`, `no-pods`, `no-port`, `no-ready-pods`), webhooks (names), reach (what is
 * refused: `pods`, `some pods`, `workloads`, `other objects`, `nothing`), failurePolicy, coversItself (pods of its own namespace fall
 * under it).
 */
export const rule: Rule = {
  code: 'webhook-backend-unavailable',
  title: 'Admission webhook has nothing that answers',
  severity: 'high',
  explanation:
    'The API server asks a webhook before it takes an object, and the Service that is to answer does not exist, selects no pod, lacks the ' +
    'port or has no ready endpoint. With the failure policy Fail, everything that the webhook covers is refused: critical where that is pods, ' +
    'because nothing can then be started or replaced anywhere, high where it is other objects. With Ignore the webhook is skipped and what it ' +
    'would have checked or added is missing: low. Low as well where the Service or its pods may only not have been read, and where ' +
    'the selector covers no namespace. A webhook whose own namespace falls under it cannot come back by itself once its pods are ' +
    'gone. The rule stays silent about webhooks outside the cluster and for the first five minutes.',
  remediation: {
    class: 'repair-network',
    text:
      'Bring back the pods behind the Service; delete the configuration where what served it has been removed. Where the webhook refuses its own ' +
      'pods, set its failurePolicy to Ignore until they are ready, and leave its namespace out by the namespaceSelector.',
  },
  aliases: {
    k8sgpt: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    gcpdiag: ['gke/ERR/2024_002'],
  },
  needs: [],
  *check(examination) {
    for (const served of servedWebhooks(examination)) {
      const { backend } = served;
      if (backend.state === 'serving' || backend.state === 'unknown' || isYoung(examination, served)) continue;
      yield draftOf(examination, served, backend);
    }
  },
};

/** Whoever has just installed or restarted something waits for it. */
function isYoung(examination: Examination, { configuration, namespace, service, backend }: ServedWebhooks): boolean {
  const { graceMs } = examination.thresholds;
  const since = backend.state === 'no-ready-pods' ? backend.since : undefined;
  return (
    [configuration, examination.snapshot.get('Service', namespace, service)].some(
      (object) => (examination.ageMs(object?.metadata.creationTimestamp) ?? Infinity) < graceMs,
    ) ||
    (since !== undefined && examination.now - since < graceMs)
  );
}

function draftOf(examination: Examination, served: ServedWebhooks, backend: BrokenBackend): FindingDraft {
  const { configuration, namespace, service, webhooks } = served;
  const resource = refOf(configuration);
  const worst = webhooks.toSorted((a, b) => severityRank(severityOf(a)) - severityRank(severityOf(b)))[0];
  if (worst === undefined) throw new RangeError('webhooks: must not be empty');
  const { reach, isIgnored } = worst;
  const coversItself = !isIgnored && webhooks.some((one) => one.coversItself && !one.isIgnored);
  const since = backend.state === 'no-ready-pods' ? backend.since : undefined;
  const own = coversItself ? ` Pods in its own namespace ${namespace} fall under it as well.` : '';
  return {
    resource,
    part: `${namespace}/${service}`,
    severity: backend.isCertain ? severityOf(worst) : 'low',
    message: `${refText(resource)} is served by Service ${namespace}/${service}, ${stateText(served, backend)}${forText(examination, since)}; ${effectText(reach, isIgnored)}.${own}`,
    evidence: [
      fieldEvidence(configuration, `webhooks[${worst.at}].failurePolicy`, isIgnored ? 'Ignore' : 'Fail'),
      fieldEvidence(configuration, `webhooks[${worst.at}].clientConfig.service.name`, service),
      ...backendEvidence(examination, served, backend),
    ],
    facts: {
      service: `${namespace}/${service}`,
      state: backend.state,
      webhooks: webhooks.map(({ name }) => name),
      reach,
      failurePolicy: isIgnored ? 'Ignore' : 'Fail',
      coversItself,
    },
    since,
  };
}

const BY_REACH: Readonly<Record<Reach, Severity>> = {
  pods: 'critical',
  'some pods': 'high',
  workloads: 'high',
  'other objects': 'high',
  nothing: 'low',
};

function severityOf({ reach, isIgnored }: { readonly reach: Reach; readonly isIgnored: boolean }): Severity {
  return isIgnored ? 'low' : BY_REACH[reach];
}

function stateText({ port }: ServedWebhooks, backend: BrokenBackend): string {
  const unsure = backend.isCertain ? '' : ', or is not among what was read';
  if (backend.state === 'no-service') return `which does not exist${unsure}`;
  if (backend.state === 'no-pods')
    return `whose selector matches no pod${backend.isCertain ? '' : ' among those that were read'}`;
  if (backend.state === 'no-port') return `which has no port ${port}`;
  return backend.pods === 0
    ? 'which has no ready endpoint'
    : `behind which none of ${backend.pods} ${backend.pods === 1 ? 'pod' : 'pods'} is ready`;
}

const REFUSED: Readonly<Record<Reach, string>> = {
  pods: 'no pod that it covers can be created, and its failure policy is Fail',
  'some pods': 'some pods cannot be created, since its failure policy is Fail',
  workloads: 'workloads that it covers cannot be created or changed, since its failure policy is Fail',
  'other objects': 'objects that it covers cannot be created or changed, since its failure policy is Fail',
  nothing: 'its selector covers no namespace at present',
};

function effectText(reach: Reach, isIgnored: boolean): string {
  return isIgnored ? 'it is skipped, since its failure policy is Ignore' : REFUSED[reach];
}

function backendEvidence(
  examination: Examination,
  { namespace, service, port }: ServedWebhooks,
  backend: BrokenBackend,
): readonly Evidence[] {
  const { snapshot } = examination;
  const found = snapshot.get('Service', namespace, service);
  if (found === undefined)
    return [absenceEvidence('Service', namespace, service, 'not among the Services of the namespace')];
  if (backend.state === 'no-port') return [fieldEvidence(found, 'spec.ports', `no port ${port}`)];
  const selector = Object.entries(found.spec?.selector ?? {});
  const pods = snapshot.withLabels('Pod', namespace, found.spec?.selector ?? {});
  return [
    ...selector.map(([key, value]) => fieldEvidence(found, `spec.selector[${key}]`, value)),
    ...(selector.length === 0 ? [] : inOrder(pods).slice(0, 3).flatMap(readinessEvidence)),
  ];
}

function readinessEvidence(pod: Pod): readonly Evidence[] {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  if (ready !== undefined) return [fieldEvidence(pod, `${ready.path}.status`, ready.status)];
  return [fieldEvidence(pod, 'status.phase', pod.status?.phase ?? '')];
}
