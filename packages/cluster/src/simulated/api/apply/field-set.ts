/** Sets of fields, as `FieldsV1` writes them: a tree of steps, some of which are members themselves. */
import { isFields, type Fields } from '../patch/json.ts';
import { memberType, type TypeSchema } from '../schema/field-schema.ts';
import { compareElements, elementText } from './path-element.ts';

/** Fields below one place. Sets are values: nothing here writes to one that it was given, but {@link insertPath}. */
export interface FieldSet {
  /** Steps that are in the set. */
  readonly members: ReadonlySet<string>;
  /** What is in the set below a step. Never empty. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** A set that is being made. */
export interface GrowingFieldSet extends FieldSet {
  readonly members: Set<string>;
  readonly children: Map<string, GrowingFieldSet>;
}

/** Steps from the object to a field. */
export type FieldPath = readonly string[];

export const NO_FIELDS: FieldSet = { members: new Set(), children: new Map() };

export function newFieldSet(): GrowingFieldSet {
  return { members: new Set(), children: new Map() };
}

/** Adds a path to a set. The object itself is no field. */
export function insertPath(set: GrowingFieldSet, path: FieldPath): void {
  let current = set;
  for (const [at, element] of path.entries()) {
    if (at === path.length - 1) current.members.add(element);
    else {
      const child = current.children.get(element) ?? newFieldSet();
      current.children.set(element, child);
      current = child;
    }
  }
}

export function setOf(...paths: readonly FieldPath[]): FieldSet {
  const set = newFieldSet();
  for (const path of paths) insertPath(set, path);
  return set;
}

export function isEmpty({ members, children }: FieldSet): boolean {
  return members.size === 0 && children.size === 0;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? child : union(own, child));
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return {
    members: new Set([...a.members].filter((element) => b.members.has(element))),
    children: mapChildren(a, (child, element) => intersection(child, b.children.get(element) ?? NO_FIELDS)),
  };
}

/** Without the members of `b`; what is below them stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  return {
    members: new Set([...a.members].filter((element) => !b.members.has(element))),
    children: mapChildren(a, (child, element) => difference(child, b.children.get(element) ?? NO_FIELDS)),
  };
}

/** Without some fields of the object and all that is below them. */
export function withoutFields(set: FieldSet, elements: readonly string[]): FieldSet {
  if (elements.length === 0) return set;
  const gone = new Set(elements);
  return {
    members: new Set([...set.members].filter((element) => !gone.has(element))),
    children: new Map([...set.children].filter(([element]) => !gone.has(element))),
  };
}

function mapChildren(
  { children }: FieldSet,
  change: (child: FieldSet, element: string) => FieldSet,
): ReadonlyMap<string, FieldSet> {
  const changed = [...children].map(([element, child]) => [element, change(child, element)] as const);
  return new Map(changed.filter(([, child]) => !isEmpty(child)));
}

/** A set that has the structs on the way to its fields as well. */
export function withNamedFields(set: FieldSet, type: TypeSchema | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const name = element.startsWith('f:') ? element.slice(2) : undefined;
    if (name !== undefined && type?.is === 'struct' && type.fields.has(name)) members.add(element);
    children.set(element, withNamedFields(child, stepType(type, element)));
  }
  return { members, children };
}

function stepType(type: TypeSchema | undefined, element: string): TypeSchema | undefined {
  if (type === undefined) return undefined;
  if (element.startsWith('f:')) return memberType(type, element.slice(2));
  return element.startsWith('k:') && type.is === 'list' ? type.items : undefined;
}

/** All paths: members of a place in order, then what is below. */
export function* pathsOf(set: FieldSet, prefix: FieldPath = []): Iterable<FieldPath> {
  for (const element of [...set.members].sort(compareElements)) yield [...prefix, element];
  for (const [element, child] of sorted(set.children)) yield* pathsOf(child, [...prefix, element]);
}

export function hasPath(set: FieldSet, path: FieldPath): boolean {
  const holder = path.slice(0, -1).reduce<FieldSet | undefined>((at, element) => at?.children.get(element), set);
  return holder?.members.has(path.at(-1) ?? '') === true;
}

/** `.spec.template.spec.containers[name="web"].image` */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('');
}

/** In the form of `fieldsV1`. */
export function fieldsV1(set: FieldSet): Fields {
  const elements = [...new Set([...set.members, ...set.children.keys()])].sort(compareElements);
  const entries = elements.map((element) => {
    const child = set.children.get(element);
    if (child === undefined) return [element, {}] as const;
    const inner = fieldsV1(child);
    return [element, set.members.has(element) ? { '.': {}, ...inner } : inner] as const;
  });
  return Object.fromEntries(entries);
}

/** From `fieldsV1`; `undefined` where it has another form. */
export function readFieldsV1(value: unknown): FieldSet | undefined {
  if (!isFields(value)) return undefined;
  const set = newFieldSet() as { readonly members: Set<string>; readonly children: Map<string, FieldSet> };
  for (const [element, inner] of Object.entries(value)) {
    if (element === '.') continue;
    if (!isElement(element)) return undefined;
    const child = readFieldsV1(inner);
    if (child === undefined) return undefined;
    if (isEmpty(child) || Object.hasOwn(inner as Fields, '.')) set.members.add(element);
    if (!isEmpty(child)) set.children.set(element, child);
  }
  return set;
}

function isElement(element: string): boolean {
  if (element.startsWith('f:')) return true;
  if (element.startsWith('i:')) return /^i:\d+$/.test(element);
  if (!element.startsWith('k:') && !element.startsWith('v:')) return false;
  try {
    return isFields(JSON.parse(element.slice(2))) || element.startsWith('v:');
  } catch {
    return false;
  }
}

function sorted(children: ReadonlyMap<string, FieldSet>): readonly (readonly [string, FieldSet])[] {
  return [...children].sort(([a], [b]) => compareElements(a, b));
}
