/** Measurements in processes of their own, which no earlier one has warmed or filled. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a script that prints JSON, with a heap of 8 GB and the means to collect it. */
export async function measureApart<T>(script: string, what: string, ...sizes: readonly number[]): Promise<T> {
  const { stdout } = await execute(
    process.execPath,
    ['--no-warnings', '--expose-gc', '--max-old-space-size=8192', script, what, ...sizes.map(String)],
    { maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as T;
}
