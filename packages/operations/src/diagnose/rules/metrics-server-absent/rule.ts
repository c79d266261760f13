/** A HorizontalPodAutoscaler needs the metrics API, and nothing serves it. */
import { namespacedName, type KubeObject, type ResourceRef } from '@aia/cluster';
import { conditionOf, type Condition } from '../../conditions.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import type { FindingDraft } from '../../finding.ts';
import { METRICS_API, needingMetrics } from '../../usage/metrics-api.ts';
import { textAt } from '../../open-fields.ts';
import type { Rule } from '../../rule.ts';

const GROUP = 'apiregistration.k8s.io';
const API: ResourceRef = { group: GROUP, kind: 'APIService', namespace: '', name: METRICS_API };

/** Facts: autoscalers (`namespace/name` of those that need it, at most 20), failing (how many say that they cannot scale), service (`namespace/name` of what is registered). */
export const rule: Rule = {
  code: 'metrics-server-absent',
  title: 'Nothing serves the metrics that autoscalers need',
  severity: 'info',
  explanation:
    'A HorizontalPodAutoscaler scales by CPU or memory, and the metrics API is not registered, or what is registered does not answer. It ' +
    'is medium once an autoscaler says that it gets no metrics and therefore does not scale. The rule stays silent where no ' +
    'autoscaler needs the API, where its metrics were read, and where the snapshot shows neither that it is there nor that it is not.',
  remediation: { class: 'restore-configuration', text: 'Install metrics-server, or mend the one there is.' },
  aliases: { popeye: ['402'], mixin: ['KubeAggregatedAPIDown'] },
  needs: [],
  *check(examination) {
    const needing = needingMetrics(examination);
    const failing = needing.filter(({ status }) => isBlind(status?.conditions));
    const registration = absenceOf(examination);
    if (needing.length === 0 || (registration.length === 0 && failing.length === 0)) return;
    const registered = serviceOf(examination);
    yield draftOf(needing, failing, registration, registered);
  },
};

type Autoscaler = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } };

function draftOf(
  needing: readonly Autoscaler[],
  failing: readonly Autoscaler[],
  registration: readonly Evidence[],
  service: string | undefined,
): FindingDraft {
  const names = needing.map(namespacedName);
  const blind =
    failing.length === 0
      ? ''
      : `; ${failing.length} of them ${failing.length === 1 ? 'says' : 'say'} so and cannot scale`;
  return {
    resource: API,
    severity: failing.length > 0 ? 'medium' : 'info',
    message: `${names.length === 1 ? `Autoscaler ${names[0] ?? ''} needs` : `${names.length} autoscalers need`} the metrics API, and nothing serves it${blind}.`,
    evidence: [
      ...registration,
      ...failing.slice(0, 3).flatMap((one) => {
        const found = conditionOf(one.status?.conditions, 'ScalingActive');
        return found === undefined
          ? []
          : [fieldEvidence(one, `${found.path}.message`, found.message ?? found.reason ?? '')];
      }),
    ],
    facts: { autoscalers: names.slice(0, 20), failing: failing.length, ...(service === undefined ? {} : { service }) },
  };
}

function serviceOf({ snapshot }: Examination): string | undefined {
  const registered = snapshot.resolve(API);
  const name = textAt(registered, 'spec.service.name');
  return name === undefined ? undefined : `${textAt(registered, 'spec.service.namespace') ?? ''}/${name}`;
}

/** `unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)` */
function isBlind(conditions: readonly Condition[] | undefined): boolean {
  const active = conditionOf(conditions, 'ScalingActive');
  if (active?.status !== 'False') return false;
  const text = active.message ?? '';
  return (
    text.includes('unable to fetch metrics from resource metrics API') &&
    (text.includes('could not find the requested resource') || text.includes('currently unable to handle the request'))
  );
}

/** That the API is not registered can be told only where other APIServices were read. */
function absenceOf({ snapshot }: Examination): readonly Evidence[] {
  const registered = snapshot.resolve(API) as Autoscaler | undefined;
  if (registered === undefined) {
    const isRead = snapshot.listOf(GROUP, 'APIService').length > 0;
    return isRead
      ? [absenceEvidence('APIService', '', METRICS_API, 'not among the APIServices of the cluster', GROUP)]
      : [];
  }
  const { conditions } = registered.status ?? {};
  const available = Array.isArray(conditions)
    ? conditionOf(conditions as readonly Condition[], 'Available')
    : undefined;
  if (available?.status !== 'False') return [];
  return [fieldEvidence(registered, `${available.path}.status`, 'False')];
}
