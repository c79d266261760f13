/**
 * Server-side apply: the object as it is to be stored after somebody applied a configuration.
 * Source: `k8s.io/apimachinery/pkg/util/managedfields`, `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.
 */
import type { KubeObject } from '../../../model/kube-object.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { badRequest } from '../api-error.ts';
import { managerOf, ownedWrite, withEntries } from '../field-ownership.ts';
import { isFields, type Fields } from '../patch/json.ts';
import { apiVersionOf, type ResourceType } from '../resource-type.ts';
import { decode } from '../schema/decoding.ts';
import { schemaOf } from '../schema/definitions.ts';
import { DEDUCED } from '../schema/field-schema.ts';
import { applyConflict, emptyFieldManager, internalError } from './apply-errors.ts';
import { allowedByLastApplied, withLastApplied } from './last-applied.ts';
import { hasPath, NO_FIELDS } from './field-set.ts';
import { readManagers, writeManagers, type Manager, type Managers } from './managers.ts';
import { application, updatedManagers, type Application, type OwnedWrite } from './ownership.ts';
import { typeErrors } from './type-errors.ts';

/** Who applies what to what. */
export interface ApplyRequest<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly namespace: string;
  readonly name: string;
  /** As it is stored; `undefined` makes it. */
  readonly live: T | undefined;
  readonly configuration: Fields;
  readonly fieldManager: string;
  readonly force: boolean;
  /** `''` for the object itself. */
  readonly subresource: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Fields that nobody names were there before anybody applied. */
const BEFORE_FIRST_APPLY = 'before-first-apply';
/** This manager takes over what its client-side apply wrote. */
const KUBECTL = 'kubectl';

/**
 * The object to be stored, with `managedFields`; the stored one itself where nothing changes.
 * @throws ApiError 409 for conflicts, 422 without a manager, 400 and 500 for configurations that are none of that type
 */
export function appliedObject<T extends KubeObject>(request: ApplyRequest<T>): T {
  const { type, live, fieldManager } = request;
  if (fieldManager === '') throw emptyFieldManager();
  checkConfiguration(request);
  const manager = managerOf(fieldManager, 'Apply', type, request.subresource, request.now);
  const before: unknown = live === undefined ? {} : withEntries(live, undefined);
  const write = ownedWrite(before, knownManagers(request, before), manager, type);
  const result = decided(request, write);
  if (result.is === 'conflict') throw applyConflict(result.conflicts);
  return outcome(request, result);
}

function checkConfiguration<T extends KubeObject>({ type, namespace, name, configuration }: ApplyRequest<T>): void {
  const { apiVersion = '', kind = '', metadata } = configuration;
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind)
    throw badRequest(`invalid object type: ${groupVersionKindText(String(apiVersion), String(kind))}`);
  const given = isFields(metadata) ? metadata : {};
  if (given['managedFields'] !== undefined && given['managedFields'] !== null)
    throw badRequest('metadata.managedFields must be nil');
  const problems = typeErrors(configuration, schemaOf(type) ?? DEDUCED);
  if (problems !== '')
    throw internalError(
      `failed to create typed patch object (${String(given['namespace'] ?? '')}/${String(given['name'] ?? '')}; ${groupVersionKindText(apiVersionOf(type), type.kind)}): ${problems}`,
    );
  if (given['name'] !== name)
    throw badRequest(
      `the name of the object (${String(given['name'] ?? '')}) does not match the name on the URL (${name})`,
    );
  if (type.namespaced && given['namespace'] !== undefined && given['namespace'] !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** As Go prints a group, version and kind. */
function groupVersionKindText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
}

function knownManagers<T extends KubeObject>(request: ApplyRequest<T>, before: unknown): Managers {
  const { live, type, subresource, now } = request;
  const known = readManagers(live?.metadata.managedFields);
  if (known === undefined)
    throw internalError('failed to decode managed fields: an entry of metadata.managedFields is not valid');
  if (known.size > 0 || live === undefined) return known;
  const earlier = managerOf(BEFORE_FIRST_APPLY, 'Update', type, subresource, now);
  return updatedManagers(ownedWrite({}, known, earlier, type), before);
}

/** kubectl does not conflict with what its own client-side apply wrote, as the annotation of that says. */
function decided<T extends KubeObject>(request: ApplyRequest<T>, write: OwnedWrite): Application {
  const { configuration, force, fieldManager, live, type } = request;
  const result = application(write, configuration, force);
  if (result.is === 'applied' || fieldManager !== KUBECTL) return result;
  const allowed = allowedByLastApplied(live, type) ?? NO_FIELDS;
  const conflicts = result.conflicts.filter(({ path }) => !hasPath(allowed, path));
  return conflicts.length > 0 ? { is: 'conflict', conflicts } : application(write, configuration, true);
}

function outcome<T extends KubeObject>(
  request: ApplyRequest<T>,
  { object, managers }: Extract<Application, { is: 'applied' }>,
): T {
  const { type, namespace, live, fieldManager, configuration } = request;
  const made = understood(request, object as Fields) as unknown as T;
  const placed = type.namespaced ? { ...made, metadata: { ...made.metadata, namespace } } : made;
  const noted = fieldManager === KUBECTL ? withLastApplied(placed, configuration) : placed;
  if (live === undefined) return withEntries(noted, writeManagers(managers));
  const isChanged = !sameJson(placed, withEntries(live, undefined));
  const entries = writeManagers(isChanged ? managers : untimed(request, managers));
  const stored = withEntries(noted, entries);
  return sameJson(timeless(stored), timeless(live)) ? live : stored;
}

/** As Go's types hold it: without what is null or empty. */
function understood<T extends KubeObject>({ type, namespace, name }: ApplyRequest<T>, object: Fields): Fields {
  const schema = schemaOf(type);
  if (schema === undefined) return object;
  const { object: result, error } = decode(object, schema, 'conversion');
  if (error === undefined) return result;
  const about = `${namespace}/${name}; ${groupVersionKindText(apiVersionOf(type), type.kind)}`;
  throw internalError(`failed to convert new object (${about}) to proper version: ${error}`);
}

/** An application that changes nothing leaves the times as they were, and gives none to whoever is new. */
function untimed<T extends KubeObject>(
  { live, fieldManager, subresource }: ApplyRequest<T>,
  managers: Managers,
): Managers {
  const before = readManagers(live?.metadata.managedFields);
  const isOwn = (one: Manager) =>
    one.operation === 'Apply' && one.manager === fieldManager && one.subresource === subresource;
  return new Map([...managers].map(([key, one]) => [key, isOwn(one) ? { ...one, time: before?.get(key)?.time } : one]));
}

function timeless(object: KubeObject): unknown {
  const entries = (object.metadata.managedFields ?? []).map((entry) => ({ ...entry, time: undefined }));
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}
