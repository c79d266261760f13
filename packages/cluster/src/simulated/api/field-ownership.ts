/**
 * Who owns which field: `metadata.managedFields`, kept for every write that names a field manager.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { NO_FIELDS } from './apply/field-set.ts';
import { capped, isReset, readManagers, writeManagers, type Manager, type Managers } from './apply/managers.ts';
import { updatedManagers, type OwnedWrite } from './apply/ownership.ts';
import type { WriteOptions } from './request.ts';
import { apiVersionOf, type ResourceType } from './resource-type.ts';
import { schemaOf } from './schema/definitions.ts';
import { DEDUCED } from './schema/field-schema.ts';

/** Under this name components of the control plane change what others own, when they do not name themselves. */
const CONTROL_PLANE = 'kube-controller-manager';

/**
 * The object with `managedFields` as they are after a write that is no application. What nobody named a manager for when it was made
 * stays untracked, until somebody applies to it.
 */
export function trackFields<T extends KubeObject>(
  previous: T | undefined,
  object: T,
  type: ResourceType<T>,
  options: WriteOptions,
  now: number,
): T {
  if (options.managedFields === 'given') return object;
  const isPart = (options.subresource ?? '') !== '';
  const given = isPart ? undefined : object.metadata.managedFields;
  const known = previous?.metadata.managedFields;
  const fieldManager = options.fieldManager ?? (isPart || known === undefined ? undefined : CONTROL_PLANE);
  if (fieldManager === undefined) return given === known ? object : withEntries(object, known);
  const managers = managersOf(given, known);
  if (managers.size === 0 && previous !== undefined) return withEntries(object, undefined);
  const manager = managerOf(fieldManager, 'Update', type, options.subresource ?? '', now);
  const write = ownedWrite(previous === undefined ? {} : withEntries(previous, undefined), managers, manager, type);
  const after = updatedManagers(write, withEntries(object, undefined));
  return withEntries(object, writeManagers(capped(after)));
}

/** Clients may set or reset the entries; what they leave out, or cannot write right, stays as it was. */
function managersOf(given: unknown, known: unknown): Managers {
  if (isReset(given)) return new Map();
  const read = readManagers(given);
  return read === undefined || read.size === 0 ? (readManagers(known) ?? new Map()) : read;
}

/** An entry for who writes now. */
export function managerOf(
  manager: string,
  operation: Manager['operation'],
  type: ResourceType,
  subresource: string,
  now: number,
): Manager {
  return {
    manager: manager === '' ? 'unknown' : manager,
    operation,
    apiVersion: apiVersionOf(type),
    subresource,
    time: timestamp(now),
    fields: NO_FIELDS,
  };
}

/** What a write may own: a status is written apart from everything else. Source: `GetResetFields` of `pkg/registry`. */
export function ownedWrite(before: unknown, managers: Managers, manager: Manager, type: ResourceType): OwnedWrite {
  const schema = schemaOf(type) ?? DEDUCED;
  const ignored = manager.subresource === 'status' ? ['f:spec', 'f:metadata'] : [];
  const isSplit = manager.subresource === '' && type.subresources.includes('status');
  return { before, managers, manager, type: schema, ignored: isSplit ? ['f:status'] : ignored };
}

/** The object with other entries, or with none. */
export function withEntries<T extends KubeObject>(object: T, entries: unknown): T {
  const hasEntries = Array.isArray(entries) && entries.length > 0;
  if (!hasEntries && object.metadata.managedFields === undefined) return object;
  const { metadata } = object;
  const others = Object.entries(metadata).filter(([field]) => field !== 'managedFields');
  const kept = { ...Object.fromEntries(others), ...(hasEntries && { managedFields: entries }) };
  return { ...object, metadata: kept } as unknown as T;
}
