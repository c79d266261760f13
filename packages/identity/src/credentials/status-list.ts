/**
 * Bitstring Status Lists: whether a credential still holds, told without telling which one was asked about.
 * Source: https://www.w3.org/TR/vc-bitstring-status-list/
 */
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { fromMultibase, toMultibase } from '../encoding/multibase.ts';
import { isCount, isObject, isUrl, oneOrMany, strangeName } from './fields.ts';
import { gunzip, gzip } from './gzip.ts';

/** Fewer entries hide too little. */
export const LEAST_ENTRIES = 131_072;
/** A list that expands to more is refused before it is held. */
const MOST_BYTES = 2 ** 24;
/** Bits of one entry. */
const MOST_SIZE = 8;

/** Entries of one to eight bits; the first entry stands in the highest bits of the first byte. */
export interface StatusList {
  readonly bytes: Uint8Array;
}

/** Where a credential says its status stands. */
export interface StatusEntry {
  readonly purpose: string;
  readonly index: number;
  /** URL of the credential that holds the list. */
  readonly list: string;
  /** Bits of an entry. */
  readonly size: number;
  /** What each status means, from 0: as many as there are values, and needed where an entry has more than one bit. */
  readonly messages?: readonly string[];
}

/**
 * Empty, every status 0.
 * @throws RangeError for fewer entries than hide one among others, for bits that are not 1 to 8, and for more than 16 MiB
 */
export function emptyStatusList(entries: number = LEAST_ENTRIES, size = 1): StatusList {
  requireSize(size);
  const bytes = Math.ceil((entries * size) / 8);
  if (!Number.isSafeInteger(entries) || entries < LEAST_ENTRIES || bytes > MOST_BYTES)
    throw new RangeError(`entries: ${entries} of ${size} bits; at least ${LEAST_ENTRIES}, at most ${MOST_BYTES} bytes`);
  return { bytes: new Uint8Array(bytes) };
}

/**
 * A list with one more status, the given one unchanged.
 * @throws RangeError for an index outside of the list, or a status that does not fit
 */
export function withStatus(list: StatusList, index: number, status: number, size = 1): StatusList {
  requireSize(size);
  if (!isCount(status) || status >= 2 ** size) throw new RangeError(`status: ${status} does not fit ${size} bits`);
  if (!isInside(list, index, size)) throw new RangeError(`index: ${index} is outside of the list`);
  const bytes = Uint8Array.from(list.bytes);
  for (let bit = 0; bit < size; bit++) {
    const at = index * size + bit;
    const mask = 0x80 >> (at % 8);
    const byte = bytes[at >> 3] as number;
    bytes[at >> 3] = (status >> (size - 1 - bit)) & 1 ? byte | mask : byte & ~mask;
  }
  return { bytes };
}

/** `undefined` outside of the list. */
export function statusAt(list: StatusList, index: number, size = 1): number | undefined {
  if (!isInside(list, index, size)) return undefined;
  let status = 0;
  for (let at = index * size; at < (index + 1) * size; at++)
    status = (status << 1) | (((list.bytes[at >> 3] as number) >> (7 - (at % 8))) & 1);
  return status;
}

/** `encodedList`: Multibase `u` of GZIP of the bits. */
export async function encodeStatusList({ bytes }: StatusList): Promise<string> {
  return toMultibase('u', await gzip(bytes));
}

/** Why an encoded list is refused. */
export type StatusListRefusal = 'malformed-status-list' | 'short-status-list';

/** Reads `encodedList`, for entries of `size` bits. */
export async function decodeStatusList(
  text: string,
  size = 1,
): Promise<StatusList | { readonly kind: 'refused'; readonly reason: StatusListRefusal }> {
  requireSize(size);
  const compressed = text.startsWith('u') ? fromMultibase(text) : undefined;
  const bytes = compressed && (await gunzip(compressed, MOST_BYTES));
  if (bytes === undefined) return { kind: 'refused', reason: 'malformed-status-list' };
  if ((bytes.length * 8) / size < LEAST_ENTRIES) return { kind: 'refused', reason: 'short-status-list' };
  return { bytes };
}

/**
 * `credentialStatus` of a credential.
 * @throws RangeError for bits that are not 1 to 8, and for messages that are not as many as there are values
 */
export function statusEntryJson({ purpose, index, list, size, messages }: StatusEntry): JsonObject {
  requireSize(size);
  if ((messages !== undefined || size > 1) && messages?.length !== 2 ** size)
    throw new RangeError(`messages: there are ${messages?.length ?? 0}; entries of ${size} bits have ${2 ** size}`);
  return {
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: list,
    ...(size !== 1 && { statusSize: size }),
    ...(messages !== undefined && {
      statusMessage: messages.map((message, status) => ({ status: `0x${status.toString(16)}`, message })),
    }),
  };
}

/** `undefined` for another type, and for what is malformed. */
export function statusEntryFrom(value: JsonValue): StatusEntry | undefined {
  if (!isObject(value) || value.type !== 'BitstringStatusListEntry') return undefined;
  if (strangeName(value, ENTRY_NAMES) !== undefined) return undefined;
  const { id, statusPurpose: purpose, statusListIndex, statusListCredential: list, statusSize: size = 1 } = value;
  if (id !== undefined && (!isUrl(id) || id === list)) return undefined;
  if (typeof purpose !== 'string' || purpose === '' || !isUrl(list)) return undefined;
  if (typeof statusListIndex !== 'string' || !/^(?:0|[1-9]\d{0,9})$/.test(statusListIndex)) return undefined;
  if (!isCount(size) || size < 1 || size > MOST_SIZE || !oneOrMany(value.statusReference).every(isUrl))
    return undefined;
  const entry = { purpose, index: Number(statusListIndex), list, size };
  if (value.statusMessage === undefined) return size === 1 ? entry : undefined;
  const messages = messagesFrom(value.statusMessage, size);
  return messages && { ...entry, messages };
}

const ENTRY_NAMES: ReadonlySet<string> = new Set([
  ...['id', 'type', 'statusPurpose', 'statusListIndex', 'statusListCredential'],
  ...['statusSize', 'statusMessage', 'statusReference'],
]);

/** One for each value, in whatever order they stand. */
function messagesFrom(value: JsonValue, size: number): readonly string[] | undefined {
  const messages = new Map<number, string>();
  for (const one of Array.isArray(value) ? (value as readonly JsonValue[]) : []) {
    const { status, message } = isObject(one) ? one : {};
    if (typeof status !== 'string' || !/^0x[\da-f]+$/i.test(status) || typeof message !== 'string') return undefined;
    if (messages.has(Number(status))) return undefined;
    messages.set(Number(status), message);
  }
  const all = Array.from({ length: 2 ** size }, (_, status) => messages.get(status));
  return messages.size === all.length && all.every((one) => one !== undefined) ? all : undefined;
}

function isInside({ bytes }: StatusList, index: number, size: number): boolean {
  return isCount(index) && (index + 1) * size <= bytes.length * 8;
}

function requireSize(size: number): void {
  if (!isCount(size) || size < 1 || size > MOST_SIZE) throw new RangeError(`size: ${size} bits; must be 1 to 8`);
}
