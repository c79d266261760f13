/** What a program that ended in a recorded cluster does the next time: as before, or as before for as long as what kept it from going on is so. */
import type { Event } from '../../model/kinds.ts';
import { ENDPOINT_SLICES, EVENTS, SERVICES } from '../api/built-in-types.ts';
import type { ContainerBehaviour } from './behaviour.ts';
import { earlierLimitAbove } from './earlier-limits.ts';
import { memoryLimitOf } from './memory-limit.ts';
import type { ContainerRuntime, Ended, Kubelet, PodRuntime } from './pod-runtime.ts';

const AT_START_MS = 60_000;

/** Of a container that ended so. */
export function crashOf(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  ended: Ended,
): ContainerBehaviour {
  const { startedAt, finishedAt, exitCode, reason, message } = ended;
  if (startedAt === 0) return { startError: message ?? reason };
  const ranMs = Math.max(1000, finishedAt - startedAt);
  const limit = memoryLimitOf(container);
  if (reason === 'OOMKilled' && limit !== undefined) {
    // Nobody knows how much it would have taken: half as much again, unless it has run with less.
    const earlier = earlierLimitAbove(kubelet.api.store, pod.object, container.spec.name, limit);
    const peak = Math.min(1.5, earlier === undefined ? Infinity : (limit + earlier) / 2 / limit);
    const usage = (sinceMs: number) => ({ cpuMillis: 10, memoryBytes: Math.min(peak, sinceMs / ranMs) * limit });
    return { usage };
  }
  const killed = probeKillOf(kubelet, pod, container, ended);
  if (killed !== undefined) return killed;
  const needs = missedServices(kubelet, pod, container, message ?? '');
  if (needs.length > 0) return { needs };
  return {
    ...unreadyAfter(ranMs),
    exitsAfterMs: ranMs,
    exitCode,
    ...(reason === 'OOMKilled' && { lacksNodeMemory: true }),
    ...(message === undefined ? {} : { terminationMessage: message }),
  };
}

/** Of a container that its liveness probe has ended; `undefined` of one that ended otherwise. */
export function probeKillOf(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  { startedAt, finishedAt, exitCode }: Ended,
): ContainerBehaviour | undefined {
  return livenessKill(kubelet, pod, container, Math.max(1000, finishedAt - startedAt), exitCode);
}

/** Whatever ends so soon after its start has not come to answer its probe, as far as one can tell. */
function unreadyAfter(ranMs: number): ContainerBehaviour {
  return ranMs <= AT_START_MS ? { failsProbes: ['readiness'] } : {};
}

/** Twice as long as it was given: nobody knows how long it takes to start. */
const START_FACTOR = 2;

/** Of a container that its liveness probe has killed: too early, after it hung, or since it asks wrongly. */
function livenessKill(
  kubelet: Kubelet,
  pod: PodRuntime,
  { spec }: ContainerRuntime,
  ranMs: number,
  exitCode: number,
): ContainerBehaviour | undefined {
  const probe = spec.livenessProbe;
  const says = eventsOf(kubelet, pod).map(({ message = '' }) => message);
  if (probe === undefined || !says.includes(`Container ${spec.name} failed liveness probe, will be restarted`))
    return undefined;
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 1 } = probe;
  const patienceMs = 1000 * (initialDelaySeconds + periodSeconds * failureThreshold + timeoutSeconds);
  const stops = exitCode === 137 ? { stopMs: Infinity } : { stopExitCode: exitCode };
  if (says.some((text) => NOT_SERVED.test(text)) || (asksElsewhere(spec) && says.some((text) => REFUSED.test(text))))
    return { ...stops, failsProbes: ['liveness'] };
  const graceMs = 1000 * (pod.object.spec?.terminationGracePeriodSeconds ?? 30);
  const livedMs = ranMs - (exitCode === 137 ? graceMs : 0);
  if (livedMs <= patienceMs + 1000 * periodSeconds) return { ...stops, startMs: START_FACTOR * livedMs };
  return { ...stops, hangsAfterMs: livedMs - patienceMs };
}

const NOT_SERVED = /^Liveness probe failed: HTTP probe failed with statuscode: 4\d\d/;
const REFUSED = /^Liveness probe failed: .{0,400}connection refused/;

/** Whether the liveness probe asks at a port that is none of those that the container tells of. */
function asksElsewhere({ livenessProbe, ports = [] }: ContainerRuntime['spec']): boolean {
  const { httpGet, tcpSocket, grpc } = livenessProbe ?? {};
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  return (
    port !== undefined &&
    ports.length > 0 &&
    ports.every(({ name, containerPort }) => port !== containerPort && port !== name)
  );
}

function eventsOf({ api: { store } }: Kubelet, { object: { metadata } }: PodRuntime): readonly Event[] {
  return [...store.list(EVENTS, metadata.namespace ?? '')].filter(
    ({ involvedObject }) => involvedObject?.kind === 'Pod' && involvedObject.name === metadata.name,
  );
}

/** Words of programs that could not call somebody. */
const CALL =
  /refused|lookup|resolve|no route|unreachable|reach|timeout|timed out|connect|dial|ENOTFOUND|EAI_AGAIN|unavailable/i;
const LINES = 20;
const LONGEST = 1000;

/** Services that it says it could not call, and behind which nothing is ready: it goes on once there is. */
function missedServices(
  kubelet: Kubelet,
  { object: { metadata } }: PodRuntime,
  { spec }: ContainerRuntime,
  message: string,
): readonly string[] {
  const home = metadata.namespace ?? '';
  const logs = kubelet.surroundings.logs.filter(
    (log) => log.namespace === home && log.pod === metadata.name && log.container === spec.name,
  );
  const lines = [...message.split('\n'), ...logs.flatMap((log) => log.lines)].slice(-LINES);
  const words = lines.filter((line) => CALL.test(line)).flatMap((line) => line.slice(0, LONGEST).split(/[^a-z0-9.-]+/));
  const hosts = words.map((word) => {
    const [name = '', namespace = home] = word.split('.');
    return { name, namespace };
  });
  const missed = hosts.filter(
    ({ name, namespace }) =>
      name !== '' &&
      kubelet.api.store.get(SERVICES, namespace, name) !== undefined &&
      !answers(kubelet, namespace, name),
  );
  return [...new Set(missed.map(({ name, namespace }) => `${name}.${namespace}`))];
}

function answers({ api: { store } }: Kubelet, namespace: string, name: string): boolean {
  for (const slice of store.list(ENDPOINT_SLICES, namespace))
    if (
      slice.metadata.labels?.['kubernetes.io/service-name'] === name &&
      slice.endpoints?.some(({ conditions }) => conditions?.ready !== false)
    )
      return true;
  return false;
}
