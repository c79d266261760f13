/** Dumps on disk: directories with everything that can stand in one, pipes, archives that are read where they lie. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFile } from './dump-file.ts';
import { list, problemLines, tarOf } from './memory-dump.suite.ts';
import { readDump, readFiles } from './read-dump.ts';
import { zipOf } from './zip.suite.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-dump-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pods = (...names: string[]) =>
  JSON.stringify(list(names.map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } }))));
const put = async (path: string, content: string | Buffer) => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
};
const namesIn = async (path = '.') =>
  (await readDump(join(folder, path))).list('Pod').map(({ metadata }) => metadata.name);

describe('a directory', () => {
  it('is read to its depth, in the order of names', async () => {
    await put('b.json', pods('b'));
    await put('a/deep/er/a.json', pods('a'));
    await put('.git/config.json', pods('git'));
    expect(await namesIn()).toEqual(['a', 'b']);
  });

  it('with links in circles, to outside and to nowhere is read once', async () => {
    await put('inside/a.json', pods('a'));
    await mkdir(join(folder, 'dump'));
    await put('dump/own.json', pods('own'));
    await symlink('.', join(folder, 'dump/circle'));
    await symlink('own.json', join(folder, 'dump/same.json'));
    await symlink('../inside/a.json', join(folder, 'dump/outside.json'));
    await symlink('../inside', join(folder, 'dump/outside'));
    await symlink('nowhere', join(folder, 'dump/nowhere.json'));
    const snapshot = await readDump(join(folder, 'dump'));
    expect(snapshot.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['own']);
    expect(problemLines(snapshot)).toEqual([
      expect.stringMatching(/^nowhere\.json: refused: a link that leads nowhere/),
      'outside: refused: a link to outside the dump',
      'outside.json: refused: a link to outside the dump',
    ]);
  });

  it('is followed when the path given is a link itself', async () => {
    await put('real/a.json', pods('a'));
    await symlink('real', join(folder, 'link'));
    expect(await namesIn('link')).toEqual(['a']);
  });

  it('with what may not be read is read around it', async () => {
    // Made by hand, since the superuser may read everything.
    async function* files() {
      yield memoryFile('a.json', Buffer.from(pods('a')));
      const refused = () => Promise.reject(new Error('EACCES: permission denied, open'));
      yield { ...memoryFile('b.json', Buffer.alloc(0)), bytes: refused };
      yield memoryFile('c.json', Buffer.from(pods('c')));
    }
    const snapshot = await readFiles(files, { source: { kind: 'dump', name: 'test' } });
    expect(snapshot.list('Pod')).toHaveLength(2);
    expect(problemLines(snapshot)).toEqual(['b.json: cannot be read to its end: EACCES: permission denied, open']);
  });

  it('with a pipe in it does not wait for it', async () => {
    await put('a.json', pods('a'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    const snapshot = await readDump(folder);
    expect(problemLines(snapshot)).toEqual(['pipe: refused: neither a file nor a directory']);
  });
});

describe('a path', () => {
  it('may be a pipe', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    const [names] = await Promise.all([namesIn('pipe'), writeFile(join(folder, 'pipe'), pods('piped'))]);
    expect(names).toEqual(['piped']);
  });

  it('may be an archive with a name that says nothing', async () => {
    await put('a', zipOf([{ name: 'x.json', content: Buffer.from(pods('zipped')) }]));
    await put('b', await tarOf({ 'x.json': pods('packed') }));
    expect([await namesIn('a'), await namesIn('b')]).toEqual([['zipped'], ['packed']]);
  });

  it('may be a zip larger than what is held at once', async () => {
    await put(
      'a.zip',
      zipOf([
        { name: 'x.json', content: Buffer.from(pods('x')) },
        { name: 'y.json', content: Buffer.from(pods('y')) },
      ]),
    );
    const { objects } = await readDump(join(folder, 'a.zip'), { limits: { streamBytes: 50 } });
    expect(objects).toHaveLength(2);
  });

  it('that is not there is the caller’s to mend', async () => {
    await expect(readDump(join(folder, 'none'))).rejects.toMatchObject({ code: 'dump-missing' });
  });
});

describe('reading', () => {
  it('ends when it is cancelled', async () => {
    await put('a.json', pods('a'));
    const reason = new Error('enough');
    await expect(readDump(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('tells how far it is', async () => {
    const content = pods('a', 'b');
    await put('a.json', content);
    const told: unknown[] = [];
    await readDump(join(folder, 'a.json'), { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([{ readBytes: content.length, totalBytes: content.length, objects: 0 }]);
  });
});
