/** What is wrong with a container right now: one classification that all container rules share, so that each state has one code. */
import { eventTime, timeOf, type ContainerStatus, type Event, type Pod } from '@aia/cluster';
import { conditionOf } from '../conditions.ts';
import type { ContainerView, Examination } from '../examination.ts';
import { isJobRetrying } from '../workloads/job-outcome.ts';
import { hasOutlived } from './outlived.ts';
import { parseImage } from '../messages/image.ts';
import { failsAtUnknownAge } from './visible-failure.ts';

/**
 * A kind of trouble; each is reported by exactly one rule. `oom` and `start` may stand beside `crash-loop`: they name the
 * cause of a loop, the loop its state.
 */
export type ContainerTrouble =
  'image' | 'config' | 'start' | 'oom' | 'crash-loop' | 'terminated' | 'not-ready' | 'restarts' | 'init-running';

type Termination = NonNullable<NonNullable<NonNullable<ContainerView['status']>['state']>['terminated']>;

/** A container in trouble. */
export interface ContainerCase extends ContainerView {
  readonly pod: Pod;
  readonly troubles: readonly ContainerTrouble[];
  readonly restarts: number;
  /** The most recent end, of this instance or the one before it. */
  readonly last: Termination | undefined;
  /** Where `last` stands, for evidence. */
  readonly lastPath: string;
  /** `''` when it does not wait. */
  readonly waitingReason: string;
  readonly waitingMessage: string;
}

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
/** Waiting reasons that belong to the whole pod; pod rules report them. */
const POD_REASONS: ReadonlySet<string> = new Set([
  '',
  'ContainerCreating',
  'PodInitializing',
  'CreatePodSandboxError',
  'ConfigPodSandboxError',
  'KillPodSandboxError',
]);
/** Terminations in which the container's process never ran. */
const NEVER_RAN: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun']);
/** Restarts from which an exit counts as repeated. */
const REPEATED = 2;

const cases = new WeakMap<Examination, readonly ContainerCase[]>();

/** Containers of judged pods with this trouble. Pods that are young, being deleted or lost as a whole are left out. */
export function containersWith(examination: Examination, trouble: ContainerTrouble): readonly ContainerCase[] {
  let known = cases.get(examination);
  if (known === undefined) cases.set(examination, (known = casesOf(examination)));
  return known.filter((found) => found.troubles.includes(trouble));
}

/** Containers of one pod that are in any trouble. */
export function troubledContainersOf(examination: Examination, pod: Pod): readonly ContainerCase[] {
  return isSettled(examination, pod)
    ? examination.containersOf(pod).flatMap((view) => caseOf(examination, pod, view))
    : [];
}

/**
 * Long enough in existence to be judged: older than the grace, failed for good, restarted so often that it must be, failing at an unknown age, or
 * without an image for a reason that time does not mend.
 */
export function isSettled(examination: Examination, pod: Pod): boolean {
  const { status, metadata } = pod;
  if (metadata.deletionTimestamp !== undefined || status === undefined) return false;
  const age = examination.ageMs(metadata.creationTimestamp);
  if (age === undefined || age >= examination.thresholds.graceMs || status.phase === 'Failed') return true;
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const restarts = statuses.some((container) => (container.restartCount ?? 0) >= examination.thresholds.restarts);
  return restarts || statuses.some(isImageOutOfReach) || failsAtUnknownAge(examination, pod);
}

/** What no later attempt mends; the kubelet backs off only after a second one. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  'not-found',
  'unauthorized',
  'invalid-name',
  'never-pull',
  'architecture',
]);

function isImageOutOfReach({ state }: ContainerStatus): boolean {
  const { reason = '', message = '' } = state?.waiting ?? {};
  return (
    IMAGE_REASONS.has(reason) && reason !== 'ErrImagePull' && FOR_GOOD.has(parseImage(reason, message)?.cause ?? '')
  );
}

/** An init container that keeps running beside the others (a native sidecar, Kubernetes 1.29 on). */
export function isSidecar(view: ContainerView): boolean {
  return view.init && view.container.restartPolicy === 'Always';
}

