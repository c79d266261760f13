/** Names, uids, hashes and times in the forms that Kubernetes gives them; all depend only on what they name. */
import { createHash } from 'node:crypto';

export const NOW = Date.parse('2025-09-27T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const VERSION = 'v1.33.4-gke.1036000';

export type Json = Record<string, unknown>;

/** RFC 3339 of so long ago. */
export function ago(ms: number): string {
  return new Date(NOW - ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The same with microseconds, as `metav1.MicroTime` is written. */
export function microsAgo(ms: number, ...parts: string[]): string {
  const micros = digest('micros', ...parts).readUInt32BE() % 1_000_000;
  return ago(ms).replace('Z', `.${String(micros).padStart(6, '0')}Z`);
}

/** 32 bytes that depend on the parts. */
export function digest(...parts: string[]): Buffer {
  return createHash('sha256').update(parts.join('/')).digest();
}

/** Whole seconds below a bound, in milliseconds: nothing happens on the full hour. */
export function jitter(belowMs: number, ...parts: string[]): number {
  return (digest('jitter', ...parts).readUInt32BE() % Math.floor(belowMs / 1000)) * 1000;
}

/** A random UUID's form (version 4, variant 1). */
export function uidOf(...parts: string[]): string {
  const bytes = digest(...parts).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** Suffixes in the alphabet that Kubernetes generates names from. */
export function suffix(length: number, ...parts: string[]): string {
  const bytes = digest('suffix', ...parts);
  return Array.from({ length }, (_, i) => SAFE[(bytes[i] ?? 0) % SAFE.length]).join('');
}

/** A template's hash: the decimal digits of a 32-bit sum, each put into the safe alphabet by its character code. */
export function templateHash(...parts: string[]): string {
  const sum = String(digest('template', ...parts).readUInt32BE());
  return [...sum].map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join('');
}

/** A digest as images carry it. */
export function imageDigest(image: string): string {
  return `sha256:${digest('image', image).toString('hex')}`;
}

/** Keys in order, as the API server writes an object's metadata. */
export function sorted(value: Json): Json {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
