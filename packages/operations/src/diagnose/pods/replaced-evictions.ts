/**
 * Evictions of which only events are left: StatefulSets and DaemonSets delete an evicted pod to make it anew, where a ReplicaSet leaves it lying.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#self-healing-behavior
 */
import { compare, eventCount, eventTime, newestFirst, timeOf, type Event, type KubeObject } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { parseEviction } from '../messages/eviction.ts';

/** Evictions of one workload within the hour. */
export interface ReplacedEvictions {
  readonly workload: KubeObject;
  /** Newest first. */
  readonly events: readonly [Event, ...Event[]];
  readonly count: number;
}

const HOUR = 3_600_000;
/** By then it is no single burst of use. */
const TIMES = 3;
/** What happened again and again is over once it has not for so long, or for half as long again as ever between two times. */
const LEAST_PAUSE_MS = HOUR / 4;

/** Of pods that exceeded limits of their own, and go on doing so as far as anything shows; only pods of its newest revision count. */
export function replacedEvictions(examination: Examination): readonly ReplacedEvictions[] {
  const { snapshot, now } = examination;
  const recent = snapshot
    .list('Event')
    .filter((event) => event.reason === 'Evicted' && now - eventTime(event) < HOUR)
    .filter((event) => parseEviction('Evicted', event.message ?? '')?.cause === 'storage-limit');
  if (recent.length === 0) return [];
  const begun = startsOf(examination);
  const byWorkload = Map.groupBy(recent, (event) => workloadOf(examination, event, begun));
  return [...byWorkload]
    .flatMap(([workload, events]) => (workload === undefined ? [] : (goingOn(workload, events, now) ?? [])))
    .toSorted((a, b) => compare(nameOf(a.workload), nameOf(b.workload)));
}

function goingOn(workload: KubeObject, all: readonly Event[], now: number): ReplacedEvictions | undefined {
  const [newest, ...older] = all.toSorted(newestFirst);
  const count = all.reduce((sum, event) => sum + eventCount(event), 0);
  if (newest === undefined || count < TIMES) return undefined;
  const times = [newest, ...older].map(eventTime);
  const longest = Math.max(0, ...times.slice(1).map((at, i) => (times[i] ?? at) - at));
  const isOver = now - eventTime(newest) > Math.max(LEAST_PAUSE_MS, 1.5 * longest);
  return isOver ? undefined : { workload, events: [newest, ...older], count };
}

/** When pods were put on their nodes, by their uid. */
function startsOf({ snapshot }: Examination): ReadonlyMap<string, number> {
  const scheduled = snapshot.list('Event').filter(({ reason }) => reason === 'Scheduled');
  return new Map(scheduled.map((event) => [event.involvedObject?.uid ?? '', eventTime(event)]));
}

/**
 * By the name of a pod that is gone or was made anew; `undefined` for those of other kinds, where its pod still lies there, and where the pod
 * may be of an older revision.
 */
function workloadOf(
  examination: Examination,
  event: Event,
  begun: ReadonlyMap<string, number>,
): KubeObject | undefined {
  const workload = ownerOf(examination, event);
  const startedAt = begun.get(event.involvedObject?.uid ?? '') ?? 0;
  return workload === undefined || rolledOutAt(examination, workload) > startedAt ? undefined : workload;
}

function ownerOf({ snapshot }: Examination, { involvedObject }: Event): KubeObject | undefined {
  const { kind, namespace = '', name = '', uid } = involvedObject ?? {};
  if (kind !== 'Pod' || snapshot.get('Pod', namespace, name)?.metadata.uid === uid) return undefined;
  const [, set] = /^(.+)-\d+$/.exec(name) ?? [];
  const [, daemons] = /^(.+)-[a-z0-9]{5}$/.exec(name) ?? [];
  return (
    (set === undefined ? undefined : snapshot.get('StatefulSet', namespace, set)) ??
    (daemons === undefined ? undefined : snapshot.get('DaemonSet', namespace, daemons))
  );
}

/** When its newest revision was rolled out; never, where that went back to an older one, whose time nothing tells. */
function rolledOutAt({ snapshot }: Examination, workload: KubeObject): number {
  const revisions = snapshot
    .ownedBy(workload)
    .filter(({ kind }) => kind === 'ControllerRevision')
    .map((one) => ({
      number: (one as { readonly revision?: number }).revision ?? 0,
      madeAt: timeOf(one.metadata.creationTimestamp) ?? 0,
    }));
  const newest = revisions.reduce((best, one) => (one.number > best.number ? one : best), { number: -1, madeAt: 0 });
  return revisions.length > 0 && revisions.every(({ madeAt }) => madeAt <= newest.madeAt) ? newest.madeAt : Infinity;
}

function nameOf({ kind, metadata: { namespace = '', name } }: KubeObject): string {
  return `${kind} ${namespace}/${name}`;
}
