/**
 * Official test vectors as cases: what a file says must hold of a subject (a provider of primitives and what is built on it). A check that returns has
 * passed; whatever it throws is why it has not.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Subject } from './subject.suite.ts';

/** One case of a file. */
export interface Case {
  readonly id: string;
  readonly check: (subject: Subject) => void | Promise<void>;
}

/** Cases that belong together, named as in the file. */
export interface Group {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** A file and what lies around it. */
export interface VectorInput {
  readonly path: string;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly json: unknown;
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** Names in its folder. */
  readonly names: readonly string[];
  /** Text of another file, by its path from this one's folder. */
  readonly beside: (path: string) => string | undefined;
}

/** A shape that files of one source have. */
export interface Format {
  readonly name: string;
  /** For a file that only completes another: path of that one. Asked before anything else. */
  readonly belongsTo?: (input: VectorInput) => string | undefined;
  readonly fits: (input: VectorInput) => boolean;
  readonly groups: (input: VectorInput) => readonly Group[];
}

/** A subject has no way to be asked this. Where none has, the case has failed: nothing is skipped. */
export class Cannot extends Error {}

/** A file does not say what must hold; the message is what was found. Neither passed nor failed. */
export class NothingExpected extends Error {}

/** A case that no build of ours can do. */
export function unsupported(id: string, what: string): Case {
  return {
    id,
    check: () => {
      throw new Cannot(`${what} is not supported by this build`);
    },
  };
}

/** @throws Error where two byte strings differ, or one is missing */
export function same(what: string, actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (actual === undefined) throw new Error(`${what}: none, expected ${shown(expected)}`);
  if (bytesToHex(actual) !== bytesToHex(expected))
    throw new Error(`${what}: ${shown(actual)}, expected ${shown(expected)}`);
}

/** @throws Error where two values differ */
export function equal<T>(what: string, actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)}, expected ${String(expected)}`);
}

/** @throws Error where a calculation neither throws nor gives `undefined` or `false` */
export function refused(what: string, calculate: () => unknown): void {
  const given = attempt(calculate);
  if (given !== undefined && given !== false) throw new Error(`${what}: taken, must be refused`);
}

/** `undefined` for what throws; a subject that cannot be asked says so still. */
export function attempt<T>(calculate: () => T): T | undefined {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof Cannot || error instanceof NothingExpected) throw error;
    return undefined;
  }
}

function shown(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  return hex.length > 40 ? `${hex.slice(0, 32)}… (${String(bytes.length)} bytes)` : hex || 'no bytes';
}
