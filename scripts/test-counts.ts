/**
 * Reads the test runner's JSON report and prints "PASSED FAILED SKIPPED" on standard output; each test that failed or
 * was skipped is named on standard error. Without a readable report it prints "0 1 0": a run that left none has failed.
 */
import { readFileSync } from 'node:fs';

interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const report = read(process.argv[2] ?? '.tmp/tests.json');
process.stdout.write(`${report === undefined ? '0 1 0' : counts(report)}\n`);

function counts({ testResults }: TestReport): string {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failed = tests.filter((test) => test.status === 'failed');
  // A file that could not be loaded fails without any test of its own.
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  for (const name of [...failed.map((test) => test.fullName), ...broken.map((file) => file.name)])
    warn(`failed: ${name}`);
  for (const test of skipped) warn(`skipped: ${test.fullName}`);
  return `${String(tests.length - skipped.length - failed.length)} ${String(failed.length + broken.length)} ${String(skipped.length)}`;
}

function read(path: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestReport;
  } catch (error) {
    warn(`no test report: ${String(error)}`);
    return undefined;
  }
}

function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
