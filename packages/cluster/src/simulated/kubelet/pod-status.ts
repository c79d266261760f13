/**
 * What a kubelet reports of a pod. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/; `pkg/kubelet/kubelet_pods.go`,
 * `generateAPIPodStatus`
 */
import type { Features } from '../control-plane/features.ts';
import type { ContainerStatus, Pod } from '../../model/kinds.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { podConditions } from './pod-conditions.ts';
import type { ContainerRuntime, Ended, PodRuntime } from './pod-runtime.ts';
import { qosClassOf } from './quality-of-service.ts';
import { restarts } from './restart-policy.ts';

type PodStatus = NonNullable<Pod['status']>;
type State = NonNullable<ContainerStatus['state']>;
type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** Status of a pod as it is now; what others wrote into it stays. */
export function podStatusOf(pod: PodRuntime, now: number, { reportsGrants = true }: Partial<Features> = {}): PodStatus {
  const { object, finished } = pod;
  const statuses = new Map(
    pod.containers.map((container) => [container.spec.name, containerStatus(pod, container, reportsGrants)]),
  );
  const phase = phaseOf(pod);
  const of = (...roles: readonly string[]) =>
    pod.containers
      .filter(({ role }) => roles.includes(role))
      .map(({ spec }) => statuses.get(spec.name) as ContainerStatus);
  const init = of('init', 'sidecar');
  const ephemeral = byName(of('ephemeral'));
  const { generation } = object.metadata;
  const status: PodStatus & { observedGeneration?: number } = {
    ...othersOf(object),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...addressesOf(pod),
    phase,
    conditions: podConditions(pod, phase, statuses, now),
    ...(finished?.reason === undefined ? {} : { reason: finished.reason }),
    ...(finished?.message === undefined ? {} : { message: finished.message }),
    startTime: object.status?.startTime ?? timestamp(pod.startedAt),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: byName(of('main')),
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    qosClass: object.status?.qosClass ?? qosClassOf(object),
  };
  return status;
}

/** Status of a pod that was not taken in: nothing of it ever was. */
export function refusedStatus({ object, finished, startedAt }: PodRuntime): PodStatus {
  return {
    ...othersOf(object),
    ...finished,
    startTime: object.status?.startTime ?? timestamp(startedAt),
    qosClass: object.status?.qosClass ?? qosClassOf(object),
  };
}

/** What is neither worked out anew nor over. */
function othersOf({ status = {} }: Pod): PodStatus {
  return Object.fromEntries(Object.entries(status).filter(([field]) => field !== 'reason' && field !== 'message'));
}

function byName(statuses: readonly ContainerStatus[]): readonly ContainerStatus[] {
  return [...statuses].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addressesOf({ node, ip }: PodRuntime): Partial<PodStatus> {
  const host = node.object?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  return {
    ...(host === undefined ? {} : { hostIP: host, hostIPs: [{ ip: host }] }),
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
  };
}

/** Source: `getPhase`. */
export function phaseOf(pod: PodRuntime): Phase {
  const { containers, finished } = pod;
  if (finished !== undefined && !containers.some(({ run }) => run !== undefined)) return finished.phase;
  const isWaiting = ({ run, ended }: ContainerRuntime) => run === undefined && ended === undefined;
  const mains = containers.filter(({ role }) => role === 'main');
  const hasBegun = mains.some((container) => !isWaiting(container));
  const isInitialized = hasBegun || containers.every((container) => isInitDone(container));
  if (!isInitialized || mains.some(isWaiting)) return 'Pending';
  return 'Running';
}

/** Whether an init container lets the next one begin. */
export function isInitDone({ role, run, ended }: ContainerRuntime): boolean {
  if (role === 'init') return run === undefined && ended?.exitCode === 0;
  return role !== 'sidecar' || run?.started === true;
}

function containerStatus(pod: PodRuntime, container: ContainerRuntime, reportsGrants: boolean): ContainerStatus {
  const { spec, run, ended, role } = container;
  const wasCreated = run !== undefined || ended !== undefined;
  const { image = '' } = spec;
  const shown = (wasCreated ? container.shown : undefined) ?? { image, imageID: '' };
  const last = previousEnd(pod, container);
  const id = run?.id ?? ended?.id;
  const isReady = role === 'init' ? run === undefined && ended?.exitCode === 0 : run?.ready === true;
  return {
    name: spec.name,
    state: stateOf(pod, container),
    lastState: last === undefined ? {} : { terminated: terminated(last) },
    ready: isReady,
    restartCount: container.restarts,
    ...shown,
    ...(id === undefined || id === '' ? {} : { containerID: id }),
    started: run !== undefined && (role === 'init' || role === 'ephemeral' || run.started),
    ...(wasCreated && reportsGrants ? grantedOf(container) : {}),
  };
}

function grantedOf({ resources, spec }: ContainerRuntime) {
  const { requests, limits } = resources ?? {};
  const actual = { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
  const mounts = spec.volumeMounts?.map(({ name, mountPath, readOnly = false }) => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }));
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: actual,
    ...(mounts === undefined ? {} : { volumeMounts: mounts }),
  };
}

/** A container that will be started again waits, and shows its end as the last state; one that will not has ended. */
function isWaitingAgain(pod: PodRuntime, container: ContainerRuntime): boolean {
  return (
    container.problem !== undefined &&
    container.ended !== undefined &&
    pod.ending === undefined &&
    pod.finished === undefined &&
    restarts(pod, container)
  );
}

function stateOf(pod: PodRuntime, container: ContainerRuntime): State {
  const { run, ended, problem, role } = container;
  if (run !== undefined) return { running: { startedAt: timestamp(run.startedAt) } };
  if (ended !== undefined && !isWaitingAgain(pod, container)) return { terminated: terminated(ended) };
  if (problem !== undefined) return { waiting: messageOf(problem.reason, problem.message) };
  const hasInit = role !== 'ephemeral' && pod.containers.some((one) => one.role === 'init' || one.role === 'sidecar');
  return { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
}

function messageOf(reason: string, message: string) {
  return message === '' ? { reason } : { reason, message };
}

/** How the process ended before the one that the state is about. */
export function previousEnd(pod: PodRuntime, container: ContainerRuntime): Ended | undefined {
  return container.ended !== undefined && isWaitingAgain(pod, container) ? container.ended : container.last;
}

function terminated({ id, startedAt, finishedAt, exitCode, reason, message }: Ended) {
  return {
    ...(id === '' ? {} : { containerID: id }),
    exitCode,
    finishedAt: timestamp(finishedAt),
    ...(message === undefined || message === '' ? {} : { message }),
    reason,
    startedAt: timestamp(startedAt),
  };
}
