import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleNames } from '@aia/host';
import { describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, 'embed-examples.ts');
const embed = (...args: readonly string[]) => spawnSync(process.execPath, ['--no-warnings', script, ...args]).status;

describe('embed-examples', () => {
  it('puts every example into the package that npm packs, and takes it away again', () => {
    const target = join(mkdtempSync(join(tmpdir(), 'aia-embed-')), 'examples');
    expect(embed(target)).toBe(0);
    expect(readdirSync(target).sort()).toEqual(exampleNames());
    for (const name of exampleNames()) expect(existsSync(join(target, name, 'dump', 'pods.json'))).toBe(true);
    expect(embed(target, '--remove')).toBe(0);
    expect(existsSync(target)).toBe(false);
    rmSync(join(target, '..'), { recursive: true });
  });

  it('needs a folder', () => {
    expect(embed()).not.toBe(0);
  });

  it('runs when the host is packed', () => {
    const host = join(import.meta.dirname, '../packages/host/package.json');
    const { files, scripts } = JSON.parse(readFileSync(host, 'utf8')) as {
      readonly files: readonly string[];
      readonly scripts: Readonly<Record<string, string>>;
    };
    expect(files).toContain('examples');
    expect(scripts['prepack']).toContain('embed-examples.ts examples');
    expect(scripts['postpack']).toContain('embed-examples.ts examples --remove');
  });
});