/** Events about one container, newest first; in a pod with a single container also those that name none. */
export function eventsOfContainer(
  examination: Examination,
  found: ContainerCase,
  ...reasons: readonly string[]
): readonly Event[] {
  const paths = [`spec.containers{${found.container.name}}`, `spec.initContainers{${found.container.name}}`];
  const alone = examination.containersOf(found.pod).length === 1;
  return examination.snapshot.eventsOf(found.pod).filter((event) => {
    const path = event.involvedObject?.fieldPath;
    return reasons.includes(event.reason ?? '') && (path === undefined ? alone : paths.includes(path));
  });
}

/** Whether an event is recent enough to speak about the present. */
export function isRecent(examination: Examination, event: Event): boolean {
  return examination.now - eventTime(event) <= examination.thresholds.restartWindowMs;
}

function casesOf(examination: Examination): readonly ContainerCase[] {
  return examination.troubledPods.flatMap((pod) => troubledContainersOf(examination, pod));
}

function caseOf(examination: Examination, pod: Pod, view: ContainerView): readonly ContainerCase[] {
  const { status } = view;
  if (status === undefined || isLostAsWhole(pod)) return [];
  const ended = status.state?.terminated;
  const partial = {
    ...view,
    pod,
    restarts: status.restartCount ?? 0,
    last: ended ?? status.lastState?.terminated,
    lastPath: `${view.statusPath}.${ended === undefined ? 'lastState' : 'state'}.terminated`,
    waitingReason: status.state?.waiting?.reason ?? '',
    waitingMessage: status.state?.waiting?.message ?? '',
    troubles: [],
  };
  const troubles = troublesOf(examination, partial);
  return troubles.length === 0 ? [] : [{ ...partial, troubles }];
}

/** Evicted, rejected, out of time or lost with its node: the pod's own reason says more than its containers' exit codes. */
function isLostAsWhole(pod: Pod): boolean {
  return pod.status?.phase === 'Failed' && (pod.status.reason ?? '') !== '';
}

function troublesOf(examination: Examination, found: ContainerCase): readonly ContainerTrouble[] {
  const state = found.status?.state;
  if (state?.waiting !== undefined) return waitingTroubles(examination, found);
  if (state?.terminated !== undefined) return endedTroubles(examination, found, state.terminated);
  if (state?.running !== undefined) return runningTroubles(examination, found, state.running.startedAt);
  return isSaidUnready(examination, found) ? ['not-ready'] : [];
}

function waitingTroubles(examination: Examination, found: ContainerCase): readonly ContainerTrouble[] {
  const { waitingReason, last } = found;
  if (POD_REASONS.has(waitingReason)) return [];
  if (IMAGE_REASONS.has(waitingReason)) return ['image'];
  if (waitingReason === 'CreateContainerConfigError') return ['config'];
  // A reason that this version does not know is still a container that does not start.
  if (waitingReason !== 'CrashLoopBackOff') return ['start'];
  if (NEVER_RAN.has(last?.reason ?? '')) return ['start', 'crash-loop'];
  if (isJobRetrying(examination, found.pod)) return [];
  return last?.reason === 'OOMKilled' ? ['oom', 'crash-loop'] : ['crash-loop'];
}

function endedTroubles(
  examination: Examination,
  found: ContainerCase,
  ended: Termination,
): readonly ContainerTrouble[] {
  if (NEVER_RAN.has(ended.reason ?? '')) return ['start'];
  if (ended.reason === 'ContainerStatusUnknown' || isJobRetrying(examination, found.pod)) return [];
  const restarting = restarts(found, ended.exitCode ?? 0);
  const looping = restarting && found.restarts >= REPEATED && isWithinWindow(examination, ended);
  if (ended.reason === 'OOMKilled') return looping ? ['oom', 'crash-loop'] : ['oom'];
  if (restarting) return looping ? ['crash-loop'] : [];
  return (ended.exitCode ?? 0) === 0 ? [] : ['terminated'];
}

