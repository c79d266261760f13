/** Pods in a table: readiness, the reason that stands for the whole pod, restarts. */
import type { ContainerStatus, Pod } from '../../../model/kinds.ts';
import type { RowCondition } from './column.ts';
import { printer } from './column.ts';
import { age, NONE } from './cells.ts';
import { since } from './duration.ts';

/** What is found out of the statuses of containers. */
interface Tally {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** The latest end of a container that was started again; `''` for none. */
  readonly lastEnd: string;
}

/** Printer of pods. */
export const PODS_TABLE = printer<Pod>(
  'Name, Ready, Status, Restarts, Age, +IP, +Node, +Nominated Node, +Readiness Gates',
  (pod, now) => {
    const { reason, ready, restarts, lastEnd } = tallyOf(pod);
    const total = (pod.spec?.containers.length ?? 0) + sidecarsOf(pod).size;
    const restartsCell = restarts > 0 && lastEnd !== '' ? `${restarts} (${since(lastEnd, now)} ago)` : String(restarts);
    return [
      pod.metadata.name,
      `${ready}/${total}`,
      statusOf(pod, reason),
      restartsCell,
      age(pod, now),
      ...wideCells(pod),
    ];
  },
  (pod) => completed(pod),
);

function completed({ status }: Pod): readonly RowCondition[] {
  const condition = { type: 'Completed', status: 'True' };
  if (status?.phase === 'Succeeded')
    return [{ ...condition, reason: 'Succeeded', message: 'The pod has completed successfully.' }];
  return status?.phase === 'Failed' ? [{ ...condition, reason: 'Failed', message: 'The pod failed.' }] : [];
}

function statusOf({ metadata, status }: Pod, reason: string): string {
  if (metadata.deletionTimestamp === undefined) return reason;
  if (status?.reason === 'NodeLost') return 'Unknown';
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? reason : 'Terminating';
}

/** Init containers that go on running. */
function sidecarsOf({ spec }: Pod): ReadonlySet<string> {
  return new Set((spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map(({ name }) => name));
}

function tallyOf(pod: Pod): Tally {
  const { status } = pod;
  const isGated = status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const reason = isGated === true ? 'SchedulingGated' : status?.reason || status?.phase || '';
  const init = initTally(pod, reason);
  const isInitialized = status?.conditions?.some((one) => one.type === 'Initialized' && one.status === 'True') === true;
  return init.isDone || isInitialized ? mainTally(pod, init) : init.all;
}

interface InitTally {
  /** Over all init containers. */
  readonly all: Tally;
  /** Over those that go on running. */
  readonly sidecars: Tally;
  readonly isDone: boolean;
}

function initTally(pod: Pod, reason: string): InitTally {
  const sidecars = sidecarsOf(pod);
  const total = pod.spec?.initContainers?.length ?? 0;
  const nothing: Tally = { reason, ready: 0, restarts: 0, lastEnd: '' };
  let [all, kept] = [nothing, nothing];
  for (const [at, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name);
    all = counted(all, container);
    if (isSidecar) kept = counted(kept, container);
    if (container.state?.terminated?.exitCode === 0) continue;
    const runs = isSidecar && container.started === true;
    if (runs && container.ready) [all, kept] = [oneReady(all), oneReady(kept)];
    if (runs) continue;
    const waits = initReason(container, at, total);
    return { all: { ...all, reason: waits }, sidecars: { ...kept, reason: waits }, isDone: false };
  }
  return { all, sidecars: kept, isDone: true };
}

function oneReady(tally: Tally): Tally {
  return { ...tally, ready: tally.ready + 1 };
}

function counted(tally: Tally, { restartCount, lastState }: ContainerStatus): Tally {
  const end = lastState?.terminated?.finishedAt ?? '';
  return { ...tally, restarts: tally.restarts + restartCount, lastEnd: end > tally.lastEnd ? end : tally.lastEnd };
}

function initReason({ state }: ContainerStatus, at: number, total: number): string {
  const { terminated, waiting } = state ?? {};
  if (terminated !== undefined) return `Init:${endReason(terminated)}`;
  const reason = waiting?.reason ?? '';
  return reason !== '' && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${at}/${total}`;
}

function endReason({
  reason = '',
  signal = 0,
  exitCode,
}: {
  reason?: string;
  signal?: number;
  exitCode: number;
}): string {
  if (reason !== '') return reason;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function mainTally(pod: Pod, { sidecars }: InitTally): Tally {
  let tally = sidecars;
  let runs = false;
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    tally = counted(tally, container);
    const { waiting, terminated, running } = container.state ?? {};
    if ((waiting?.reason ?? '') !== '') tally = { ...tally, reason: waiting?.reason ?? '' };
    else if (terminated !== undefined) tally = { ...tally, reason: endReason(terminated) };
    else if (container.ready && running !== undefined) {
      runs = true;
      tally = oneReady(tally);
    }
  }
  if (tally.reason !== 'Completed' || !runs) return tally;
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  return { ...tally, reason: isReady ? 'Running' : 'NotReady' };
}

function wideCells({ spec, status }: Pod): readonly string[] {
  const gates = spec?.readinessGates ?? [];
  const open = gates.filter(({ conditionType }) =>
    status?.conditions?.some((one) => one.type === conditionType && one.status === 'True'),
  );
  return [
    status?.podIPs?.[0]?.ip || status?.podIP || NONE,
    spec?.nodeName || NONE,
    status?.nominatedNodeName || NONE,
    gates.length === 0 ? NONE : `${open.length}/${gates.length}`,
  ];
}
