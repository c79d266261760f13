import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTarget, writeArchive } from './write-archive.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-archive-'));
});
afterEach(() => rm(folder, { recursive: true }));

const FILES = [{ path: 'a.json', text: '{}' }];
const write = (out: string, force = false) => writeArchive(out, FILES, { modifiedAt: 0, force });

describe('checkTarget', () => {
  it('refuses what is there, also a link that leads nowhere', async () => {
    const out = join(folder, 'dump.tar.gz');
    await symlink(join(folder, 'nowhere'), out);
    await expect(checkTarget(out, false)).rejects.toMatchObject({ code: 'output-exists' });
    await expect(checkTarget(out, true)).resolves.toBeUndefined();
  });

  it('says early that there is no folder to write to, or no file to write', async () => {
    const failure = (text: string) => ({ code: 'output-failed', message: expect.stringContaining(text) as string });
    await expect(checkTarget(join(folder, 'no/dump.tar.gz'), false)).rejects.toMatchObject(
      failure(`the folder ${join(folder, 'no')} does not exist`),
    );
    for (const force of [false, true])
      await expect(checkTarget(folder, force)).rejects.toMatchObject(failure('it is a folder'));
    await expect(checkTarget(`${folder}/new/`, false)).rejects.toMatchObject(failure('it is a folder'));
    await writeFile(join(folder, 'file'), '');
    await expect(checkTarget(join(folder, 'file/dump.tar.gz'), false)).rejects.toMatchObject({ code: 'output-failed' });
  });
});

describe('writeArchive', () => {
  it('does not write through a link, neither without nor with force', async () => {
    const victim = join(folder, 'victim');
    const out = join(folder, 'dump.tar.gz');
    await writeFile(victim, 'mine');
    await symlink(victim, out);
    await expect(write(out)).rejects.toMatchObject({ code: 'output-exists' });
    expect(await readlink(out)).toBe(victim);
    await write(out, true);
    expect((await stat(out)).size).toBeGreaterThan(0);
    await expect(readlink(out)).rejects.toMatchObject({ code: 'EINVAL' });
    expect(await readFile(victim, 'utf8')).toBe('mine');
    expect((await readdir(folder)).sort()).toEqual(['dump.tar.gz', 'victim']);
  });

  it('is for its owner only, also over a file that was for all', async () => {
    const out = join(folder, 'dump.tar.gz');
    await writeFile(out, 'old', { mode: 0o666 });
    await write(out, true);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing when the disk is full', async () => {
    const script = `
      import { randomBytes } from 'node:crypto';
      const { writeArchive } = await import(${JSON.stringify(new URL('write-archive.ts', import.meta.url).href)});
      function* files() { for (let i = 0; i < 100; i++) yield { path: 'f' + i, text: randomBytes(50_000).toString('hex') }; }
      const failure = await writeArchive(process.argv[1], files(), { modifiedAt: 0 }).catch((error) => error);
      console.log(JSON.stringify({ code: failure.code, message: failure.message }));`;
    const out = join(folder, 'dump.tar.gz');
    const node = ['--conditions=source', '--no-warnings', '--input-type=module', '-e', script, out];
    // The limit on file sizes fails writes as a full disk does, and needs no rights.
    const limited = ['-c', 'ulimit -f 1000 && exec "$0" "$@"', process.execPath, ...node];
    const { stdout } = await promisify(execFile)('/bin/sh', limited);
    expect(JSON.parse(stdout)).toEqual({
      code: 'output-failed',
      message: expect.stringMatching(/cannot be written: EFBIG/) as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when making a file fails, or the folder goes away', async () => {
    function* failing() {
      yield* FILES;
      throw new Error('cannot be serialised');
    }
    const out = join(folder, 'dump.tar.gz');
    await expect(writeArchive(out, failing(), { modifiedAt: 0 })).rejects.toMatchObject({
      code: 'output-failed',
      message: expect.stringContaining('cannot be serialised') as string,
    });
    expect(await readdir(folder)).toEqual([]);
    await mkdir(join(folder, 'gone'));
    function* removing() {
      yield* FILES;
      // Retried, since the archive may be opened in it meanwhile.
      rmSync(join(folder, 'gone'), { recursive: true, maxRetries: 5, retryDelay: 10 });
    }
    const written = writeArchive(join(folder, 'gone/dump.tar.gz'), removing(), { modifiedAt: 0 });
    await expect(written).rejects.toMatchObject({ code: 'output-failed' });
    expect(await readdir(folder)).toEqual([]);
  });
});