/** Whether the kubelet will start a container again that ended with this exit code. */
function restarts({ pod, container, init }: ContainerCase, exitCode: number): boolean {
  if (pod.status?.phase === 'Failed') return false;
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  // An init container that succeeded has done its work, whatever the policy.
  if (init && container.restartPolicy === undefined && exitCode === 0) return false;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function runningTroubles(
  examination: Examination,
  found: ContainerCase,
  startedAt: string | undefined,
): readonly ContainerTrouble[] {
  const { thresholds } = examination;
  const recent =
    found.last !== undefined && isWithinWindow(examination, found.last) && !isJobRetrying(examination, found.pod);
  const troubles: ContainerTrouble[] = [];
  if (recent && found.last?.reason === 'OOMKilled') troubles.push('oom');
  if (found.init && !isSidecar(found)) {
    if (initRunsLong(examination, found, startedAt)) troubles.push('init-running');
  } else if (isUnreadyTooLong(examination, found, startedAt)) troubles.push('not-ready');
  const isOften = found.restarts > thresholds.restarts || restartsSteadily(examination, found);
  if (troubles.length === 0 && recent && isOften) troubles.push('restarts');
  return troubles;
}

/** So often it shows that restarts go on, and at most so far apart on average since its pod was made. */
const STEADY = { restarts: 3, everyMs: 30 * 60_000 } as const;

/**
 * Whether it was restarted again and again since its pod was made, and runs no longer now than it did before: kubelets forget their back-off for who
 * runs ten minutes.
 */
function restartsSteadily(examination: Examination, { pod, restarts: count, last, status }: ContainerCase): boolean {
  const [ageMs, sinceMs] = [examination.ageMs(pod.metadata.creationTimestamp), examination.ageMs(last?.finishedAt)];
  if (count < STEADY.restarts || ageMs === undefined || sinceMs === undefined) return false;
  if (status !== undefined && hasOutlived(status, examination.now)) return false;
  return ageMs / count <= STEADY.everyMs && sinceMs <= STEADY.everyMs;
}

/** A part of an object may lack the state of a container; then only what else is said of it counts. */
function isSaidUnready(examination: Examination, found: ContainerCase): boolean {
  const isRunning = found.pod.status?.phase === 'Running' && found.status?.ready === false && !found.init;
  const isRestarted = found.restarts > examination.thresholds.restarts;
  return isRunning && (isRestarted || eventsOfContainer(examination, found, 'Unhealthy').length > 0);
}

/** A batch job may prepare itself for as long as it likes. */
function initRunsLong(examination: Examination, found: ContainerCase, startedAt: string | undefined): boolean {
  const forMs = examination.ageMs(startedAt);
  const owner = found.pod.metadata.ownerReferences?.[0]?.kind;
  return forMs !== undefined && forMs > examination.thresholds.graceMs && owner !== 'Job';
}

function isUnreadyTooLong(examination: Examination, found: ContainerCase, startedAt: string | undefined): boolean {
  if (found.status?.ready !== false) return false;
  const sinceAt = unreadySince(found.pod, startedAt);
  return (
    sinceAt === undefined || examination.now - sinceAt > examination.thresholds.graceMs + startupAllowanceMs(found)
  );
}

/** Later of the container's start and the moment when the pod's containers stopped being ready. */
export function unreadySince(pod: Pod, startedAt: string | undefined): number | undefined {
  const condition = conditionOf(pod.status?.conditions, 'ContainersReady');
  const stoppedAt = condition?.status === 'False' ? timeOf(condition.lastTransitionTime) : undefined;
  const times = [timeOf(startedAt), stoppedAt].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * How long the probes let a container start, with the API's defaults: period 10 s, threshold 3.
 * Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
function startupAllowanceMs({ container }: ContainerView): number {
  const allowance = (probe: typeof container.startupProbe): number =>
    probe === undefined
      ? 0
      : (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3);
  return 1000 * (allowance(container.startupProbe) + (container.readinessProbe?.initialDelaySeconds ?? 0));
}

/** An end whose time is unknown counts as recent: it is the latest one there is. */
function isWithinWindow(examination: Examination, ended: Termination): boolean {
  const age = examination.ageMs(ended.finishedAt);
  return age === undefined || age <= examination.thresholds.restartWindowMs;
}
