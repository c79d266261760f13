/** What undoes changes: worked out from the objects as they are before, so that the touched specs are afterwards as they were. */
import type { ClusterSnapshot, KubeObject, PersistentVolumeClaim, ResourceRef } from '@aia/cluster';
import type { Change, CloudCall, Patch } from '@aia/contract';
import { changedObjects, type ObjectChange } from './changed-objects.ts';
import { isReserved, servedAddresses } from './cloud-things.ts';
import { valueAtPointer } from './pointer.ts';
import { withoutGenerated } from './generated-fields.ts';
import { jsonDifference } from './json-difference.ts';
import { isMasked } from './masks.ts';
import { STORED } from './storage-at-risk.ts';

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

/** Kinds whose owners replace what is deleted. */
export const MADE_ANEW: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job', 'EndpointSlice']);

/** The inverse of changes, in reverse order. `earlier`: what is made before them, and stays. */
export function undoOf(changes: readonly Change[], snapshot: ClusterSnapshot, earlier: readonly Change[] = []): Undo {
  const undo: Change[] = [];
  const objects = new Map(changedObjects(changes, snapshot, earlier).map((one) => [one.change, one]));
  for (const change of changes.toReversed()) {
    const object = objects.get(change);
    const lost = object === undefined ? undefined : lostAddress(object, snapshot, [...earlier, ...changes]);
    if (lost !== undefined)
      return irreversible(`address ${lost} is not reserved, and may be given to somebody else at once`);
    const inverse = object === undefined ? undoOfCloud(change) : undoOfObject(object);
    if (inverse.kind === 'irreversible') return inverse;
    undo.push(...inverse.changes);
  }
  return { kind: 'reversible', changes: undo };
}

/** The address that a front gives up without anybody holding it. */
function lostAddress(
  { before, after }: ObjectChange,
  snapshot: ClusterSnapshot,
  made: readonly Change[],
): string | undefined {
  if (before === undefined || (after !== undefined && hasFront(after))) return undefined;
  return servedAddresses(before).find((address) => !isReserved(address, snapshot, made));
}

function hasFront(object: KubeObject): boolean {
  const { spec } = object as { readonly spec?: { readonly type?: string } };
  return object.kind === 'Service'
    ? spec?.type === 'LoadBalancer'
    : object.kind === 'Ingress' || object.kind === 'Gateway';
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

/** A claim that never got a volume holds nothing. */
function isUnbound(object: KubeObject): boolean {
  const { spec, status } = object as Pick<PersistentVolumeClaim, 'spec' | 'status'>;
  return object.kind === 'PersistentVolumeClaim' && status?.phase === 'Pending' && (spec?.volumeName ?? '') === '';
}

function undoOfDeletion(ref: ResourceRef, before: KubeObject | undefined): Undo {
  if (before === undefined) return nothing;
  if (STORED.has(ref.kind) && !isUnbound(before))
    return irreversible(`what ${ref.kind} ${ref.name} holds is gone with it`);
  if (ref.kind === 'Secret') return irreversible('values of Secrets are not read, so it cannot be made again');
  // Whoever owns it makes another one.
  if (MADE_ANEW.has(ref.kind) && (before.metadata.ownerReferences ?? []).length > 0) return nothing;
  if (ref.kind === 'Node') return irreversible(`node ${ref.name} has to register itself again`);
  if (ref.kind === 'CustomResourceDefinition') return irreversible('all objects of its kind are gone with it');
  if (isMasked(before))
    return irreversible(`${ref.kind} ${ref.name} holds values that were not read, so it cannot be made again`);
  return reversible({ kind: 'create', object: asMadeAgain(before) as unknown as Record<string, unknown> });
}

function patchBack(ref: ResourceRef, before: KubeObject, after: KubeObject): Undo {
  const operations = distinct(jsonDifference(after, before).flatMap((one) => robust(one, after, before)));
  const patch: Patch = { type: 'json', operations };
  if (isMasked(operations))
    return irreversible('a value that looks like a secret was not read, so it cannot be put back');
  return operations.length === 0 ? nothing : reversible({ kind: 'patch', target: ref, patch });
}

type Operation = Extract<Patch, { type: 'json' }>['operations'][number];

/** The API server leaves out what is empty, and a patch must not stumble over that: `add` sets a field whether it is there or not. */
function robust(operation: Operation, after: KubeObject, before: KubeObject): readonly Operation[] {
  const { op, path } = operation;
  const parent = valueAtPointer(after, outside(path));
  if (op === 'add' && !Array.isArray(parent) && isEmpty(parent)) {
    let gone = outside(path);
    while (isEmpty(valueAtPointer(after, outside(gone)))) gone = outside(gone);
    return [{ op, path: gone, value: valueAtPointer(before, gone) }];
  }
  if (Array.isArray(parent) || !isEmpty(valueAtPointer(after, path))) return [operation];
  if (op === 'replace') return [{ ...operation, op: 'add' }];
  return op === 'remove' ? [{ op: 'add', path, value: null }, operation] : [operation];
}

function outside(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function distinct(operations: readonly Operation[]): readonly Operation[] {
  return [...new Map(operations.map((one) => [JSON.stringify(one), one])).values()];
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.values(value).every(isEmpty));
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
    Object.entries(withoutGenerated(object)).filter(([field]) => field !== 'status'),
  ) as unknown as KubeObject;
  const metadata = Object.fromEntries(
    Object.entries(rest.metadata).filter(([field]) => !(SERVER_FIELDS as readonly string[]).includes(field)),
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
  'set-pool-taints': ({ from, to, ...rest }) => cloud({ ...rest, from: to, to: from }),
  'set-autoscaling-profile': ({ from, to, ...rest }) => cloud({ ...rest, from: to, to: from }),
  'create-node-pool': ({ pool }) => cloud({ operation: 'delete-node-pool', pool }),
  'delete-node-pool': ({ pool, was }) => {
    if (was === undefined) return irreversible(`the machines of node pool ${pool} and their disks are gone`);
    const { nodes, ...rest } = was;
    return cloud({ operation: 'create-node-pool', pool, ...rest, initialNodes: nodes });
  },
  'reserve-address': ({ name, address = '', region }) => cloud({ operation: 'release-address', name, address, region }),
  'release-address': ({ address }) => irreversible(`address ${address} may be given to somebody else at once`),
  'delete-machine': () => irreversible('the machine and its boot disk are gone; its group makes another one'),
  'grant-role': () => nothing,
};
