/** Fields of vector files, read strictly: a file that has not what its format promises fails, and is not taken for an easier case. */

import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 as base64Coder } from '@scure/base';

/** An object of a vector file. */
export type Fields = Readonly<Record<string, unknown>>;

/** `undefined` for what is no object. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Objects of a list; none where there is no list. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map((one: unknown) => fieldsOf(one) ?? {}) : [];
}

/** @throws TypeError where the field is no text */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string')
    throw new TypeError(`${name}: is ${value === null ? 'null' : typeof value}, must be text`);
  return value;
}

/** @throws TypeError where the field is no hexadecimal text */
export function hex(fields: Fields, name: string): Uint8Array {
  return fromHex(name, text(fields, name));
}

/** As {@link hex}; nothing where the field is missing. */
export function hexOr(fields: Fields, name: string, missing = new Uint8Array(0)): Uint8Array {
  return fields[name] === undefined ? missing : hex(fields, name);
}

/** @throws TypeError for other text */
export function fromHex(name: string, digits: string): Uint8Array {
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) throw new TypeError(`${name}: is no hexadecimal text`);
  return hexToBytes(digits);
}

/** @throws Error where the field is no base64 text (RFC 4648 section 4) */
export function base64(fields: Fields, name: string): Uint8Array {
  return base64Coder.decode(text(fields, name));
}

/** @throws TypeError where the field is neither true nor false */
export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new TypeError(`${name}: is no boolean`);
  return value;
}

/** Identifier of a case, as the file has it. */
export function caseId(fields: Fields, index = 0): string {
  const id = fields['tcId'] ?? fields['name'] ?? index;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : String(index);
}
