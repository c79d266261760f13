/** Vector files on disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Format, VectorInput } from './case.suite.ts';
import { judge, recognise, type Judged, type Progress } from './judge.suite.ts';
import { didsOfScript } from './dids.suite.ts';
import type { Subject } from './subject.suite.ts';

/** In a folder these are no vectors. A file that is named is always read. */
const NO_VECTORS = /(?:^|\/)(?:readme|notice|(?:[^/]*-)?licen[cs]es?|\.)[^/]*$|\.(?:md|ya?ml)$/i;

/** The file itself, or all files below a folder that may be vectors. */
export function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !NO_VECTORS.test(file.slice(path.length)) || isScriptOfDids(file))
    .sort();
}

/** Of scripts, only the DIDs are vectors that they ask for by themselves: what else they do is in the files that they made. */
function isScriptOfDids(file: string): boolean {
  return /\/script\.ya?ml$/.test(file) && didsOfScript(read(file) ?? '').length > 0;
}

/** Packed files (`.gz`) are unpacked, those beside as well. @param at now, in epoch milliseconds */
export function open(path: string, at: number): VectorInput {
  const folder = dirname(path);
  const text = read(path) ?? '';
  return {
    ...{ path: path.replace(/\.gz$/, ''), text, json: parsed(text), at },
    names: readdirSync(folder).map((name) => name.replace(/\.gz$/, '')),
    beside: (other) => read(join(folder, other)),
  };
}

function read(path: string): string | undefined {
  for (const file of [path, `${path}.gz`]) {
    if (!existsSync(file) || !statSync(file).isFile()) continue;
    const bytes = readFileSync(file);
    return new TextDecoder().decode(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  }
  return undefined;
}

/** As it is, or with its lines joined: drafts print files of which lines break within words. */
function parsed(text: string): unknown {
  for (const one of [text, text.replace(/\r?\n/g, '')]) {
    try {
      return JSON.parse(one) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}

const NOTHING = { text: '', json: undefined, names: [], beside: () => undefined };

function readable(path: string, at: number): VectorInput | Error {
  try {
    return open(path, at);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Not packed as its name says, or longer than a text can be: no format can tell, and it has failed. */
function unreadable(error: Error): Format {
  const groups = () => {
    throw error;
  };
  return { name: 'unreadable', fits: () => true, groups };
}

/** Judges each file once, in their order; files that complete another one are judged with that. `undefined`: no format fits. */
export async function* judged(
  paths: readonly string[],
  subjects: readonly Subject[],
  at: number,
  progress?: Progress,
): AsyncGenerator<readonly [string, Judged | undefined]> {
  const done = new Set<string>();
  for (const path of paths) {
    const given = readable(path, at);
    if (given instanceof Error) {
      yield [path, await judge(unreadable(given), { ...NOTHING, path, at }, subjects)];
      continue;
    }
    const known = recognise(given);
    if (known === undefined) {
      yield [path, undefined];
      continue;
    }
    const { format, belongsTo } = known;
    const whole = belongsTo === undefined ? given : open(normalize(join(dirname(path), belongsTo)), at);
    const key = `${format.name} ${normalize(whole.path)}`;
    if (done.has(key)) continue;
    done.add(key);
    yield [path, await judge(format, whole, subjects, progress)];
  }
}
