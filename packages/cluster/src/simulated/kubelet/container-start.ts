/**
 * From a container that does not run to one that does: image, configuration, creation, start, hook; and the delay after failures.
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_container.go`, `startContainer`; `kuberuntime_manager.go`, `doBackOff`
 */
import { backOffEnd, goDuration, nextBackOff } from './back-off.ts';
import { configProblem } from './container-config.ts';
import { behaviourOf, beginProcess, drawContainerId } from './container-process.ts';
import { stopProcess } from './process-stop.ts';
import { graceOf } from './grace.ts';
import { ensureImage, finishPull, shownImage, SYNC_RETRY_MS } from './images.ts';
import { podTitle, tell, wake, type ContainerRuntime, type Kubelet, type PodRuntime } from './pod-runtime.ts';

/** Creating and starting one container. */
const START_MS = 100;
/** From the end of a container to the look that finds it has to wait. */
const NOTICE_MS = 1000;

/** Tries to start a container; nothing else is done for the pod while {@link PodRuntime.work} is set. */
export function startContainer(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): void {
  const { now } = kubelet.clock;
  if (container.retryAt > now) return wake(pod, container.retryAt);
  if (mustWaitAfterCrash(kubelet, pod, container)) return;
  const image = ensureImage(kubelet, pod, container);
  if (image.is === 'problem') return fail(pod, container, image.problem, image.retryAt);
  if (image.is === 'present') return create(kubelet, pod, container);
  const finish = () => {
    const failure = finishPull(kubelet, pod, container, now);
    if (failure === undefined) create(kubelet, pod, container);
    else fail(pod, container, failure.problem, failure.retryAt);
  };
  pod.work = { until: image.until, finish };
}

function fail(
  pod: PodRuntime,
  container: ContainerRuntime,
  problem: ContainerRuntime['problem'],
  retryAt: number,
): void {
  container.problem = problem;
  container.retryAt = retryAt;
  wake(pod, retryAt);
}

/** Whether a container that ended must not be started yet. */
function mustWaitAfterCrash(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): boolean {
  const { ended, crashes, spec } = container;
  const { now } = kubelet.clock;
  if (ended === undefined) return false;
  const until = backOffEnd(crashes, ended.finishedAt);
  if (until <= now) {
    container.crashes = nextBackOff(crashes, ended.finishedAt, now);
    return false;
  }
  // The end is shown first; a second later the kubelet has found out that it must wait.
  if (container.problem === undefined && now < ended.finishedAt + NOTICE_MS) {
    fail(pod, container, undefined, ended.finishedAt + NOTICE_MS);
    return true;
  }
  tell(kubelet, pod, 'Warning', 'BackOff', kubelet.wording.backOffRestart(spec.name, podTitle(pod)), container);
  const message = `back-off ${goDuration(crashes?.delayMs ?? 0)} restarting failed container=${spec.name} pod=${podTitle(pod)}`;
  fail(pod, container, { reason: 'CrashLoopBackOff', message }, until);
  return true;
}

function create(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): void {
  const { now } = kubelet.clock;
  const behaviour = behaviourOf(kubelet, pod, container);
  const { configError, createError } = behaviour;
  const problem =
    configProblem(kubelet, pod, container) ??
    (configError === undefined ? undefined : { reason: 'CreateContainerConfigError', message: configError }) ??
    (createError === undefined ? undefined : { reason: 'CreateContainerError', message: createError });
  if (problem !== undefined) {
    tell(kubelet, pod, 'Warning', 'Failed', `Error: ${problem.message}`, container);
    return fail(pod, container, problem, now + SYNC_RETRY_MS);
  }
  pod.work = { until: now + START_MS, finish: () => begin(kubelet, pod, container) };
}

function begin(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): void {
  const { spec } = container;
  if (container.ended !== undefined) container.restarts++;
  const behaviour = behaviourOf(kubelet, pod, container);
  const id = drawContainerId(kubelet.random);
  container.shown = kubelet.recorded.shownImages.get(spec.image ?? '') ?? shownImage(spec.image ?? '');
  container.resources = spec.resources;
  tell(kubelet, pod, 'Normal', 'Created', kubelet.wording.created(spec.name), container);
  const { startError, postStartError } = behaviour;
  if (startError !== undefined) return beginFailed(kubelet, pod, container, id, startError);
  tell(kubelet, pod, 'Normal', 'Started', kubelet.wording.started(spec.name), container);
  beginProcess(kubelet, pod, container, id);
  if (postStartError === undefined || spec.lifecycle?.postStart === undefined) return;
  tell(kubelet, pod, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', container);
  tell(kubelet, pod, 'Normal', 'Killing', 'FailedPostStartHook', container);
  stopProcess(container, graceOf(pod), kubelet.clock.now);
  container.problem = { reason: 'PostStartHookError', message: postStartError };
}

/** The runtime has the container, and it never ran. */
function beginFailed(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, id: string, error: string): void {
  const { now } = kubelet.clock;
  tell(kubelet, pod, 'Warning', 'Failed', `Error: ${error}`, container);
  if (container.ended !== undefined) container.last = container.ended;
  container.ended = { id, startedAt: 0, finishedAt: now, exitCode: 128, reason: 'StartError', message: error };
  fail(pod, container, { reason: 'RunContainerError', message: error }, now + NOTICE_MS);
}
