/** Files as they would lie on a disk, held against both providers. */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { VectorInput } from './case.suite.ts';
import { judge, recognise, type Judged } from './judge.suite.ts';
import { subject as noble } from './noble-subject.suite.ts';
import { subject as node } from './node-subject.suite.ts';

/** 1 November 2026. */
const AT = Date.UTC(2026, 10, 1);
/** Lower case. */
export const hex = bytesToHex;
/** All alike. */
export const bytes = (length: number, fill = 7) => new Uint8Array(length).fill(fill);
/** With one bit changed. */
export const flipped = (one: Uint8Array) => one.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

/** A file at a path, with texts of others by their paths from its folder. */
export function input(json: unknown, path = 'file.json', beside: Readonly<Record<string, string>> = {}): VectorInput {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return {
    path,
    text,
    json: typeof json === 'string' ? undefined : json,
    at: AT,
    names: Object.keys(beside),
    beside: (name) => beside[name],
  };
}

/** @throws Error where no format fits */
export async function judged(json: unknown, path?: string, beside?: Readonly<Record<string, string>>): Promise<Judged> {
  const given = input(json, path, beside);
  const known = recognise(given);
  if (known === undefined) throw new Error('no format fits');
  return judge(known.format, given, [node, noble]);
}

/** Each with its provider and case. */
export const failuresOf = ({ groups }: Judged) =>
  groups.flatMap(({ subject, failures }) => failures.map((one) => `${subject} ${one.case}: ${one.reason}`));
