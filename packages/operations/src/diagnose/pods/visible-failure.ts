/**
 * Failures that show whatever a pod's age, for dumps that do not say when they were made: their newest object is then zero
 * seconds old, and a failure that has stood for days would pass for a start.
 */
import { timeOf, type ContainerStatus, type Pod } from '@aia/cluster';
import type { Examination } from '../examination.ts';

/** Kinds that somebody renews as long as the cluster runs, so that the newest of them is near the moment of observation. */
const CLOCKS = ['Node', 'Event', 'NodeMetrics', 'PodMetrics'] as const;
/** Reasons with which the kubelet waits before anything has gone wrong. */
const STARTING: readonly string[] = ['ContainerCreating', 'PodInitializing'];

const known = new WeakMap<Examination, boolean>();

/** Whether ages are measured to the moment of observation, not to the newest pod or workload that was read. */
export function areAgesKnown(examination: Examination): boolean {
  let answer = known.get(examination);
  if (answer === undefined) known.set(examination, (answer = hasClock(examination)));
  return answer;
}

/** Whether a failure of the pod stands in its status although nobody can tell how old the pod is. */
export function failsAtUnknownAge(examination: Examination, pod: Pod): boolean {
  return (isRefusedByScheduler(pod) || hasFailedContainer(pod)) && !areAgesKnown(examination);
}

/** Whether a container of the pod has failed, restarted or waits for more than its start. */
export function hasFailedContainer({ status }: Pod): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  return ![...initContainerStatuses, ...containerStatuses].every(isUntroubled);
}

function hasClock({ snapshot, now }: Examination): boolean {
  if (snapshot.source.kind === 'live' || CLOCKS.some((kind) => snapshot.list(kind).length > 0)) return true;
  return snapshot.objects.every((object) => timesOf(object).every((at) => at === undefined || at < now));
}

/** Moments at which an object was made or changed its state. */
function timesOf(object: { readonly metadata: { readonly creationTimestamp?: string | undefined } }) {
  const { status } = object as { status?: { conditions?: unknown; containerStatuses?: readonly ContainerStatus[] } };
  const conditions = (Array.isArray(status?.conditions) ? status.conditions : []) as readonly {
    readonly lastTransitionTime?: string;
    readonly lastUpdateTime?: string;
  }[];
  const containers = (status?.containerStatuses ?? []).flatMap(({ state, lastState }) => [
    state?.running?.startedAt,
    state?.terminated?.finishedAt,
    lastState?.terminated?.finishedAt,
  ]);
  return [
    object.metadata.creationTimestamp,
    ...conditions.flatMap(({ lastTransitionTime, lastUpdateTime }) => [lastTransitionTime, lastUpdateTime]),
    ...containers,
  ].map(timeOf);
}

function isRefusedByScheduler({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is !== 'True' && reason === 'Unschedulable',
  );
}

function isUntroubled({ state, restartCount }: ContainerStatus): boolean {
  const { waiting, terminated } = state ?? {};
  return (
    (restartCount ?? 0) === 0 &&
    (waiting === undefined || STARTING.includes(waiting.reason ?? 'ContainerCreating')) &&
    (terminated === undefined || terminated.exitCode === 0)
  );
}
