/**
 * Holds official test vectors against the package identity, on both providers.
 *   npm run vectors -- FILE|FOLDER… [--json]
 * Files keep their sources' own shapes and are recognised by them; what belongs to a file (answers, witnesses, expected results) is read from beside it.
 * Exits with 1 when a case fails, with 2 when no format fits a file or the call is wrong. What no provider of this build can do has failed.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { VectorInput } from '../packages/identity/src/vectors/case.suite.ts';
import { judge, recognise, type Judged, type Tally } from '../packages/identity/src/vectors/judge.suite.ts';
import { subject as noble } from '../packages/identity/src/vectors/noble-subject.suite.ts';
import { subject as node } from '../packages/identity/src/vectors/node-subject.suite.ts';

/** In a folder these are no vectors. A file that is named is always read. */
const NO_VECTORS = /(?:^|\/)(?:readme|licen[cs]e|notice|.*-licen[cs]e|licences|\.).*$|\.(?:md|ya?ml)$/i;
const MOST_FAILURES = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
process.exitCode = await run(positionals, values.json);

async function run(paths: readonly string[], asJson: boolean): Promise<number> {
  const missing = paths.filter((path) => !existsSync(path));
  if (paths.length === 0 || missing.length > 0) {
    console.error(`usage: npm run vectors -- FILE|FOLDER… [--json]${missing.map((path) => `; no ${path}`).join('')}`);
    return 2;
  }
  const judged: Judged[] = [];
  const unknown: string[] = [];
  const done = new Set<string>();
  for (const path of paths.flatMap(filesOf)) {
    const given = open(path);
    const known = recognise(given);
    if (known === undefined) {
      unknown.push(path);
      continue;
    }
    const whole = known.belongsTo === undefined ? given : open(normalize(join(dirname(path), known.belongsTo)));
    const key = `${known.format.name} ${normalize(whole.path)}`;
    if (done.has(key)) continue;
    done.add(key);
    const result = await judge(known.format, whole, [node, noble]);
    judged.push(result);
    if (!asJson) print(result);
  }
  const failed = judged.reduce((sum, one) => sum + one.failed, 0);
  const passed = judged.reduce((sum, one) => sum + one.passed, 0);
  if (asJson) console.log(JSON.stringify({ passed, failed, unknown, files: judged }, null, 2));
  else {
    for (const path of unknown) console.log(`${path}: no format fits`);
    console.log(`${String(passed)} passed, ${String(failed)} failed, ${String(unknown.length)} files not recognised`);
  }
  return unknown.length > 0 ? 2 : failed > 0 ? 1 : 0;
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !NO_VECTORS.test(file.slice(path.length)))
    .sort();
}

function open(path: string): VectorInput {
  const folder = dirname(path);
  const text = read(path) ?? '';
  return {
    ...{ path: path.replace(/\.gz$/, ''), text, json: parsed(text) },
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function print({ path, format, groups, passed, failed }: Judged): void {
  console.log(`${path} (${format}): ${String(passed)} passed, ${String(failed)} failed`);
  for (const group of groups) console.log(`  ${lineOf(group)}`);
  const failures = groups.flatMap((group) => group.failures.map((failure) => ({ ...group, ...failure })));
  for (const { group, subject, case: id, reason } of failures.slice(0, MOST_FAILURES))
    console.log(`  FAILED ${basename(path)} ${group} case ${id} on ${subject}: ${reason}`);
  if (failures.length > MOST_FAILURES) console.log(`  … ${String(failures.length - MOST_FAILURES)} more`);
}

function lineOf({ group, subject, passed, failed, leftToOther, reasons }: Tally): string {
  const left = leftToOther > 0 ? `, ${String(leftToOther)} left to the other provider (${reasons.join('; ')})` : '';
  return `${group} [${subject}]: ${String(passed)} passed, ${String(failed)} failed${left}`;
}
