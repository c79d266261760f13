/**
 * What becomes of an object that comes from outside: the API server decodes it into Go's types, which know their fields and nothing else.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation, `sigs.k8s.io/json`, `encoding/json`.
 */
import { isFields, isList, jsonKind, type Fields } from '../patch/json.ts';
import { conversionProblem, fieldSteps, fieldTypeText, structText } from './go-types.ts';
import { memberType, type ScalarName, type StructSchema, type TypeSchema } from './field-schema.ts';
import { base64Problem, quantityProblem, timeProblem } from './scalar-texts.ts';

/** An object as it is understood. */
export interface Decoded {
  /** Without what is null, unknown or empty, and with the structs that are always there. */
  readonly object: Fields;
  /** What strict decoding says, in the order of the object: `unknown field "spec.foo"`. */
  readonly strictErrors: readonly string[];
  /** Why it cannot be decoded at all: the first value of a wrong type. */
  readonly error: string | undefined;
}

/** Strict errors beyond these are not said. */
const MOST_STRICT_ERRORS = 100;

/** Reads an object by its structure. Custom resources are not checked for types here: their schema does that. */
export function decode(value: Fields, schema: StructSchema, wording: DecoderWording = 'json'): Decoded {
  const decoder = new Decoder(schema.name !== '', wording);
  const object = decoder.struct(value, schema, { strict: '', fields: [], struct: schema });
  return { object, strictErrors: decoder.strictErrors, error: decoder.error };
}

/** `json` for texts that are decoded, `conversion` for objects that are made of parsed ones, as strategic merge patches make them. */
export type DecoderWording = 'json' | 'conversion';

/** Where the decoder is. */
interface Place {
  /** `spec.template.spec.containers[0]` */
  readonly strict: string;
  /** Names of fields alone. */
  readonly fields: readonly string[];
  /** The struct that the last of them is a field of. */
  readonly struct: StructSchema;
}

class Decoder {
  readonly strictErrors: string[] = [];
  readonly #isBuiltIn: boolean;
  readonly #wording: DecoderWording;
  error: string | undefined;

  constructor(isBuiltIn: boolean, wording: DecoderWording) {
    this.#isBuiltIn = isBuiltIn;
    this.#wording = wording;
  }

  struct(value: Fields, schema: StructSchema, place: Place): Fields {
    const result = new Map<string, unknown>();
    for (const [key, member] of Object.entries(value)) {
      const strict = place.strict === '' ? key : `${place.strict}.${key}`;
      const type = memberType(schema, key);
      if (type === undefined) this.#unknown(strict);
      else {
        const isField = schema.fields.has(key);
        const inner = {
          strict,
          fields: [...place.fields, ...fieldSteps(schema, key)],
          struct: isField ? schema : place.struct,
        };
        const decoded = this.#value(member, type, inner);
        const mayGo = this.#isBuiltIn && schema.fields.get(key)?.required === false && isEmptied(decoded, type);
        if (decoded !== undefined && !mayGo) result.set(key, decoded);
      }
    }
    if (this.#isBuiltIn) addStructs(result, schema, place.strict === '');
    return Object.fromEntries(result);
  }

  #unknown(path: string): void {
    const error = `unknown field ${JSON.stringify(path)}`;
    if (this.strictErrors.length < MOST_STRICT_ERRORS && !this.strictErrors.includes(error))
      this.strictErrors.push(error);
  }

  #value(value: unknown, type: TypeSchema, place: Place): unknown {
    if (value === undefined || type.is === 'any') return value;
    // Only the schema of a custom resource can say that null is a value.
    if (value === null) return this.#isBuiltIn ? undefined : null;
    if (type.is === 'scalar') return this.#scalar(value, type.scalar, place);
    if (type.is === 'list' && isList(value))
      return value.map((item, at) => this.#item(item, type.items, { ...place, strict: `${place.strict}[${at}]` }));
    if (type.is === 'struct' && isFields(value)) return this.struct(value, type, place);
    if (type.is === 'map' && isFields(value)) return this.#map(value, type.values, place);
    return this.#wrong(value, type, place);
  }

