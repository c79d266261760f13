import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makePrivateFile,
  privateFolder,
  readPrivateFile,
  requirePrivateFile,
  requirePrivateFolder,
  writePrivateFile,
} from './private-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-private-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (...names: readonly string[]) => join(folder, ...names);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const thrown = (code: string, words = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(words) as string }) as Error;

describe('a private folder', () => {
  it('is made with those above it for its owner alone, whatever the umask', () => {
    const before = process.umask(0);
    try {
      privateFolder(inFolder('a/b/c'));
    } finally {
      process.umask(before);
    }
    expect(['a', 'a/b', 'a/b/c'].map((path) => mode(inFolder(path)))).toEqual(['700', '700', '700']);
    privateFolder(inFolder('a/b/c'));
  });

  it.each([0o701, 0o710, 0o750, 0o777])('is none with mode %o', (bits) => {
    mkdirSync(inFolder('home'));
    chmodSync(inFolder('home'), bits);
    expect(() => privateFolder(inFolder('home'))).toThrow(thrown('file-exposed', `chmod go= ${inFolder('home')}`));
  });

  it('is none where others could put another one in its place', () => {
    privateFolder(inFolder('above/home'));
    for (const bits of [0o777, 0o703]) {
      chmodSync(inFolder('above'), bits);
      expect(() => requirePrivateFolder(inFolder('above/home'))).toThrow(
        thrown('file-exposed', `chmod go-w ${inFolder('above')}`),
      );
    }
    // As /tmp is: everybody makes names there, and nobody changes those of others.
    chmodSync(inFolder('above'), 0o1777);
    requirePrivateFolder(inFolder('above/home'));
  });

  it('may lie where the group of this process changes it, as on a mounted volume, and no other group', () => {
    privateFolder(inFolder('volume/home'));
    chmodSync(inFolder('volume'), 0o770);
    requirePrivateFolder(inFolder('volume/home'));
    vi.spyOn(process, 'getegid').mockReturnValue(4242);
    vi.spyOn(process, 'getgroups').mockReturnValue([4243]);
    expect(() => requirePrivateFolder(inFolder('volume/home'))).toThrow(thrown('file-exposed', inFolder('volume')));
  });

  it('is none of another user, nor below one, and may be of the super-user', () => {
    privateFolder(inFolder('above/home'));
    const isRoot = process.geteuid?.() === 0;
    const user = vi.spyOn(process, 'geteuid');
    if (isRoot) user.mockReturnValue(4242);
    requirePrivateFolder(isRoot ? inFolder('above/home') : folder);
    for (const other of ['above', 'above/home']) {
      if (isRoot) chownSync(inFolder(other), 4243, 4243);
      else user.mockReturnValue(4242);
      expect(() => requirePrivateFolder(inFolder('above/home'))).toThrow(thrown('file-exposed', 'another user'));
      if (isRoot) chownSync(inFolder(other), 0, 0);
    }
  });

  it('is none through a link that lies where others change it, nor in such a place behind a link', () => {
    for (const name of ['open', 'closed']) privateFolder(inFolder(name));
    privateFolder(inFolder('open/home'));
    privateFolder(inFolder('closed/home'));
    symlinkSync(inFolder('closed/home'), inFolder('open/link'));
    symlinkSync(inFolder('open/home'), inFolder('closed/link'));
    chmodSync(inFolder('open'), 0o777);
    for (const path of ['open/link', 'closed/link'])
      expect(() => requirePrivateFolder(inFolder(path))).toThrow(thrown('file-exposed', inFolder('open')));
    requirePrivateFolder(inFolder('closed/home'));
  });

  it('is no file, and not what cannot be made', () => {
    writeFileSync(inFolder('file'), '');
    expect(() => privateFolder(inFolder('file'))).toThrow(thrown('input-unreadable', 'no folder'));
    expect(() => privateFolder(inFolder('file/home'))).toThrow(thrown('output-failed', inFolder('file/home')));
    expect(() => privateFolder('/proc/aia-home/x')).toThrow(thrown('output-failed', '/proc/aia-home/x'));
    symlinkSync(inFolder('nowhere'), inFolder('dangling'));
    expect(() => privateFolder(inFolder('dangling'))).toThrow(thrown('input-unreadable'));
  });
});

describe('a private file', () => {
  it('is made empty for its owner alone, and left alone where it is', () => {
    const path = inFolder('file');
    const before = process.umask(0);
    try {
      makePrivateFile(path);
    } finally {
      process.umask(before);
    }
    expect(mode(path)).toBe('600');
    writeFileSync(path, 'content');
    makePrivateFile(path);
    expect(statSync(path).size).toBe(7);
    requirePrivateFile(path);
    requirePrivateFile(inFolder('missing'));
  });

  it('is none that is open to others, a link, a folder, or known by a second name', () => {
    const path = inFolder('file');
    makePrivateFile(path);
    chmodSync(path, 0o640);
    expect(() => requirePrivateFile(path)).toThrow(thrown('file-exposed', 'mode 640'));
    chmodSync(path, 0o600);
    symlinkSync(path, inFolder('link'));
    expect(() => requirePrivateFile(inFolder('link'))).toThrow(thrown('input-unreadable', 'no regular file'));
    expect(() => requirePrivateFile(folder)).toThrow(thrown('input-unreadable', 'no regular file'));
    linkSync(path, inFolder('second'));
    expect(() => requirePrivateFile(path)).toThrow(thrown('input-unreadable', 'second name'));
  });

  it('is written whole, in place of what is there, and leaves no other', () => {
    const path = inFolder('file');
    for (const text of ['one', 'another']) {
      writePrivateFile(path, Buffer.from(text));
      expect([readPrivateFile(path, { mostBytes: 9, forbidden: 0o077 })?.toString(), mode(path)]).toEqual([
        text,
        '600',
      ]);
    }
    mkdirSync(inFolder('folder'));
    expect(() => writePrivateFile(inFolder('folder'), Buffer.from(''))).toThrow(thrown('output-failed'));
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder']);
  });

  it('is read as far as it may be', () => {
    const path = inFolder('file');
    expect(readPrivateFile(path, { mostBytes: 9, forbidden: 0o077 })).toBeUndefined();
    writePrivateFile(path, Buffer.from('ten bytes.'));
    expect(() => readPrivateFile(path, { mostBytes: 9, forbidden: 0o077 })).toThrow(
      thrown('input-unreadable', '10 bytes'),
    );
    expect(() => readPrivateFile(folder, { mostBytes: 9, forbidden: 0o077 })).toThrow(
      thrown('input-unreadable', 'no regular file'),
    );
    chmodSync(path, 0o604);
    expect(() => readPrivateFile(path, { mostBytes: 99, forbidden: 0o077 })).toThrow(
      thrown('file-exposed', 'mode 604'),
    );
    expect(existsSync(path)).toBe(true);
  });
});
