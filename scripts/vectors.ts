/**
 * Holds official test vectors against the package identity, on both providers.
 *   npm run vectors -- FILE|FOLDER… [--json]
 * Files keep their sources' own shapes and are recognised by them; what belongs to a file (answers, witnesses, expected results) is read from beside it.
 * Exits with 1 when a case fails, with 2 when no format fits a file or the call is wrong. What no provider of this build can do has failed.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { Judged, Tally } from '../packages/identity/src/vectors/judge.suite.ts';
import { subject as noble } from '../packages/identity/src/vectors/noble-subject.suite.ts';
import { subject as node } from '../packages/identity/src/vectors/node-subject.suite.ts';
import { filesOf, judged } from '../packages/identity/src/vectors/vector-files.suite.ts';

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
  const files: Judged[] = [];
  const unknown: string[] = [];
  for await (const [path, result] of judged(paths.flatMap(filesOf), [node, noble], Date.now())) {
    if (result === undefined) unknown.push(path);
    else files.push(result);
    if (!asJson) print(path, result);
  }
  const failed = files.reduce((sum, one) => sum + one.failed, 0);
  const passed = files.reduce((sum, one) => sum + one.passed, 0);
  if (asJson) console.log(JSON.stringify({ passed, failed, unknown, files }, null, 2));
  else
    console.log(
      `${String(passed)} passed, ${String(failed)} failed, ${String(unknown.length)} files that no format fits`,
    );
  return unknown.length > 0 || files.length === 0 ? 2 : failed > 0 ? 1 : 0;
}

function print(given: string, result: Judged | undefined): void {
  if (result === undefined) {
    console.log(`${given}: no format fits`);
    return;
  }
  const { path, format, groups, passed, failed } = result;
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