  /** A null in a list is what its type begins with. */
  #item(item: unknown, type: TypeSchema, place: Place): unknown {
    const decoded = this.#value(item, type, place);
    if (decoded !== undefined || !this.#isBuiltIn) return decoded;
    return type.is === 'struct' ? {} : '';
  }

  #map(value: Fields, type: TypeSchema, place: Place): Fields {
    const entries = Object.entries(value).map(([key, member]) => {
      const decoded = this.#value(member, type, { ...place, strict: `${place.strict}.${key}` });
      return [key, decoded ?? (type.is === 'scalar' && type.scalar === 'string' ? '' : decoded)] as const;
    });
    return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
  }

  #scalar(value: unknown, scalar: ScalarName, place: Place): unknown {
    if (!this.#isBuiltIn) return value;
    const problem = scalarProblem(value, scalar);
    if (problem !== undefined && problem !== 'type') this.error ??= problem;
    if (problem === 'type') return this.#wrong(value, { is: 'scalar', scalar }, place);
    return scalar === 'quantity' ? String(value) : value;
  }

  #wrong(value: unknown, type: TypeSchema, { fields, struct }: Place): unknown {
    if (!this.#isBuiltIn) return value;
    const own = OWN_DECODERS[type.is === 'scalar' ? type.scalar : ''];
    const goType = own ?? fieldTypeText(struct, fields.at(-1) ?? '', type);
    const isAmount = typeof value === 'number' && goType.startsWith('int');
    const shown = isAmount ? `number ${value}` : jsonKind(value);
    const place = `Go struct field ${structText(struct)}.${fields.join('.')}`;
    if (this.#wording === 'json') this.error ??= `json: cannot unmarshal ${shown} into ${place} of type ${goType}`;
    else if (own !== undefined) this.error ??= `json: cannot unmarshal ${shown} into Go value of type ${goType}`;
    else this.error ??= conversionProblem(value, type, goType);
    return value;
  }
}

/** What types with a decoder of their own read. */
const OWN_DECODERS: Readonly<Record<string, string>> = {
  'int-or-string': 'int32',
  time: 'string',
  'micro-time': 'string',
  duration: 'string',
};

/** `type` for a wrong type; else what the type's own decoder says. */
function scalarProblem(value: unknown, scalar: ScalarName): string | undefined {
  switch (scalar) {
    case 'string':
      return typeof value === 'string' ? undefined : 'type';
    case 'bytes':
      return typeof value === 'string' ? base64Problem(value) : 'type';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'type';
    case 'double':
      return typeof value === 'number' ? undefined : 'type';
    case 'int32':
      return isWhole(value, 2 ** 31) ? undefined : 'type';
    case 'int64':
      return isWhole(value, 2 ** 63) ? undefined : 'type';
    case 'quantity':
      return quantityProblem(value);
    case 'int-or-string':
      return typeof value === 'string' || isWhole(value, 2 ** 31) ? undefined : 'type';
    default:
      return typeof value === 'string' ? timeProblem(value, scalar) : 'type';
  }
}

function isWhole(value: unknown, bound: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -bound && value < bound;
}

/** Lists and maps that are empty are as good as not there. */
function isEmptied(decoded: unknown, type: TypeSchema): boolean {
  if (type.is === 'list') return isList(decoded) && decoded.length === 0;
  return type.is === 'map' && isFields(decoded) && Object.keys(decoded).length === 0;
}

/** Structs that are no pointers in Go are written even when they are empty. An object's own status is the server's affair. */
function addStructs(result: Map<string, unknown>, schema: StructSchema, isObject: boolean): void {
  for (const [name, field] of schema.fields) {
    const isThere = result.has(name) || (isObject && name === 'status') || name === 'metadata';
    if (isThere || field.type.is !== 'struct' || !isFields(field.default)) continue;
    const inner = new Map<string, unknown>();
    addStructs(inner, field.type, false);
    result.set(name, Object.fromEntries(inner));
  }
}
