/** Real servers and shells from Debian's packages, for tests that would otherwise believe a double of them. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Whether the package's program is there. It is installed when `AIA_TEST_INSTALL=1` and this is a Debian with the rights to; a
 * test that finds none is skipped, and counted as such.
 */
export async function hasProgram(name: string): Promise<boolean> {
  if (await isOnPath(name)) return true;
  if (process.env['AIA_TEST_INSTALL'] !== '1' || process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Other tests may be installing at the same time.
  const patient = ['-y', '-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const install = () => run('apt-get', ['install', ...patient, '--no-install-recommends', name], { env });
  await install()
    .catch(() => run('apt-get', ['update', ...patient], { env }).then(install))
    .catch(() => undefined);
  return isOnPath(name);
}

async function isOnPath(name: string): Promise<boolean> {
  const places = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => access(join(folder, name), constants.X_OK));
  return (await Promise.allSettled(places)).some(({ status }) => status === 'fulfilled');
}
