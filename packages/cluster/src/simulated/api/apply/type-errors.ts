/** Where a configuration is not of the type it is applied to. Source: `sigs.k8s.io/structured-merge-diff/typed/validate.go`. */
import { goText, isFields, isList } from '../patch/json.ts';
import { memberType, type ListSchema, type ScalarName, type TypeSchema } from '../schema/field-schema.ts';
import { elementText, fieldElement, itemElement } from './path-element.ts';

/** In the server's words: `.spec.foo: field not declared in schema`; `''` where nothing is wrong. */
export function typeErrors(value: unknown, type: TypeSchema): string {
  const errors = [...errorsIn(value, type, '')];
  return errors.length <= 1 ? (errors[0] ?? '') : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');
}

function* errorsIn(value: unknown, type: TypeSchema, path: string): Iterable<string> {
  if (value === null || value === undefined || type.is === 'any') return;
  if (type.is === 'scalar') yield* scalarErrors(value, type.scalar, path);
  else if (type.is === 'list') yield* listErrors(value, type, path);
  else yield* memberErrors(value, type, path);
}

function* memberErrors(value: unknown, type: TypeSchema, path: string): Iterable<string> {
  if (!isFields(value)) {
    yield said(path, `expected map, got ${valueText(value)}`);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const inner = `${path}${elementText(fieldElement(key))}`;
    const memberSchema = memberType(type, key);
    if (memberSchema === undefined) {
      // The rest of the object is not looked at any more.
      yield said(inner, 'field not declared in schema');
      return;
    }
    yield* errorsIn(member, memberSchema, inner);
  }
}

function* listErrors(value: unknown, type: ListSchema, path: string): Iterable<string> {
  if (!isList(value)) {
    yield said(path, `expected list, got ${valueText(value)}`);
    return;
  }
  const seen = new Set<string>();
  for (const [at, item] of value.entries()) {
    const element = type.listType === 'atomic' ? `i:${at}` : itemElement(item, type);
    if (element === undefined) {
      yield said(path, `element ${at}: ${whyNoElement(item, type)}`);
      return;
    }
    if (seen.has(element)) yield said(path, `duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    yield* errorsIn(item, type.items, `${path}${elementText(element)}`);
  }
}

function whyNoElement(item: unknown, { listType, keys }: ListSchema): string {
  if (listType === 'set') {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    return isList(item)
      ? 'not supported: associative list with lists as elements'
      : "associative list without keys has an element that's a map type";
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isFields(item)) return 'associative list with keys may not have non-map elements';
  const quoted = keys.map((key) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${quoted}] (and doesn't have default values for any key fields)`;
}

/** What the merge tells apart; finer types are left to the decoder. */
function scalarErrors(value: unknown, scalar: ScalarName, path: string): readonly string[] {
  switch (scalar) {
    case 'int32':
    case 'int64':
    case 'double':
      return typeof value === 'number' ? [] : [said(path, `expected numeric (int or float), got ${goType(value)}`)];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [said(path, `expected boolean, got ${valueText(value)}`)];
    case 'string':
    case 'bytes':
      return typeof value === 'string'
        ? []
        : [said(path, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`)];
    default:
      return typeof value === 'object' ? [said(path, `expected any scalar, got ${valueText(value)}`)] : [];
  }
}

function said(path: string, problem: string): string {
  return path === '' ? problem : `${path}: ${problem}`;
}

function valueText(value: unknown): string {
  return `&{${goText(value)}}`;
}

function goType(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return isList(value) ? '[]interface {}' : 'map[string]interface {}';
}

/** As `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isFields(value)) return String(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}
