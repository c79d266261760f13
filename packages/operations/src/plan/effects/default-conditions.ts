/** What must hold before changes, and how to see after them that they worked, as far as the changes themselves tell. */
import type { ClusterSnapshot, KubeObject } from '@aia/cluster';
import type { Condition } from '@aia/contract';
import type { Change } from '@aia/contract';
import { templateOf } from '../planning.ts';
import { changedObjects, type ObjectChange } from './changed-objects.ts';

/** Kinds that run pods by themselves. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** Targets are there, and what is made is not. */
export function defaultPreconditions(changes: readonly Change[], snapshot: ClusterSnapshot): readonly Condition[] {
  const seen = new Set<string>();
  return changedObjects(changes, snapshot).flatMap(({ change, ref }): readonly Condition[] => {
    const key = JSON.stringify(ref);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ kind: change.kind === 'create' ? 'absent' : 'exists', target: ref }];
  });
}

/** Workloads that changed are available, what was deleted is gone, what was made is there. */
export function defaultProbe(changes: readonly Change[], snapshot: ClusterSnapshot): readonly Condition[] {
  const last = new Map(changedObjects(changes, snapshot).map((one) => [JSON.stringify(one.ref), one]));
  return [...last.values()].flatMap(conditionsOf);
}

function conditionsOf({ change, ref, before, after }: ObjectChange): readonly Condition[] {
  if (change.kind === 'evict') return [];
  if (after === undefined) return before?.kind === 'Pod' ? [] : [{ kind: 'absent', target: ref }];
  if (WORKLOADS.has(ref.kind) && replicasOf(after) > 0) return [{ kind: 'available', target: ref }];
  return [{ kind: 'exists', target: ref }];
}

function replicasOf(object: KubeObject): number {
  return (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
}

/** Whether a change makes a workload replace its pods. */
export function isRollout({ before, after }: ObjectChange): boolean {
  const [was, is] = [before, after].map((object) => (object === undefined ? undefined : templateOf(object)));
  return was !== undefined && is !== undefined && JSON.stringify(was) !== JSON.stringify(is);
}
