/**
 * One look of a kubelet at a pod: what has happened by itself, what is to be done about it, what is to be reported.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/; `pkg/kubelet/kubelet.go`, `SyncPod`
 */
import { sameJson } from '../../snapshot/diff.ts';
import { isMirrorPod } from '../../scheduling/pod-owner.ts';
import { ApiError } from '../api/api-error.ts';
import { PODS } from '../api/built-in-types.ts';
import { startContainer } from './container-start.ts';
import { endDueProcesses, reconsiderProcesses, wakeForEnds } from './container-process.ts';
import { stopProcess } from './process-stop.ts';
import { freeIp, takeIp } from './pod-network.ts';
import { isInitDone, podStatusOf, refusedStatus } from './pod-status.ts';
import {
  tell,
  wake,
  type ContainerRuntime,
  type Ending,
  type Finish,
  type Kubelet,
  type PodRuntime,
} from './pod-runtime.ts';
import { SYNC_RETRY_MS } from './images.ts';
import { runProbes } from './probes.ts';
import { resizeContainers } from './resize.ts';
import { restarts } from './restart-policy.ts';
import { mountVolumes } from './volumes.ts';
import { graceOf } from './grace.ts';
import { fakeDigest } from './image-reference.ts';

const SANDBOX_MS = 300;
/** Source: `pod_workers.go`, `backOffOnTransientErrorPeriod`. */
const NETWORK_RETRY_MS = 1000;

/** Looks at a pod; {@link PodRuntime.wakeAt} says afterwards when to look again. */
export function syncPod(kubelet: Kubelet, pod: PodRuntime): void {
  pod.wakeAt = Infinity;
  endDueProcesses(kubelet, pod);
  if (pod.isRebooted) beginAgain(pod);
  if (pod.isStale) reconsiderProcesses(kubelet, pod);
  finishWork(kubelet, pod);
  if (isMirrorPod(pod.object) && pod.object.metadata.deletionTimestamp !== undefined) return removePod(kubelet, pod);
  noticeDeletion(kubelet, pod);
  noticeDeadline(kubelet, pod);
  if (pod.ending === undefined && pod.finished === undefined) keepRunning(kubelet, pod);
  if (pod.ending !== undefined) goOnEnding(kubelet, pod, pod.ending);
  wakeForEnds(pod);
  if (pod.work !== undefined) wake(pod, pod.work.until);
  report(kubelet, pod);
  if (pod.ending?.why === 'deleted' && pod.finished !== undefined) removePod(kubelet, pod);
}

/** After a reboot the init containers run once more. */
function beginAgain(pod: PodRuntime): void {
  pod.isRebooted = false;
  pod.isInitialized = false;
  for (const container of pod.containers)
    if (container.role === 'init' && container.ended !== undefined) {
      container.restarts++;
      container.last = container.ended;
      container.ended = undefined;
    }
}

function finishWork({ clock }: Kubelet, pod: PodRuntime): void {
  const { work } = pod;
  if (work === undefined || work.until > clock.now) return;
  pod.work = undefined;
  if (pod.ending === undefined) work.finish(clock.now);
}

