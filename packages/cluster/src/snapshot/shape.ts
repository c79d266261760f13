/**
 * Shapes: what types the known fields of an object must have. Input is hostile (dumps are edited, truncated, faked), and
 * everything behind admission relies on the types of `model/`, so a field of the wrong type is taken out and reported.
 */
import { isRecord, typeName } from '../model/unknown-json.ts';

/** What is wrong with one field. */
export interface ShapeProblem {
  /** Path inside the object, for example `spec.containers[0].env`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** A check in two speeds: `ok` for the ordinary case, `repair` to name and take out what is wrong. */
export interface Shape {
  readonly name: string;
  /** Turns `null` fields into absent ones on its way; otherwise only looks. */
  ok(value: unknown): boolean;
  /** Mutates `value`; returns whether what is left may be kept. */
  repair(value: unknown, path: string, report: (problem: ShapeProblem) => void): boolean;
}

/** Fields whose order is remembered; more than any known object has. */
const MOST_REMEMBERED = 64;

type Fields = Readonly<Record<string, Shape>>;
type Mutable = Record<string, unknown>;

/** A shape for values without parts. */
function leaf(name: string, ok: (value: unknown) => boolean): Shape {
  return {
    name,
    ok,
    repair: (value, path, report) => ok(value) || refuse(name, value, path, report),
  };
}

export const string = leaf('string', (value) => typeof value === 'string');
export const number = leaf('number', (value) => typeof value === 'number');
export const boolean = leaf('boolean', (value) => typeof value === 'boolean');
/** A quantity, port or percentage: text or number. */
export const scalar = leaf('string or number', (value) => typeof value === 'string' || typeof value === 'number');

/** An array whose wrong items are dropped. */
export function list(item: Shape): Shape {
  const name = `list of ${item.name}`;
  return {
    name,
    ok: (value) => {
      if (!Array.isArray(value)) return false;
      for (let i = 0; i < value.length; i++) if (!item.ok(value[i])) return false;
      return true;
    },
    repair: (value, path, report) => {
      if (!Array.isArray(value)) return refuse(name, value, path, report);
      const kept = value.filter((part, i) => item.ok(part) || item.repair(part, `${path}[${i}]`, report));
      value.splice(0, value.length, ...kept);
      return true;
    },
  };
}

/** An object with arbitrary keys. */
export function map(item: Shape): Shape {
  const name = `map of ${item.name}`;
  return {
    name,
    ok: (value) => {
      if (!isRecord(value)) return false;
      for (const key in value) if (!item.ok(value[key])) return false;
      return true;
    },
    repair: (value, path, report) => {
      if (!isRecord(value)) return refuse(name, value, path, report);
      for (const key of Object.keys(value)) {
        repairField(item, value, key, path, report);
        // Whoever reads a map goes through its keys, so a key without a value must not stay.
        if (value[key] === undefined) Reflect.deleteProperty(value, key);
      }
      return true;
    },
  };
}

/**
 * An object with known fields; others pass unread. A required field that is missing or wrong loses the whole object.
 * `required` fields hold the object together (a container's name); everything else may be absent.
 */
export function fields(optional: Fields, required: Fields = {}): Shape {
  const known = new Map(Object.entries({ ...optional, ...required }));
  const needed = Object.keys(required);
  // Objects of one kind hold their fields in one order: comparing with the one before is faster than looking each up.
  const keys: string[] = [];
  const shapes: (Shape | undefined)[] = [];
  const shapeAt = (at: number, key: string): Shape | undefined => {
    const shape = known.get(key);
    if (at > MOST_REMEMBERED) return shape;
    keys[at] = key;
    shapes[at] = shape;
    return shape;
  };
  return {
    name: 'object',
    // Runs over what is there rather than over what might be: most objects have few of the known fields.
    ok: (value) => {
      if (!isRecord(value)) return false;
      let at = 0;
      for (const key in value) {
        const shape = key === keys[at] ? shapes[at] : shapeAt(at, key);
        at++;
        if (shape === undefined) continue;
        const part = value[key];
        // Kubernetes writes absent fields as null here and there; one meaning of absent is enough for every reader.
        if (part === null) value[key] = undefined;
        else if (part !== undefined && !shape.ok(part)) return false;
      }
      for (const key of needed) if (value[key] === undefined) return false;
      return true;
    },
    repair: (value, path, report) => {
      if (!isRecord(value)) return refuse('object', value, path, report);
      for (const [key, shape] of known) {
        const before = value[key] ?? undefined;
        repairField(shape, value, key, path, report);
        if (value[key] !== undefined || !needed.includes(key)) continue;
        // What was there and had to go is reported already.
        return before === undefined ? refuse(shape.name, undefined, join(path, key), report) : false;
      }
      return true;
    },
  };
}

/** `null` is how Kubernetes writes an absent field, so it goes without a report. */
function repairField(
  shape: Shape,
  owner: Mutable,
  key: string,
  path: string,
  report: (problem: ShapeProblem) => void,
): void {
  const value = owner[key];
  if (value === undefined || shape.ok(value)) return;
  // Setting instead of deleting keeps the object in V8's fast mode; `undefined` is absent to every reader and encoder.
  if (value === null || !shape.repair(value, join(path, key), report)) owner[key] = undefined;
}

function refuse(expected: string, value: unknown, path: string, report: (problem: ShapeProblem) => void): false {
  report({ path, expected, found: typeName(value) });
  return false;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
