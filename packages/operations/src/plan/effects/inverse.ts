/** What undoes changes: worked out from the objects as they are before, so that the touched specs are afterwards as they were. */
import type { ClusterSnapshot, KubeObject, ResourceRef } from '@aia/cluster';
import type { Change, CloudCall, Patch } from '@aia/contract';
import { changedObjects, type ObjectChange } from './changed-objects.ts';
import { jsonDifference } from './json-difference.ts';

/** Changes that undo, or why nothing does. */
export type Undo =
  | { readonly kind: 'reversible'; readonly changes: readonly Change[] }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** Fields that the server sets anew when an object is made again. */
const SERVER_FIELDS = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
] as const;
/** Kinds whose deletion takes data along. */
const DATA: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'PersistentVolume', 'Namespace', 'VolumeSnapshot']);

/** The inverse of changes, in reverse order. */
export function undoOf(changes: readonly Change[], snapshot: ClusterSnapshot): Undo {
  const undo: Change[] = [];
  const objects = new Map(changedObjects(changes, snapshot).map((one) => [one.change, one]));
  for (const change of changes.toReversed()) {
    const object = objects.get(change);
    const inverse = object === undefined ? undoOfCloud(change) : undoOfObject(object);
    if (inverse.kind === 'irreversible') return inverse;
    undo.push(...inverse.changes);
  }
  return { kind: 'reversible', changes: undo };
}

const nothing: Undo = { kind: 'reversible', changes: [] };
const reversible = (...changes: readonly Change[]): Undo => ({ kind: 'reversible', changes });
const irreversible = (reason: string): Undo => ({ kind: 'irreversible', reason });

function undoOfObject({ change, ref, before, after }: ObjectChange): Undo {
  switch (change.kind) {
    case 'create':
      return before === undefined ? reversible({ kind: 'delete', target: withoutUid(ref) }) : nothing;
    case 'patch':
      return before === undefined || after === undefined ? nothing : patchBack(ref, before, after);
    case 'scale':
      return before === undefined ? nothing : reversible({ kind: 'scale', target: ref, replicas: replicasOf(before) });
    case 'evict':
      return nothing;
    case 'delete':
      return undoOfDeletion(ref, before);
    default:
      return nothing;
  }
}

function undoOfDeletion(ref: ResourceRef, before: KubeObject | undefined): Undo {
  if (before === undefined) return nothing;
  if (DATA.has(ref.kind)) return irreversible(`what ${ref.kind} ${ref.name} holds is gone with it`);
  if (ref.kind === 'Secret') return irreversible('values of Secrets are not read, so it cannot be made again');
  // Whoever owns it makes another one.
  if (ref.kind === 'Pod' && (before.metadata.ownerReferences ?? []).length > 0) return nothing;
  if (ref.kind === 'Node') return nothing;
  return reversible({ kind: 'create', object: asMadeAgain(before) as unknown as Record<string, unknown> });
}

function patchBack(ref: ResourceRef, before: KubeObject, after: KubeObject): Undo {
  const operations = jsonDifference(after, before);
  const patch: Patch = { type: 'json', operations };
  return operations.length === 0 ? nothing : reversible({ kind: 'patch', target: ref, patch });
}

function replicasOf(object: KubeObject): number {
  return (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
}

function withoutUid({ group, kind, namespace, name }: ResourceRef): ResourceRef {
  return { group, kind, namespace, name };
}

/** An object as a request to make it may say it: without status and without what the server gives. */
export function asMadeAgain(object: KubeObject): KubeObject {
  const rest = Object.fromEntries(
    Object.entries(object).filter(([field]) => field !== 'status'),
  ) as unknown as KubeObject;
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => !(SERVER_FIELDS as readonly string[]).includes(field)),
  ) as KubeObject['metadata'];
  return { ...rest, metadata };
}

function undoOfCloud(change: Change): Undo {
  if (change.kind === 'manual') return nothing;
  return change.kind === 'cloud' ? CLOUD[change.call.operation](change.call as never) : nothing;
}

type Undoing = { readonly [K in CloudCall['operation']]: (call: Extract<CloudCall, { operation: K }>) => Undo };

const cloud = (call: CloudCall): Undo => reversible({ kind: 'cloud', call });

const CLOUD: Undoing = {
  // A granted limit that nobody uses costs nothing and refuses nothing.
  'request-quota': () => nothing,
  'resize-node-pool': ({ from, to, ...rest }) => cloud({ ...rest, from: to, to: from }),
  'set-pool-autoscaling': ({ from, to, ...rest }) =>
    cloud({ ...rest, ...(to !== undefined && { from: to }), ...(from !== undefined && { to: from }) }),
  'set-pool-zones': ({ from, to, ...rest }) => cloud({ ...rest, from: to, to: from }),
  'set-autoscaling-profile': ({ from, to, ...rest }) => cloud({ ...rest, from: to, to: from }),
  'create-node-pool': ({ pool }) => cloud({ operation: 'delete-node-pool', pool }),
  'delete-node-pool': ({ pool }) => irreversible(`the machines of node pool ${pool} and their disks are gone`),
  'reserve-address': ({ name, address = '', region }) => cloud({ operation: 'release-address', name, address, region }),
  'release-address': ({ address }) => irreversible(`address ${address} may be given to somebody else at once`),
  'delete-machine': () => irreversible('the machine and its boot disk are gone; its group makes another one'),
  'grant-role': () => nothing,
};