/** A second deletion may leave less time than the first. */
function noticeDeletion(kubelet: Kubelet, pod: PodRuntime): void {
  const { deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.object.metadata;
  const graceMs = deletionGracePeriodSeconds * 1000;
  if (deletionTimestamp === undefined || pod.isLingering) return;
  if (pod.ending?.why === 'deleted' && pod.ending.graceMs <= graceMs) return;
  endPod(kubelet, pod, { why: 'deleted', graceMs, since: kubelet.clock.now });
}

/** Source: `pkg/kubelet/active_deadline.go`. */
function noticeDeadline(kubelet: Kubelet, pod: PodRuntime): void {
  const { activeDeadlineSeconds: seconds } = pod.object.spec ?? {};
  if (seconds === undefined || pod.ending !== undefined || pod.finished !== undefined) return;
  const endsAt = pod.startedAt + seconds * 1000;
  if (endsAt > kubelet.clock.now) return wake(pod, endsAt);
  const message = 'Pod was active on the node longer than the specified deadline';
  tell(kubelet, pod, 'Normal', 'DeadlineExceeded', message);
  const finish: Finish = { phase: 'Failed', reason: 'DeadlineExceeded', message };
  endPod(kubelet, pod, { why: 'failed', graceMs: graceOf(pod), since: kubelet.clock.now, finish });
}

/** Has all processes of a pod ended. Sidecars end after the containers that they stand beside. */
export function endPod(kubelet: Kubelet, pod: PodRuntime, ending: Ending): void {
  pod.ending = pod.ending?.finish === undefined ? ending : { ...ending, finish: pod.ending.finish };
  pod.work = undefined;
  for (const container of pod.containers)
    if (container.role !== 'sidecar') stopContainer(kubelet, pod, container, ending.graceMs);
}

function stopContainer(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, graceMs: number): void {
  if (container.run === undefined) return;
  if (container.run.stop === undefined)
    tell(kubelet, pod, 'Normal', 'Killing', `Stopping container ${container.spec.name}`, container);
  stopProcess(container, graceMs, kubelet.clock.now);
}

function goOnEnding(kubelet: Kubelet, pod: PodRuntime, ending: Ending): void {
  const { now } = kubelet.clock;
  const running = pod.containers.filter(({ run }) => run !== undefined);
  if (running.length === 0) {
    pod.finished ??= ending.finish ?? finishOf(pod, ending);
    freeIp(pod);
    return;
  }
  if (running.some(({ role }) => role !== 'sidecar')) return;
  // One after another, the last one first, in what is left of the time.
  const last = running.at(-1) as ContainerRuntime;
  if (last.run?.stop === undefined) stopContainer(kubelet, pod, last, Math.max(0, ending.since + ending.graceMs - now));
}

/** How a pod that ends counts, by how its containers did. */
function finishOf({ containers }: PodRuntime, { why }: Ending): Finish {
  const mains = containers.filter(({ role }) => role === 'main');
  const succeeded = mains.every(({ ended }) => ended?.exitCode === 0);
  return { phase: why !== 'failed' && succeeded ? 'Succeeded' : 'Failed' };
}

function keepRunning(kubelet: Kubelet, pod: PodRuntime): void {
  for (const container of pod.containers) runProbes(kubelet, pod, container);
  resizeContainers(kubelet, pod);
  if (pod.work !== undefined) return;
  mountVolumes(kubelet, pod);
  if (!pod.mounted) return;
  if (pod.sandboxAt === undefined) return makeSandbox(kubelet, pod);
  if (isOver(pod)) {
    endPod(kubelet, pod, { why: 'completed', graceMs: graceOf(pod), since: kubelet.clock.now });
    return;
  }
  for (const container of startable(pod)) {
    startContainer(kubelet, pod, container);
    if (pod.work !== undefined) return;
  }
}

function makeSandbox(kubelet: Kubelet, pod: PodRuntime): void {
  const unready = networkProblem(pod);
  if (unready !== undefined) {
    tell(kubelet, pod, 'Warning', 'NetworkNotReady', `network is not ready: ${unready}`);
    return wake(pod, kubelet.clock.now + NETWORK_RETRY_MS);
  }
  const { clock, behaviours, recorded } = kubelet;
  const { name } = pod.node;
  const error = behaviours.node?.(name).sandboxError ?? recorded.sandboxErrors.get(name) ?? takeIp(pod);
  if (error !== undefined) {
    const id = fakeDigest(`${pod.uid}${clock.now}`);
    const why = `rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ${error}`;
    tell(kubelet, pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${why}`);
    return wake(pod, clock.now + SYNC_RETRY_MS);
  }
  const finish = (now: number) => {
    pod.sandboxAt = now;
  };
  pod.work = { until: clock.now + SANDBOX_MS, finish };
}

/** A node without a network yet runs only what needs none. */
function networkProblem({ node, object }: PodRuntime): string | undefined {
  const ready = node.object?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (object.spec?.hostNetwork === true || ready?.status !== 'False') return undefined;
  return ready.message?.includes('NetworkReady=false') === true ? ready.message : undefined;
}

/** Nothing of the pod will run again: an init container failed for good, or all containers ended for good. */
function isOver(pod: PodRuntime): boolean {
  const isDone = (container: ContainerRuntime) =>
    container.run === undefined && container.ended !== undefined && !restarts(pod, container);
  if (pod.containers.some((one) => one.role === 'init' && isDone(one) && one.ended?.exitCode !== 0)) return true;
  const mains = pod.containers.filter(({ role }) => role === 'main');
  return mains.length > 0 && mains.every(isDone);
}

/** What may be started now. Init containers go one after another, the others when all of them are done. */
function startable(pod: PodRuntime): readonly ContainerRuntime[] {
  const { containers } = pod;
  const needsStart = (one: ContainerRuntime) => one.run === undefined && restarts(pod, one);
  const ephemeral = containers.filter((one) => one.role === 'ephemeral' && needsStart(one));
  const waitsFor = pod.isInitialized ? undefined : containers.find((one) => !isInitDone(one));
  pod.isInitialized = waitsFor === undefined;
  if (waitsFor === undefined)
    return [...containers.filter(({ role }) => role === 'sidecar' || role === 'main').filter(needsStart), ...ephemeral];
  const before = containers.slice(0, containers.indexOf(waitsFor));
  return [...before, waitsFor]
    .filter((one) => one.role !== 'main' && (one === waitsFor || one.role === 'sidecar'))
    .filter(needsStart)
    .concat(ephemeral);
}

/** Writes the status where it changed. */
function report(kubelet: Kubelet, pod: PodRuntime): void {
  const { namespace = '', name } = pod.object.metadata;
  const status = pod.isRefused ? refusedStatus(pod) : podStatusOf(pod, kubelet.clock.now, kubelet.features);
  if (pod.reported !== undefined && sameJson(status, pod.reported)) return;
  pod.reported = status;
  pod.isWriting = true;
  try {
    pod.object = kubelet.api.changeStatus(PODS, namespace, name, (one) =>
      one.metadata.uid === pod.object.metadata.uid ? { ...one, status } : one,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    pod.isWriting = false;
  }
}

function removePod(kubelet: Kubelet, pod: PodRuntime): void {
  const { namespace = '', name, uid } = pod.object.metadata;
  pod.wakeAt = Infinity;
  try {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    kubelet.api.delete(PODS, namespace, name, { gracePeriodSeconds: 0, ...preconditions });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
