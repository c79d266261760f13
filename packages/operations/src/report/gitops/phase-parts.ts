/** Changes as parts of a kustomization. */
import type { ResourceRef } from '@aia/cluster';
import type { Change } from '@aia/contract';

/** What names an object in a file. */
export interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A patch with what it is for. */
export interface PhasePatch {
  readonly named: Named;
  /** As `patches[].target` of a kustomization. */
  readonly target: Readonly<Record<string, string>>;
  /** Of the patch file: operations of RFC 6902, or a strategic merge patch. */
  readonly body: unknown;
}

/** Objects that controllers and machines make: no repository holds them. */
const MADE: ReadonlySet<string> = new Set([
  'Pod',
  'Node',
  'ReplicaSet',
  'PersistentVolume',
  'Event',
  'Endpoints',
  'EndpointSlice',
  'ControllerRevision',
  'Lease',
]);

/** Whether a change is one of manifests; others are made by hand. */
export function isApplied(change: Change): boolean {
  if (change.kind === 'create') return !MADE.has(String(change.object['kind']));
  return (
    (change.kind === 'patch' || change.kind === 'scale' || change.kind === 'delete') && !MADE.has(change.target.kind)
  );
}

/** The object that a change makes. */
export function resourceOf(change: Change): (Named & Readonly<Record<string, unknown>>) | undefined {
  return change.kind === 'create' ? (change.object as unknown as Named & Readonly<Record<string, unknown>>) : undefined;
}

/** The patch that a change is. */
export function patchOf(change: Change): PhasePatch | undefined {
  switch (change.kind) {
    case 'patch': {
      const { target, patch } = change;
      const body =
        patch.type === 'json'
          ? patch.operations
          : withIdentity(target, patch.type === 'merge' ? asStrategic(patch.patch) : patch.patch);
      return partOf(target, body);
    }
    case 'scale':
      return partOf(change.target, [{ op: 'add', path: '/spec/replicas', value: change.replicas }]);
    case 'delete':
      return partOf(change.target, { $patch: 'delete', ...withIdentity(change.target, {}) });
    default:
      return undefined;
  }
}

function partOf(ref: ResourceRef, body: unknown): PhasePatch {
  const { group, kind, namespace, name } = ref;
  const metadata = { name, ...(namespace !== '' && { namespace }) };
  // Names are patterns there, and whole ones.
  const exact = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return {
    named: { kind, metadata },
    target: { ...(group !== '' && { group }), kind, name: exact, ...(namespace !== '' && { namespace }) },
    body,
  };
}

/** Versions of groups that are not `v1`; the target is found by its group and kind alone. */
const VERSIONS: Readonly<Record<string, string>> = { autoscaling: 'v2' };

function withIdentity(
  { group, kind, namespace, name }: ResourceRef,
  patch: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const version = Object.hasOwn(VERSIONS, group) ? VERSIONS[group] : 'v1';
  const { metadata = {}, ...rest } = patch as { readonly metadata?: Readonly<Record<string, unknown>> };
  return {
    apiVersion: group === '' ? 'v1' : `${group}/${version ?? 'v1'}`,
    kind,
    metadata: { ...metadata, name, ...(namespace !== '' && { namespace }) },
    ...rest,
  };
}

/** A merge patch replaces lists, which a strategic one merges unless it is told not to. */
function asStrategic(patch: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, replacing(value)]));
}

function replacing(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isOfObjects = value.length > 0 && value.every((item) => typeof item === 'object' && item !== null);
    return isOfObjects ? [{ $patch: 'replace' }, ...(value as readonly unknown[])] : value;
  }
  return typeof value === 'object' && value !== null ? asStrategic(value as Readonly<Record<string, unknown>>) : value;
}
