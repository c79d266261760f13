/** A container runs but does not become ready. */
import { refOf, timeOf, type Event, type Pod } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import { conditionOf } from '../../conditions.ts';
import {
  containersWith,
  eventsOfContainer,
  isRecent,
  isSettled,
  unreadySince,
  type ContainerCase,
} from '../../pods/container-state.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import type { ProbeMessage } from '../../messages/message.ts';
import { parseProbe } from '../../messages/probe.ts';
import { containerDraft, containerName, podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: container (absent where the status names none), workload, probe, cause, port, statusCode, path, restarts. */
export const rule: Rule = {
  code: 'container-not-ready',
  title: 'Container runs but is not ready',
  severity: 'medium',
  explanation:
    'The process runs, but its readiness or startup probe fails, so that Services send it no traffic. The usual causes are a ' +
    'probe on the wrong port or path, a program that waits for something it depends on, and one that is too slow for the ' +
    "probe's timeout. The rule waits for the grace period and for what the startup probe and the readiness probe's initial " +
    'delay allow, and counts from when the container started or stopped being ready. The newest Unhealthy event, which lives ' +
    'for one hour, says what the probe met. Where nothing is said of the containers, the condition of the pod or its phase Unknown counts. The rule stays silent for containers that are down and for init containers that are meant to end.',
  remediation: { class: 'fix-probe', text: 'Correct the probe (port, path, delay), or what the program waits for.' },
  aliases: { k8sgpt: ['Pod/8'], popeye: ['204'], mixin: ['KubePodNotReady'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'not-ready')) yield notReady(examination, found);
    for (const pod of examination.troubledPods) yield* withoutContainers(examination, pod);
  },
};

/** A pod of which the conditions or the phase are known, and nothing of its containers; most often its node has stopped reporting. */
function* withoutContainers(examination: Examination, pod: Pod): Iterable<FindingDraft> {
  const { phase, conditions, containerStatuses = [], reason } = pod.status ?? {};
  if ((phase !== 'Running' && phase !== 'Unknown') || containerStatuses.length > 0) return;
  const [ready, containers] = ['Ready', 'ContainersReady'].map((type) => conditionOf(conditions, type));
  const isSaid = phase === 'Unknown' || (ready?.status === 'False' && containers?.status !== 'True');
  const since = timeOf(ready?.lastTransitionTime);
  if (!isSaid || !isSettled(examination, pod) || isWithinGrace(examination, since)) return;
  const why =
    briefly(ready?.message ?? pod.status?.message ?? '') || reason || 'its status says nothing of its containers';
  yield {
    resource: refOf(pod),
    message: `Pod ${podName(pod)} ${phase === 'Unknown' ? 'is in phase Unknown' : 'has been running without being ready'}${forText(examination, since)}: ${why}`,
    evidence: [
      fieldEvidence(pod, 'status.phase', phase),
      ...(ready === undefined ? [] : [fieldEvidence(pod, `${ready.path}.status`, ready.status)]),
    ],
    facts: { workload: workloadKey(examination, pod) },
    since,
  };
}

function notReady(examination: Examination, found: ContainerCase): FindingDraft {
  const { event, said } = probeFailure(examination, found);
  const startedAt = found.status?.state?.running?.startedAt;
  const running = timeOf(startedAt);
  const since = unreadySince(found.pod, startedAt);
  return containerDraft(examination, found, {
    message: `${containerName(found)} ${stateWords(found)}${forText(examination, since)}; ${probeWords(said, found)}`,
    evidence: [
      fieldEvidence(found.pod, `${found.statusPath}.ready`, false),
      ...(running === undefined
        ? []
        : [fieldEvidence(found.pod, `${found.statusPath}.state.running.startedAt`, new Date(running).toISOString())]),
      ...(event === undefined ? [] : [eventEvidence(event)]),
    ],
    facts: {
      probe: said?.probe,
      cause: said?.cause,
      port: said?.port,
      statusCode: said?.statusCode,
      path: said?.path,
      restarts: found.restarts,
    },
    since,
  });
}

/** A part of an object may lack the state of the container. */
function stateWords({ status, restarts }: ContainerCase): string {
  if (status?.state?.running !== undefined) return 'has been running without being ready';
  return restarts > 0 ? `was restarted ${restarts} times and has not been ready` : 'has not been ready';
}

/** The newest failure of a probe that readiness depends on; a liveness probe's only where there is no other. */
function probeFailure(examination: Examination, found: ContainerCase): { event?: Event; said?: ProbeMessage } {
  const failures = eventsOfContainer(examination, found, 'Unhealthy')
    .filter((event) => isRecent(examination, event))
    .map((event) => ({ event, said: parseProbe(eventText(event)) }));
  const best = failures.find(({ said }) => said !== undefined && said.probe !== 'liveness') ?? failures[0];
  if (best === undefined) return {};
  return best.said === undefined ? { event: best.event } : { event: best.event, said: best.said };
}

function probeWords(said: ProbeMessage | undefined, { container }: ContainerCase): string {
  if (said === undefined) {
    const has = container.startupProbe !== undefined || container.readinessProbe !== undefined;
    return has ? 'what its probe met is not recorded' : 'it has no readiness probe of its own';
  }
  const port = said.port === undefined ? '' : ` on port ${said.port}`;
  const path = said.path === undefined ? '' : ` for ${said.path}`;
  const probe = `its ${said.probe} probe`;
  switch (said.cause) {
    case 'http-status':
      return `${probe} is answered with HTTP ${said.statusCode ?? 'status of failure'}${path}`;
    case 'connection-refused':
      return `${probe} is refused${port}: nothing listens there`;
    case 'timeout':
      return `${probe} gets no answer in time${port}`;
    case 'dns':
      return `${probe} cannot resolve its host name`;
    case 'tls':
      return `${probe} fails in the TLS handshake${port}`;
    default:
      return `${probe} fails: ${briefly(said.text)}`;
  }
}
