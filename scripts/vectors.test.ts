import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const VECTORS = new URL('../packages/identity/vectors', import.meta.url).pathname;
const SCRIPT = new URL('vectors.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'vectors-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', '--no-warnings', SCRIPT, ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const rfc8032 = readFileSync(join(VECTORS, 'ed25519/rfc8032.json'), 'utf8');

describe('npm run vectors', () => {
  it('says what passed, by file, group and provider, and exits with 0', () => {
    const { status, stdout } = run(join(VECTORS, 'ed25519'), join(VECTORS, 'xwing/test-vectors.json'));
    expect(status).toBe(0);
    expect(stdout).toContain('rfc8032.json (RFC 8032): 10 passed, 0 failed');
    expect(stdout).toContain('X-Wing [node]: 3 passed, 0 failed');
    expect(stdout).toContain('X-Wing [noble]: 3 passed, 0 failed');
    expect(stdout).toContain('16 passed, 0 failed, 0 files that no format fits');
  });

  it('exits with 1 where a case fails, and names it with the reason', () => {
    const wrong = written('wrong.json', rfc8032.replace('e5564300', 'e5564301'));
    const { status, stdout } = run(wrong);
    expect(status).toBe(1);
    expect(stdout).toContain('FAILED wrong.json RFC 8032 case 1 on node: signature');
  });

  it('exits with 2 for a file that no format fits, whatever the others say, and for a wrong call', () => {
    const strange = written('strange.json', '{"what":"ever"}');
    const { status, stdout } = run(join(VECTORS, 'ed25519'), strange);
    expect(status).toBe(2);
    expect(stdout).toContain('strange.json: no format fits');
    expect(stdout).toContain('known shapes: ACVP, Wycheproof');
    expect(run().status).toBe(2);
    expect(run(mkdtempSync(join(folder, 'empty-'))).status).toBe(2);
    expect(run(join(folder, 'missing.json'))).toMatchObject({ status: 2, stdout: '' });
    const { status: wrong, stderr } = run('--jsonn', strange);
    expect([wrong, stderr]).toEqual([2, expect.stringContaining("Unknown option '--jsonn'")]);
  });

  it('says what it knows', () => {
    for (const word of ['--help', '-h'])
      expect(run(word)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('Shapes that are known: ACVP') as string,
      });
  });

  it('notes what a log says alone, which is neither passed nor failed', () => {
    const alone = written('did.jsonl', readFileSync(join(VECTORS, 'webvh/portable/java/did.jsonl'), 'utf8'));
    const { status, stdout } = run(alone);
    expect(status).toBe(0);
    expect(stdout).toContain(
      'resolution [node]: 0 passed, 0 failed, 1 noted, of which the file does not say what must hold',
    );
    expect(stdout).toContain('example.com resolves to version 1-Qm');
    expect(stdout).toContain('0 passed, 0 failed, 0 files');
  });

  it('writes JSON, and reads packed files', () => {
    const packed = written('rfc8032.json.gz', gzipSync(rfc8032));
    const { status, stdout } = run(packed, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 10,
      failed: 0,
      unknown: [],
      files: [
        {
          format: 'RFC 8032',
          groups: [
            { subject: 'node', passed: 5 },
            { subject: 'noble', passed: 5 },
          ],
        },
      ],
    });
  });

  it('fails what cannot be read, and goes on', () => {
    const broken = written('broken.json.gz', 'not packed');
    const { status, stdout } = run(broken, join(VECTORS, 'ed25519'));
    expect(status).toBe(1);
    expect(stdout).toContain('FAILED broken.json.gz file case reading on node: incorrect header check');
    expect(stdout).toContain('10 passed, 2 failed');
  });

  it('judges what completes another file with that, and once', () => {
    const acvp = join(VECTORS, 'acvp/ML-DSA-sigGen-FIPS204');
    const { status, stdout } = run(join(acvp, 'expectedResults.json'), join(acvp, 'prompt.json'), '--json');
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { files: unknown[] }).files).toHaveLength(1);
  });
});
