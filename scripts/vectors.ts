/**
 * Holds official test vectors against the package identity, on both providers.
 * Exits with 1 when a case fails, with 2 when no format fits a file, there is none, or the call is wrong. What no provider of this build can do has failed.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { FORMATS, type Finding, type Judged, type Tally } from '../packages/identity/src/vectors/judge.suite.ts';
import { subject as noble } from '../packages/identity/src/vectors/noble-subject.suite.ts';
import { subject as node } from '../packages/identity/src/vectors/node-subject.suite.ts';
import { filesOf, judged } from '../packages/identity/src/vectors/vector-files.suite.ts';

const HELP = `usage: npm run vectors -- FILE|FOLDER… [--json]

Holds official test vectors against the package identity, on node:crypto and on noble, and says for each file and group what passed and failed.
Files keep their sources' own shapes and are recognised by them, packed (.gz) or not; what belongs to a file (answers, witnesses, expected results, scripts) is read
from beside it. In a folder, all files are read but notices and scripts.

Shapes that are known: ${FORMATS.map(({ name }) => name).join(', ')}.

A case that a provider has no way to be asked is left to the other one, and named; where neither can, it has failed.
Where a file does not say what must hold, what was found is noted and counts as neither passed nor failed.

exit code: 0 nothing failed; 1 a case failed; 2 no shape fits a file, there is none, or the call is wrong`;

const MOST_FAILURES = 20;
const PROGRESS_MS = 5_000;
let saidAt = Date.now();

process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<number> {
  const call = callOf(words);
  if (typeof call === 'string') {
    console.error(`${call}\n${HELP}`);
    return 2;
  }
  if (call.help) console.log(HELP);
  return call.help ? 0 : judgeAll(call.paths, call.json);
}

interface Call {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

/** Or what is wrong with it. */
function callOf(words: readonly string[]): Call | string {
  try {
    const options = {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    const { values, positionals: paths } = parseArgs({ args: [...words], allowPositionals: true, options });
    const missing = paths.find((path) => !existsSync(path));
    if (missing !== undefined) return `${missing}: there is no such file`;
    return paths.length === 0 && !values.help ? 'no file is named' : { paths, ...values };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function judgeAll(paths: readonly string[], asJson: boolean): Promise<number> {
  const files: Judged[] = [];
  const unknown: string[] = [];
  for await (const [path, result] of judged(paths.flatMap(filesOf), [node, noble], Date.now(), sayProgress)) {
    if (result === undefined) unknown.push(path);
    else files.push(result);
    if (!asJson) print(path, result);
  }
  const failed = files.reduce((sum, one) => sum + one.failed, 0);
  const passed = files.reduce((sum, one) => sum + one.passed, 0);
  if (asJson) console.log(JSON.stringify({ passed, failed, unknown, files }, null, 2));
  else {
    console.log(`${passed} passed, ${failed} failed, ${unknown.length} files that no format fits`);
    if (unknown.length > 0) console.log(`known shapes: ${FORMATS.map(({ name }) => name).join(', ')}`);
  }
  return unknown.length > 0 || files.length === 0 ? 2 : failed > 0 ? 1 : 0;
}

/** To those who wait: some algorithms take seconds for a case. */
function sayProgress(done: number, all: number, group: string): void {
  if (done === 0) saidAt = Date.now();
  if (Date.now() - saidAt < PROGRESS_MS) return;
  saidAt = Date.now();
  console.error(`… ${done} of ${all} cases, at ${group}`);
}

function print(given: string, result: Judged | undefined): void {
  if (result === undefined) {
    console.log(`${given}: no format fits`);
    return;
  }
  const { path, format, groups, passed, failed } = result;
  console.log(`${path} (${format}): ${passed} passed, ${failed} failed`);
  for (const group of groups) console.log(`  ${lineOf(group)}`);
  printFindings(path, 'FAILED', groups, ({ failures }) => failures);
  printFindings(path, 'NOTED', groups, ({ notes }) => notes);
}

function lineOf({ group, subject, passed, failed, leftToOther, reasons, notes }: Tally): string {
  const left = leftToOther > 0 ? `, ${leftToOther} left to the other provider (${reasons.join('; ')})` : '';
  const noted = notes.length > 0 ? `, ${notes.length} noted, of which the file does not say what must hold` : '';
  return `${group} [${subject}]: ${passed} passed, ${failed} failed${left}${noted}`;
}

function printFindings(
  path: string,
  what: string,
  groups: readonly Tally[],
  of: (group: Tally) => readonly Finding[],
): void {
  const findings = groups.flatMap((group) => of(group).map((finding) => ({ ...group, ...finding })));
  for (const { group, subject, case: id, reason } of findings.slice(0, MOST_FAILURES))
    console.log(`  ${what} ${basename(path)} ${group} case ${id} on ${subject}: ${reason}`);
  if (findings.length > MOST_FAILURES) console.log(`  … ${findings.length - MOST_FAILURES} more`);
}
