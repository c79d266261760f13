/** `kubectl aia`, with a real kubectl (1.36). */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackKubectl } from '../kubectl.suite.ts';
import { BIN } from './run-aia.suite.ts';

let folder: string;
let kubectl: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-kubectl-'));
  kubectl = join(folder, 'kubectl');
  await unpackKubectl(kubectl);
  // As npm installs them: without the extension, and with the Node of this run first.
  for (const name of ['aia', 'kubectl-aia', 'kubectl_complete-aia'])
    symlinkSync(join(BIN, `${name}.js`), join(folder, name));
  symlinkSync(process.execPath, join(folder, 'node'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    PATH: [folder, '/usr/bin', '/bin'].join(delimiter),
    KUBECONFIG: '/nonexistent',
    NO_COLOR: '1',
  };
  return new Promise((resolve) => {
    execFile(kubectl, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('kubectl', () => {
  it('is 1.36 and lists the plugin without a warning', async () => {
    expect((await run('version', '--client')).stdout).toMatch(/v1\.36\./);
    const list = await run('plugin', 'list');
    expect(list.stdout).toContain(join(folder, 'kubectl-aia'));
    expect(list.stdout + list.stderr).not.toMatch(/warning/i);
  });

  it('assesses', async () => {
    const { code, stdout, stderr } = await run('aia', 'assess', '--example', 'aia-system');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('9 of 37 pods fail');
  });

  it('hands on exit codes and options that kubectl also has', async () => {
    expect((await run('aia', 'assess', '--example', 'aia-system', '--fail-on', 'critical')).code).toBe(1);
    expect((await run('aia', 'assess', '--example', 'aia-system', '-n', 'nowhere')).code).toBe(3);
    expect((await run('aia', 'assess', '--nope')).code).toBe(2);
  });

  it('is called kubectl aia in the help', async () => {
    expect((await run('aia', '--help')).stdout).toMatch(/^Usage: kubectl aia /);
    const help = (await run('aia', 'assess', '--help')).stdout;
    expect(help).toMatch(/^Usage: kubectl aia assess /);
    expect(help).toContain('  kubectl aia assess --example aia-system');
  });

  it('completes', async () => {
    const lines = (text: string) => text.trim().split('\n');
    expect(lines((await run('__complete', 'aia', '')).stdout)).toEqual(
      expect.arrayContaining(['assess', 'collect', 'simulate', ':4']),
    );
    expect(lines((await run('__complete', 'aia', 'assess', '--fail-on', 'me')).stdout)).toEqual(['medium', ':4']);
    expect(lines((await run('__complete', 'aia', 'assess', '--example', 'aia')).stdout)).toEqual(['aia-system', ':4']);
  });
});
