/** Scale-ups of a recorded cluster that failed: of which groups, why, when, and how often. */
import type { AutoscalerStatus, CloudSnapshot } from '../../cloud/cloud.ts';
import { groupPool, groupZone } from '../../cloud/node-group.ts';
import type { Event } from '../../model/kinds.ts';
import { eventCount, eventTime } from '../../snapshot/event-time.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from './autoscaler-options.ts';
import type { GroupError } from './back-off.ts';

/** A group that the record shows to be left alone. */
export interface RecordedFailure {
  /** `‹pool›/‹zone›`. */
  readonly group: string;
  readonly error: GroupError;
  /** Epoch milliseconds of the last failure, as far as it is told. */
  readonly failedAt: number;
  /** How long it is left alone since. */
  readonly durationMs: number;
  /** Whether the record tells when it failed. */
  readonly isTimed: boolean;
}

const FAILED = /^Node scale up in zones (.{1,120}) associated with this pod failed: (.{1,120}?)\. Pod/;
const CODES: readonly (readonly [RegExp, string])[] = [
  [/GCE quota exceeded/, 'QUOTA_EXCEEDED'],
  [/GCE out of resources/, 'RESOURCE_POOL_EXHAUSTED'],
  [/IP space exhausted/, 'IP_SPACE_EXHAUSTED'],
];
const OUT_OF_RESOURCE: ReadonlySet<string> = new Set(['QUOTA_EXCEEDED', 'RESOURCE_POOL_EXHAUSTED']);

interface PodFailure {
  readonly zones: readonly string[];
  readonly code: string;
  readonly at: number;
  readonly count: number;
}

/** From the status, which names groups and errors, else from what GKE told of pods that wait. */
export function recordedFailures(snapshot: ClusterSnapshot): readonly RecordedFailure[] {
  const { cloud, observedAt } = snapshot;
  const told = podFailures(snapshot);
  const backedOff = backedOffGroups(cloud.autoscaler, cloud);
  if (backedOff.length > 0)
    return backedOff.map(({ group, zone, error }) => {
      const about = told.filter(({ zones, code }) => zones.includes(zone) && code === error.errorCode);
      return timed(group, error, about, observedAt);
    });
  const groups = (cloud.cluster?.nodePools ?? [])
    .filter(({ autoscaling }) => autoscaling !== undefined)
    .flatMap(({ name, zones }) => zones.map((zone) => ({ group: `${name}/${zone}`, zone })));
  return groups.flatMap(({ group, zone }) => {
    const about = told.filter(({ zones }) => zones.includes(zone));
    const [newest] = about.toSorted((a, b) => b.at - a.at);
    return newest === undefined ? [] : [timed(group, errorOf(newest.code, ''), about, observedAt)];
  });
}

function backedOffGroups(status: AutoscalerStatus | undefined, { cluster }: CloudSnapshot) {
  return (status?.nodeGroups ?? []).flatMap(({ name, backoff, scaleUp }) => {
    const [pool, zone] = [groupPool(name, cluster?.name), groupZone(name)];
    if (backoff === undefined || scaleUp !== 'Backoff' || pool === undefined || zone === undefined) return [];
    return [{ group: `${pool}/${zone}`, zone, error: errorOf(backoff.errorCode, backoff.errorMessage) }];
  });
}

function errorOf(errorCode: string, errorMessage: string): GroupError {
  return { errorClass: OUT_OF_RESOURCE.has(errorCode) ? 'OutOfResource' : 'Other', errorCode, errorMessage };
}

/** Back-offs double with each failure; what the record does not tell is taken for the first, at the moment of the record. */
function timed(group: string, error: GroupError, about: readonly PodFailure[], observedAt: number): RecordedFailure {
  const failedAt = Math.max(0, ...about.map(({ at }) => at));
  const count = Math.max(1, ...about.map((one) => one.count));
  const durationMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(10, count - 1));
  const isTimed = failedAt > 0;
  return { group, error, failedAt: isTimed ? failedAt : observedAt, durationMs, isTimed };
}

/** Newest of each pod that waits, as GKE's events tell. */
function podFailures(snapshot: ClusterSnapshot): readonly PodFailure[] {
  return snapshot.list('Event').flatMap((event): readonly PodFailure[] => {
    const found = event.reason === 'FailedScaleUp' ? FAILED.exec(event.message ?? '') : null;
    if (found === null || !isOfWaitingPod(event, snapshot)) return [];
    const [, zones = '', reason = ''] = found;
    const code = CODES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'OTHER';
    return [{ zones: zones.split(', '), code, at: eventTime(event), count: eventCount(event) }];
  });
}

function isOfWaitingPod({ involvedObject }: Event, snapshot: ClusterSnapshot): boolean {
  const { kind, namespace = '', name = '' } = involvedObject ?? {};
  if (kind !== 'Pod') return false;
  const pod = snapshot.get('Pod', namespace, name);
  return pod !== undefined && (pod.spec?.nodeName ?? '') === '';
}
