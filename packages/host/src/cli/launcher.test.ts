/** The launcher on an older Node: it hands over to the one that npm brought along, with arguments, streams, exit code, signals. */
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../version.ts';
import { AIA, aia, BIN, ended, olderNode, SMALL_DUMP, startAia } from './run-aia.suite.ts';

const node = olderNode();
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'aia-launcher-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The launcher alone, away from what npm installed. */
function alone(): string {
  const place = join(folder, 'alone');
  cpSync(BIN, join(place, 'bin'), { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ type: 'module', version: '9.9.9' }));
  return join(place, 'bin/aia.js');
}

describe('the launcher', () => {
  it('says that it is not built', async () => {
    const run = await aia(['assess'], { bin: alone() });
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toMatch(/^aia is not built: .*npm run build.*\n$/);
  });

  it('knows its version without being built', async () => {
    expect(await aia(['--version'], { bin: alone() })).toMatchObject({ code: 0, stdout: '9.9.9\n' });
  });
});

describe('compiled code', () => {
  const assess = (env: Record<string, string>) => aia(['assess', '--example', 'healthy'], { env });

  it("is kept in the user's cache folder", async () => {
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    expect(await assess({ XDG_CACHE_HOME: cache })).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(cache)).toEqual(['aia']);
    expect((await assess({ XDG_CACHE_HOME: cache })).code).toBe(0);
  });

  it.each([
    ['no such folder', { XDG_CACHE_HOME: '/dev/null/cache' }],
    ['a relative one', { XDG_CACHE_HOME: 'cache' }],
    ['a home that is a file', { XDG_CACHE_HOME: '', HOME: '/dev/null' }],
    ['it is turned off', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ])('is not needed: %s', async (_, env) => {
    expect(await assess(env)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is not taken from a folder that others may write to, nor through a link', async () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect((await assess({ XDG_CACHE_HOME: open })).code).toBe(0);
    expect(readdirSync(open)).toEqual([]);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const cache = join(folder, 'linked');
    mkdirSync(cache);
    symlinkSync(elsewhere, join(cache, 'aia'));
    expect((await assess({ XDG_CACHE_HOME: cache })).code).toBe(0);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('is not taken from a folder of somebody else', async () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    chownSync(foreign, 12_345, 12_345);
    expect((await assess({ XDG_CACHE_HOME: foreign })).code).toBe(0);
    expect(readdirSync(foreign)).toEqual([]);
  });
});

describe.skipIf(node === undefined)('the launcher on an older Node', () => {
  const older = { node: node ?? '' };

  it('answers --version by itself', async () => {
    expect(await aia(['--version'], older)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('hands over arguments, standard input and output', async () => {
    const run = await aia(['assess', '--dump', '-', '--format', 'json'], { ...older, input: SMALL_DUMP });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'Assessment' });
  });

  it.each([
    [1, ['assess', '--example', 'aia-system', '--fail-on', 'critical']],
    [2, ['assess', '--frobnicate']],
    [3, ['assess', '--dump', '/nonexistent/dump']],
  ])('passes exit code %i on', async (code, args) => {
    expect((await aia(args, older)).code).toBe(code);
  });

  /** Waits until the process behind the launcher reads. */
  async function reading() {
    const child = startAia(['assess', '--dump', '-'], older);
    const run = ended(child);
    child.stdin.on('error', () => {});
    const piece = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n'.repeat(50_000);
    await new Promise((resolve) => child.stdin.write(piece, resolve));
    return { child, run };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('passes %s on, once and twice, and ends with 130', async (signal) => {
    for (const times of [1, 2]) {
      const { child, run } = await reading();
      for (let i = 0; i < times; i++) child.kill(signal);
      expect(await run).toMatchObject({ code: 130, signal: null, stderr: 'aia: cancelled\n' });
    }
  });

  it('dies of the signal that its child dies of', async () => {
    const { child, run } = await reading();
    child.kill('SIGHUP');
    expect(await run).toMatchObject({ code: null, signal: 'SIGHUP' });
  });

  it('says in one line that no newer Node came along', async () => {
    const run = await aia(['assess'], { ...older, bin: alone() });
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toMatch(/^aia needs Node 24 or newer; this is v\d+.*Install Node 24.*\n$/);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('starts from any directory, through a link', async () => {
    const link = join(folder, 'aia');
    symlinkSync(AIA, link);
    expect((await aia(['assess', '--example', 'healthy'], { ...older, bin: link, cwd: folder })).code).toBe(0);
  });
});
