/**
 * Objects in Kubernetes' protobuf as the JSON that they are otherwise. Clients written in Go send built-in kinds so.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
import type { Json } from '../../../model/unknown-json.ts';
import { microTimestamp, timestamp } from '../../clock/virtual-clock.ts';
import { builtInSchema, metaSchema } from '../../api/schema/definitions.ts';
import type { ScalarName, StructSchema, TypeSchema } from '../../api/schema/field-schema.ts';
import { messageOf, type Message, type NumberedField } from './messages.ts';
import { fieldsOf, lastOf, WireError } from './wire.ts';

/** `k8s` and a zero, before every object. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const MOST_LEVELS = 64;

/**
 * The object; `undefined` for a kind whose protobuf is not known, such as custom resources.
 * @throws WireError for bytes that are no such object
 */
export function decodeProtobuf(bytes: Uint8Array): Json | undefined {
  if (!MAGIC.every((byte, at) => bytes[at] === byte))
    throw new WireError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const envelope = bytes.subarray(MAGIC.length);
  const [type, raw] = [bytesOf(lastOf(envelope, 1)), bytesOf(lastOf(envelope, 2))];
  const [apiVersion, kind] = [textOf(lastOf(type, 1)), textOf(lastOf(type, 2))];
  const schema = kind === 'DeleteOptions' ? metaSchema('DeleteOptions') : schemaOf(apiVersion, kind);
  const message = schema === undefined ? undefined : messageOf(schema.name);
  if (schema === undefined || message === undefined) return undefined;
  return { kind, apiVersion, ...struct(raw, message, schema, 0) };
}

function schemaOf(apiVersion: string, kind: string): StructSchema | undefined {
  const [first = '', second] = apiVersion.split('/');
  return builtInSchema({ group: second === undefined ? '' : first, version: second ?? first, kind });
}

function struct(bytes: Uint8Array, message: Message, schema: StructSchema, depth: number): Record<string, unknown> {
  if (depth > MOST_LEVELS) throw new WireError('proto: nested too deep');
  const object: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message.get(number);
    if (field === undefined) continue;
    const type = schema.fields.get(field.name)?.type;
    if (field.inlined) Object.assign(object, struct(bytesOf(value), inlined(field, schema), schema, depth + 1));
    else if (type !== undefined) set(object, field, type, value, depth);
  }
  return object;
}

/** Messages that are inlined are of the same package. */
function inlined({ name }: NumberedField, schema: StructSchema): Message {
  return messageOf(`${schema.name.slice(0, schema.name.lastIndexOf('.'))}.${name}`) ?? new Map<number, NumberedField>();
}

function set(
  object: Record<string, unknown>,
  { name, keepsZero }: NumberedField,
  type: TypeSchema,
  value: bigint | Uint8Array,
  depth: number,
): void {
  if (type.is === 'list') {
    const list = (object[name] ??= []) as unknown[];
    list.push(valueOf(type.items, value, depth));
  } else if (type.is === 'map') {
    const map = (object[name] ??= {}) as Record<string, unknown>;
    const key = textOf(lastOf(bytesOf(value), 1));
    const entry = lastOf(bytesOf(value), 2) ?? new Uint8Array();
    Object.defineProperty(map, key, { value: valueOf(type.values, entry, depth), ...PLAIN });
  } else {
    const found = valueOf(type, value, depth);
    if (found !== undefined && (keepsZero || !isZero(found))) object[name] = found;
  }
}

const PLAIN = { enumerable: true, configurable: true, writable: true };

function isZero(value: unknown): boolean {
  return value === 0 || value === '' || value === false;
}

function valueOf(type: TypeSchema, value: bigint | Uint8Array, depth: number): unknown {
  if (type.is === 'scalar') return SCALARS[type.scalar](value);
  if (type.is === 'any') return jsonOf(bytesOf(lastOf(bytesOf(value), 1)));
  // A map of lists has a message around each.
  if (type.is === 'list')
    return [...fieldsOf(bytesOf(value))].map((field) => valueOf(type.items, field.value, depth + 1));
  if (type.is === 'map') throw new WireError('proto: a map in a map');
  const message = messageOf(type.name);
  if (message === undefined) throw new WireError(`proto: unknown message ${type.name}`);
  return struct(bytesOf(value), message, type, depth + 1);
}

const SCALARS: Readonly<Record<ScalarName, (value: bigint | Uint8Array) => unknown>> = {
  string: textOf,
  int32: (value) => Number(BigInt.asIntN(32, numberOf(value))),
  int64: (value) => Number(BigInt.asIntN(64, numberOf(value))),
  boolean: (value) => numberOf(value) !== 0n,
  double: (value) => new DataView(new BigUint64Array([numberOf(value)]).buffer).getFloat64(0, true),
  bytes: (value) => base64(bytesOf(value)),
  time: (value) => timeOf(bytesOf(value), timestamp),
  'micro-time': (value) => timeOf(bytesOf(value), microTimestamp),
  duration: (value) => `${Number(BigInt.asIntN(64, numberOf(lastOf(bytesOf(value), 1)))) / 1e9}s`,
  quantity: (value) => textOf(lastOf(bytesOf(value), 1)),
  'int-or-string': (value) => {
    const [type, number, text] = [1, 2, 3].map((field) => lastOf(bytesOf(value), field));
    return numberOf(type) === 0n ? Number(BigInt.asIntN(32, numberOf(number))) : textOf(text);
  },
};

/** Nothing for the zero of times. */
function timeOf(bytes: Uint8Array, format: (at: number) => string): string | undefined {
  if (bytes.length === 0) return undefined;
  const ms =
    Number(BigInt.asIntN(64, numberOf(lastOf(bytes, 1)))) * 1000 + Math.floor(Number(numberOf(lastOf(bytes, 2))) / 1e6);
  if (!(Math.abs(ms) <= 8.64e15)) throw new WireError('proto: a time out of range');
  return format(ms);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return bytes.length === 0 ? undefined : (JSON.parse(utf8(bytes)) as unknown);
  } catch {
    throw new WireError('proto: raw content that is no JSON');
  }
}

function bytesOf(value: bigint | Uint8Array | undefined): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (typeof value === 'bigint') throw new WireError('proto: wrong wireType');
  return value;
}

function numberOf(value: bigint | Uint8Array | undefined): bigint {
  if (value === undefined) return 0n;
  if (typeof value !== 'bigint') throw new WireError('proto: wrong wireType');
  return value;
}

function textOf(value: bigint | Uint8Array | undefined): string {
  return utf8(bytesOf(value));
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
