/** A Service behind which nothing is ready. */
import { namespacedName, refKey, refOf, refText, timeOf, type KubeObject } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { conditionOf } from '../../conditions.ts';
import { countInEndpoints } from '../../services/endpoint-count.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import { unique } from '../../order.ts';
import { routedServices } from '../../services/routed-services.ts';
import type { Rule } from '../../rule.ts';
import { backings, type Backing } from '../../services/service-endpoints.ts';
import { portlessPorts } from '../../services/target-ports.ts';
import { listText, podsText } from '../../wording.ts';

/**
 * Facts: cause (`pods-not-ready`, `no-pods`, `scaled-to-zero`, `not-published`, `no-addresses`, `unknown`), notReady, workloads
 * (`refKey`s of what stands behind it), pods (`namespace/name` of those that are not ready).
 */
export const rule: Rule = {
  code: 'service-without-endpoints',
  title: 'Service has no ready endpoint',
  severity: 'high',
  explanation:
    'Something is meant to stand behind the Service and nothing of it is ready, so every connection to the Service fails: its pods are not ready, do not exist, or nobody has given a Service without selector an address. It is taken from the EndpointSlices, else from the Endpoints, else from the pods that the selector matches. Info where the workload is scaled to zero, suspended or a Job between two runs; low for a Service without selector that nothing routes to. The rule stays silent for ExternalName, while pods are only starting, for Services that publish addresses that are not ready, and for Endpoints that serve a leader election; a selector that matches nothing is another finding.',
  remediation: {
    class: 'investigate',
    text: 'Look at why its pods are not ready; scale the workload up if it is meant to serve.',
  },
  aliases: {
    k8sgpt: ['Service/1', 'Service/2'],
    popeye: ['1105', '1110'],
    kubescape: ['C-0293'],
    gcpdiag: ['gke/ERR/2024_002'],
  },
  needs: [],
  *check(examination) {
    const all = backings(examination);
    const down = [...all.values()].filter(({ state }) => state === 'unready' || state === 'idle' || state === 'empty');
    for (const service of inOrder(down.map((one) => one.service))) {
      const backing = all.get(namespacedName(service));
      if (backing === undefined || !examination.judges(service.metadata.namespace ?? '')) continue;
      // Where no pod has the port that the Service names, that is what there is to say.
      if (portlessPorts(backing).length === 0) yield withoutEndpoints(examination, backing);
    }
    yield* withoutService(examination);
  },
};

type Cause = 'pods-not-ready' | 'no-pods' | 'scaled-to-zero' | 'not-published' | 'no-addresses' | 'unknown';

function withoutEndpoints(examination: Examination, backing: Backing): FindingDraft {
  const { service, makers, endpoints } = backing;
  const cause = causeOf(backing);
  const pods = unreadyPods(backing);
  return {
    resource: refOf(service),
    severity: severityOf(examination, backing),
    message: `Service ${namespacedName(service)} has no ready endpoint${whyText(cause, backing, pods)}.`,
    evidence: evidenceOf(backing),
    facts: {
      cause,
      notReady: endpoints?.notReady ?? backing.pods.length,
      workloads: unique([
        ...makers.map(({ workload }) => refKey(refOf(workload))),
        ...backing.pods.map((pod) => refKey(refOf(examination.workloadOf(pod)))),
      ]).slice(0, 20),
      pods: pods.slice(0, 50).map((name) => `${service.metadata.namespace ?? ''}/${name}`),
    },
    since: timeOf(service.metadata.creationTimestamp),
  };
}

function severityOf(examination: Examination, { state, service }: Backing): Severity {
  if (state === 'idle') return 'info';
  return state === 'empty' && !routedServices(examination).has(namespacedName(service)) ? 'low' : 'high';
}

function causeOf({ state, endpoints, pods, makers }: Backing): Cause {
  if (state === 'idle') return 'scaled-to-zero';
  if (state === 'empty') return 'no-addresses';
  if (pods.length > 0 && pods.every((pod) => conditionOf(pod.status?.conditions, 'Ready')?.status === 'True'))
    return 'not-published';
  if (pods.length > 0 || (endpoints?.notReady ?? 0) > 0) return 'pods-not-ready';
  return makers.length > 0 ? 'no-pods' : 'unknown';
}

