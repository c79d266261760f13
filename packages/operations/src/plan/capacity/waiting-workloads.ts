/** Workloads whose pods wait because of a cause. */
import { refKey, refOf, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../planning.ts';

const SCHEDULED_KINDS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** At most as many as a person can look at, in a stable order. */
const MOST = 20;

/** What owns the pods that are unschedulable by it, each once. */
export function workloadsWaiting(cause: AssessedRootCause, planning: Planning): readonly ResourceRef[] {
  const refs = planning
    .findingsOf(cause)
    .filter(({ code }) => code === 'pod-unschedulable')
    .flatMap(({ resource }) => planning.workloadOf(resource) ?? [])
    .filter(({ kind }) => SCHEDULED_KINDS.has(kind))
    .map(refOf)
    .map(({ group, kind, namespace, name }) => ({ group, kind, namespace, name }));
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()]
    .toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1))
    .slice(0, MOST);
}
