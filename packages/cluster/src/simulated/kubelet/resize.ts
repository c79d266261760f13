/**
 * Changing the amounts of containers that run. Source: https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/;
 * `pkg/kubelet/allocation`
 */
import { amountOf } from '../../model/quantity.ts';
import { lackOf } from './admission.ts';
import { plannedEnd } from './container-process.ts';
import { graceOf } from './grace.ts';
import { stopProcess } from './process-stop.ts';
import { wake, type ContainerRuntime, type Kubelet, type PodRuntime } from './pod-runtime.ts';

type Resources = ContainerRuntime['resources'];

/** From granting to the runtime's word that it is done. */
const RESIZE_MS = 1000;
/** Between two looks whether there is room by now. */
const RETRY_MS = 60_000;

/** Grants what others want changed where the node has it; says so in the conditions where not, or not yet. */
export function resizeContainers(kubelet: Kubelet, pod: PodRuntime): void {
  const changed = pod.containers.filter(wantsOthers);
  if (changed.length === 0) {
    pod.resize = undefined;
    return;
  }
  const { now } = kubelet.clock;
  if (pod.resize?.state === 'InProgress') {
    const doneAt = pod.resize.since + RESIZE_MS;
    if (doneAt > now) return wake(pod, doneAt);
    for (const container of changed) grant(kubelet, pod, container);
    pod.resize = undefined;
    return;
  }
  const impossible = lackOf(pod, false);
  const unavailable = impossible ?? lackOf(pod, true);
  const since = pod.resize?.since ?? now;
  if (unavailable === undefined) pod.resize = { state: 'InProgress', message: '', since: now };
  else
    pod.resize = { state: impossible === undefined ? 'Deferred' : 'Infeasible', message: unavailable.message, since };
  if (pod.resize.state !== 'Infeasible') wake(pod, now + (unavailable === undefined ? RESIZE_MS : RETRY_MS));
}

function wantsOthers({ run, resources, spec }: ContainerRuntime): boolean {
  return run !== undefined && resources !== spec.resources && !isSame(resources, spec.resources);
}

/** Amounts, however they are written. */
function isSame(a: Resources, b: Resources): boolean {
  return (['requests', 'limits'] as const).every((list) => {
    const [one, other] = [a?.[list] ?? {}, b?.[list] ?? {}];
    return Object.keys({ ...one, ...other }).every(
      (name) => amountOf(name, one[name] ?? '') === amountOf(name, other[name] ?? ''),
    );
  });
}

function grant(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): void {
  const { spec, run, resources: before } = container;
  const changed = ['cpu', 'memory'].filter((name) =>
    (['requests', 'limits'] as const).some((list) => before?.[list]?.[name] !== spec.resources?.[list]?.[name]),
  );
  container.resources = spec.resources;
  if (run === undefined) return;
  const restarts = spec.resizePolicy?.some(
    ({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changed.includes(resourceName),
  );
  if (restarts === true) stopProcess(container, graceOf(pod), kubelet.clock.now);
  else {
    const end = plannedEnd(kubelet, pod, container, run.behaviour, run.startedAt);
    run.end = end !== undefined && end.at < kubelet.clock.now ? { ...end, at: kubelet.clock.now } : end;
  }
}
