/** How many pods of one workload are gone at once while an action is carried out. */
import { refKey, refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import { changedObjects, type ObjectChange } from '../effects/changed-objects.ts';
import { isRollout } from '../effects/rollout.ts';

/** The most of any workload. Pods that an action deletes or evicts one after the other count together, since nothing waits for their successors. */
export function podsAtOnce({ steps }: Pick<Action, 'steps'>, snapshot: ClusterSnapshot): number {
  const changes = steps.map(({ change }) => change);
  const changed = changedObjects(changes, snapshot);
  const pods = new Map<string, number>();
  for (const one of changed) {
    const { before, after } = one;
    if (before === undefined) continue;
    const owner = before.kind === 'Pod' ? snapshot.rootOwnerOf(before) : before;
    const key = refKey(refOf(owner));
    pods.set(key, (pods.get(key) ?? 0) + (before.kind === 'Pod' ? Number(after === undefined) : goneOf(one, before)));
  }
  return Math.max(0, ...pods.values());
}

/** Of a workload that changes. */
function goneOf({ change, before, after }: ObjectChange, known: KubeObject): number {
  const wanted = replicasOf(known);
  if (after === undefined) return wanted;
  if (change.kind === 'scale') return Math.max(0, wanted - (change as Extract<Change, { kind: 'scale' }>).replicas);
  return isRollout({ change, before, after, ref: refOf(known) })
    ? goneInRollout(after)
    : Math.max(0, wanted - replicasOf(after));
}

interface Rolling {
  readonly spec?: {
    readonly replicas?: number;
    readonly strategy?: Strategy;
    readonly updateStrategy?: Strategy;
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}
interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxUnavailable?: number | string };
}

function replicasOf(object: KubeObject): number {
  const { spec, status } = object as KubeObject & Rolling;
  if (object.kind === 'DaemonSet') return status?.desiredNumberScheduled ?? 0;
  return ['Deployment', 'StatefulSet', 'ReplicaSet'].includes(object.kind) ? (spec?.replicas ?? 1) : 0;
}

/** Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment and its siblings. */
function goneInRollout(object: KubeObject): number {
  const { spec } = object as KubeObject & Rolling;
  const total = replicasOf(object);
  const strategy = spec?.strategy ?? spec?.updateStrategy;
  const unavailable = strategy?.rollingUpdate?.maxUnavailable;
  switch (object.kind) {
    case 'Deployment':
      return strategy?.type === 'Recreate' ? total : scaled(unavailable ?? '25%', total, Math.floor);
    case 'StatefulSet':
    case 'DaemonSet':
      return strategy?.type === 'OnDelete' ? 0 : Math.max(1, scaled(unavailable ?? 1, total, Math.ceil));
    default:
      return 0;
  }
}

function scaled(value: number | string, total: number, round: (exact: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * total) || 0;
}
