/** Processes of containers: how they begin, go on and end. */
import { ENDPOINT_SLICES } from '../api/built-in-types.ts';
import { drawInteger, type Random } from '../clock/random.ts';
import type { ContainerBehaviour } from './behaviour.ts';
import { placeOf } from './container-place.ts';
import { memoryLimitOf, timeOfOom } from './memory-limit.ts';
import { wake, type ContainerRuntime, type Kubelet, type PlannedEnd, type PodRuntime } from './pod-runtime.ts';
import { endOf } from './process-stop.ts';
import { recordedProgram } from './recorded-program.ts';
import { beginProbes } from './probes.ts';
import { policyOf } from './restart-policy.ts';
import { recordedUsage } from './usage.ts';

const INIT_MS = 1000;
const JOB_MS = 5000;
const RECORDED_OOM_MS = 5000;
/** Of programs that find what they need missing. */
const NEEDS_MS = 1000;

/** What the container's program does this time. */
export function behaviourOf(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): ContainerBehaviour {
  const place = placeOf(kubelet, pod, container);
  const recorded = kubelet.recorded.container(place, () => recordedProgram(kubelet, pod, container.spec));
  const own = kubelet.behaviours.container(place);
  return recorded === undefined ? own : { ...recorded, ...own };
}

/** The process runs from now on. */
export function beginProcess(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, id: string): void {
  const { now } = kubelet.clock;
  const behaviour = behaviourOf(kubelet, pod, container);
  if (container.ended !== undefined) container.last = container.ended;
  container.ended = undefined;
  container.problem = undefined;
  container.run = {
    id,
    startedAt: now,
    behaviour,
    end: earliest([plannedEnd(kubelet, pod, container, behaviour, now), recordedOom(kubelet, pod, container, now)]),
    stop: undefined,
    probes: beginProbes(container.spec, now),
    started: false,
    ready: false,
  };
}

/** Asks anew what the programs that run do, as if they had done so since they were started. */
export function reconsiderProcesses(kubelet: Kubelet, pod: PodRuntime): void {
  const { now } = kubelet.clock;
  pod.isStale = false;
  for (const container of pod.containers) {
    const { run } = container;
    if (run === undefined) continue;
    run.behaviour = behaviourOf(kubelet, pod, container);
    const end = plannedEnd(kubelet, pod, container, run.behaviour, run.startedAt);
    run.end = end !== undefined && end.at < now ? { ...end, at: now } : end;
    for (const probe of run.probes.values()) probe.nextAt = Math.min(probe.nextAt, now + 1000);
  }
}

/** When and how a process ends that nobody stops. */
export function plannedEnd(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  behaviour: ContainerBehaviour,
  startedAt: number,
): PlannedEnd | undefined {
  return earliest([
    endByItself(pod, container, behaviour, startedAt),
    oomEnd(container, behaviour, startedAt),
    lacks(kubelet, pod, behaviour) ? { at: startedAt + NEEDS_MS, exitCode: 1, reason: 'Error' } : undefined,
  ]);
}

function earliest(ends: readonly (PlannedEnd | undefined)[]): PlannedEnd | undefined {
  return ends.filter((end) => end !== undefined).sort((a, b) => a.at - b.at)[0];
}

/** A program of a recorded cluster takes as much memory as it did, also where it may not any more. */
function recordedOom(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  startedAt: number,
): PlannedEnd | undefined {
  const limit = memoryLimitOf(container);
  const used = limit === undefined ? undefined : recordedUsage(kubelet, pod, container)?.memoryBytes;
  if (limit === undefined || used === undefined || used <= limit) return undefined;
  return { at: startedAt + RECORDED_OOM_MS, exitCode: 137, reason: 'OOMKilled' };
}

function endByItself(
  pod: PodRuntime,
  container: ContainerRuntime,
  { exitsAfterMs, exitCode = 0, terminationMessage }: ContainerBehaviour,
  startedAt: number,
): PlannedEnd | undefined {
  const after =
    exitsAfterMs ?? (isMeantToEnd(pod, container) ? (container.role === 'init' ? INIT_MS : JOB_MS) : undefined);
  if (after === undefined) return undefined;
  return {
    at: startedAt + after,
    ...endOf(exitCode),
    ...(terminationMessage === undefined ? {} : { message: terminationMessage }),
  };
}

function isMeantToEnd(pod: PodRuntime, { role, spec }: ContainerRuntime): boolean {
  if (role === 'init') return true;
  if (role !== 'main' || policyOf(pod, spec.restartPolicy) === 'Always') return false;
  return pod.object.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') === true;
}

function oomEnd(container: ContainerRuntime, behaviour: ContainerBehaviour, startedAt: number): PlannedEnd | undefined {
  const after = timeOfOom(behaviour.usage, memoryLimitOf(container));
  return after === undefined ? undefined : { at: startedAt + after, exitCode: 137, reason: 'OOMKilled' };
}

/** Whether a Service that the program cannot do without has no ready endpoint. */
function lacks(kubelet: Kubelet, pod: PodRuntime, { needs = [] }: ContainerBehaviour): boolean {
  return needs.some((need) => {
    const [name = '', namespace = pod.object.metadata.namespace ?? ''] = (need.split(':')[0] as string).split('.');
    for (const slice of kubelet.api.store.list(ENDPOINT_SLICES, namespace))
      if (
        slice.metadata.labels?.['kubernetes.io/service-name'] === name &&
        slice.endpoints?.some(({ conditions }) => conditions?.ready !== false)
      )
        return false;
    return true;
  });
}

/** Ends processes whose time has come. */
export function endDueProcesses({ clock }: Kubelet, { containers }: PodRuntime): void {
  for (const container of containers) {
    const end = endOfRun(container);
    if (end !== undefined && end.at <= clock.now) finishProcess(container, end);
  }
}

/** Asks for a look when the next process ends. */
export function wakeForEnds(pod: PodRuntime): void {
  for (const container of pod.containers) wake(pod, endOfRun(container)?.at ?? Infinity);
}

function endOfRun({ run }: ContainerRuntime): PlannedEnd | undefined {
  if (run === undefined) return undefined;
  const { end, stop } = run;
  if (end === undefined || stop === undefined) return end ?? stop;
  return end.at <= stop.at ? end : stop;
}

/** The process is gone. */
function finishProcess(container: ContainerRuntime, { at, exitCode, reason, message }: PlannedEnd): void {
  const { run, spec } = container;
  if (run === undefined) return;
  container.run = undefined;
  const words = message ?? lastWordsOf(spec.terminationMessagePolicy, exitCode, run.behaviour);
  container.ended = {
    id: run.id,
    startedAt: run.startedAt,
    finishedAt: at,
    exitCode,
    reason,
    behaviour: run.behaviour,
    ...(words === undefined ? {} : { message: words }),
  };
}

/** Source: https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/#customizing-the-termination-message */
function lastWordsOf(policy: string | undefined, exitCode: number, { log = [], lastWords = [] }: ContainerBehaviour) {
  if (policy !== 'FallbackToLogsOnError' || exitCode === 0) return undefined;
  return [...log, ...lastWords]
    .map((line) => `${line}\n`)
    .join('')
    .slice(-2048);
}

/** As containerd names containers. */
export function drawContainerId(random: Random): string {
  let id = '';
  for (let i = 0; i < 8; i++) id += drawInteger(random, 0, 0xff_ff_ff_ff).toString(16).padStart(8, '0');
  return `containerd://${id}`;
}