function unreadyPods({ endpoints, pods }: Backing): readonly string[] {
  return pods.length > 0 ? pods.map(({ metadata }) => metadata.name).sort() : (endpoints?.unreadyPods ?? []);
}

function whyText(cause: Cause, { makers, endpoints, pods: selected }: Backing, pods: readonly string[]): string {
  const names = listText(makers.map(({ workload }) => refText(refOf(workload))).sort());
  const count = selected.length > 0 ? selected.length : (endpoints?.notReady ?? pods.length);
  const who = pods.length === 0 ? '' : ` (${listText(pods)})`;
  switch (cause) {
    case 'scaled-to-zero':
      return names === ''
        ? ': the pods that it selects have finished'
        : `: ${names} wants no pod now (scaled to zero, suspended or between two runs)`;
    case 'no-addresses':
      return ': it has no selector, and nobody has given it an address';
    case 'not-published':
      return `, although ${podsText(count)} that it selects ${count === 1 ? 'is' : 'are'} ready${who}: ${endpoints?.kind ?? 'Endpoints'} do not list them`;
    case 'no-pods':
      return `: ${names} should give it pods, and there are none`;
    case 'pods-not-ready':
      return count === 1 ? `: its only pod is not ready${who}` : `: none of its ${podsText(count)} is ready${who}`;
    default:
      return `: no address is listed for its selector`;
  }
}

function evidenceOf({ service, endpoints, pods, makers, state }: Backing): readonly Evidence[] {
  const unready = inOrder(pods)
    .slice(0, 3)
    .flatMap((pod) => {
      const ready = conditionOf(pod.status?.conditions, 'Ready');
      return ready === undefined
        ? [fieldEvidence(pod, 'status.phase', pod.status?.phase ?? '(none)')]
        : [fieldEvidence(pod, `${ready.path}.status`, ready.status)];
    });
  const idle =
    state !== 'idle'
      ? []
      : makers.slice(0, 2).map(({ workload, wanted, wantedPath }) => fieldEvidence(workload, wantedPath, wanted));
  const listed = endpoints === undefined ? [] : [endpointEvidence(endpoints.object, endpoints.notReady)];
  const found = [...listed, ...unready, ...idle];
  return found.length > 0
    ? found
    : [
        fieldEvidence(
          service,
          'spec.selector',
          Object.entries(service.spec?.selector ?? {})
            .map((pair) => pair.join('='))
            .join(',') || '(none)',
        ),
      ];
}

function endpointEvidence(object: KubeObject, notReady: number): Evidence {
  const path = object.kind === 'Endpoints' ? 'subsets' : 'endpoints';
  return fieldEvidence(object, path, notReady === 0 ? '(none)' : `0 ready, ${notReady} not ready`);
}

/** Endpoints that list only what is not ready, under the name of a Service that was not read. */
function* withoutService(examination: Examination): Iterable<FindingDraft> {
  const { snapshot } = examination;
  for (const object of inOrder(snapshot.list('Endpoints'))) {
    const { namespace = '', name } = object.metadata;
    if (!examination.judges(namespace) || snapshot.get('Service', namespace, name) !== undefined) continue;
    const count = countInEndpoints(snapshot, namespace, name);
    if (count === undefined || count.isLeaderElection || count.ready > 0 || count.notReady === 0) continue;
    const isThere =
      absenceOf(snapshot, '', 'Service', namespace) === 'certain'
        ? 'there is no Service of that name'
        : 'the Service is not among what was read';
    yield {
      resource: refOf(object),
      severity: 'low',
      message: `Endpoints ${namespace}/${name} list ${count.notReady} ${count.notReady === 1 ? 'address' : 'addresses'} and none that is ready${count.unreadyPods.length === 0 ? '' : ` (${listText(count.unreadyPods)})`}; ${isThere}.`,
      evidence: [endpointEvidence(object, count.notReady)],
      facts: {
        cause: 'pods-not-ready',
        notReady: count.notReady,
        workloads: [],
        pods: count.unreadyPods.slice(0, 50).map((pod) => `${namespace}/${pod}`),
      },
    };
  }
}
