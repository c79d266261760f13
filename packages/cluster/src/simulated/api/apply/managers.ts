/**
 * Who owns which fields: `metadata.managedFields`, read and written.
 * Source: `k8s.io/apimachinery/pkg/util/managedfields`; https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import { isFields, isList, type Fields } from '../patch/json.ts';
import { fieldsV1, isEmpty, readFieldsV1, union, type FieldSet } from './field-set.ts';

/** What one manager owns. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** `''` for the object itself. */
  readonly subresource: string;
  /** RFC 3339; nothing for a manager whose application changed nothing. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** By {@link managerKey}. */
export type Managers = ReadonlyMap<string, Manager>;

/** What tells managers apart: appliers have one entry whatever the version. */
export function managerKey({
  manager,
  operation,
  apiVersion,
  subresource,
}: Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  return JSON.stringify({
    manager,
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource !== '' && { subresource }),
  });
}

/** From an object's `managedFields`; `undefined` where one entry is not as it must be. */
export function readManagers(entries: unknown): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of isList(entries) ? entries : []) {
    const read = readManager(entry);
    if (read === undefined) return undefined;
    managers.set(managerKey(read), read);
  }
  return managers;
}

function readManager(entry: unknown): Manager | undefined {
  if (!isFields(entry)) return undefined;
  const { manager = '', operation, apiVersion, subresource = '', time, fieldsType } = entry;
  const fields = readFieldsV1(entry['fieldsV1'] ?? {});
  if ((operation !== 'Apply' && operation !== 'Update') || fieldsType !== 'FieldsV1' || fields === undefined)
    return undefined;
  if (typeof apiVersion !== 'string' || apiVersion === '') return undefined;
  return {
    manager: String(manager),
    operation,
    apiVersion,
    subresource: String(subresource),
    time: typeof time === 'string' ? time : undefined,
    fields,
  };
}

/** Appliers first, then by time and name. */
export function writeManagers(managers: Managers): readonly Fields[] {
  const key = ({ operation, time = '', manager, apiVersion, subresource }: Manager) => [
    operation,
    time,
    manager,
    apiVersion,
    subresource,
  ];
  return [...managers.values()]
    .sort((a, b) => compareTexts(key(a), key(b)))
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fieldsV1(fields),
      ...(subresource !== '' && { subresource }),
    }));
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const other = b[at] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

/** An empty list, or one empty entry, asks to forget everything. */
export function isReset(entries: unknown): boolean {
  if (!isList(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && isFields(entries[0]) && Object.keys(entries[0]).length === 0);
}

/** Source: `DefaultMaxUpdateManagers`. */
const MOST_UPDATERS = 10;
const OLD_UPDATES = 'ancient-changes';

/** Puts the oldest updaters together where there are too many of them. */
export function capped(managers: Managers): Managers {
  const updaters = [...managers.values()].filter(({ operation }) => operation === 'Update');
  if (updaters.length <= MOST_UPDATERS) return managers;
  const oldest = updaters.sort((a, b) => compareTexts([a.time ?? '', managerKey(a)], [b.time ?? '', managerKey(b)]));
  const result = new Map(managers);
  const firsts = new Map<string, Manager>();
  let count = updaters.length;
  for (const one of oldest) {
    if (count <= MOST_UPDATERS) break;
    const first = firsts.get(one.apiVersion);
    if (first === undefined) {
      firsts.set(one.apiVersion, one);
      continue;
    }
    const bucket: Manager = { ...one, manager: OLD_UPDATES, subresource: '' };
    const known = result.get(managerKey(bucket)) ?? first;
    result.delete(managerKey(first));
    result.delete(managerKey(one));
    result.set(managerKey(bucket), { ...bucket, fields: union(one.fields, known.fields) });
    count--;
  }
  return result;
}

/** Without the managers that own nothing. */
export function owning(managers: Managers): Managers {
  return new Map([...managers].filter(([, { fields }]) => !isEmpty(fields)));
}
