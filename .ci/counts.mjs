/**
 * Reads the test runner's JSON report and prints "PASSED FAILED SKIPPED" on standard output; each test that failed or
 * was skipped is named on standard error. Without a readable report it prints "0 1 0": a run that left none has failed.
 */
import { readFileSync } from 'node:fs';

const report = read(process.argv[2]);
if (report === undefined) {
  console.log('0 1 0');
} else {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failed = tests.filter((test) => test.status === 'failed');
  // A file that could not be loaded fails without any test of its own.
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  for (const test of failed) console.error(`failed: ${test.fullName}`);
  for (const file of broken) console.error(`failed: ${file.name}`);
  for (const test of skipped) console.error(`skipped: ${test.fullName}`);
  console.log(tests.length - skipped.length - failed.length, failed.length + broken.length, skipped.length);
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`no test report: ${error.message}`);
    return undefined;
  }
}
