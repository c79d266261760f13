/** The formats as a user asks for them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from './formats.ts';
import { aia, SMALL_DUMP } from './run-aia.suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = (...args: readonly string[]) => aia(['assess', '--dump', '-', ...args], { input: SMALL_DUMP });

describe('formats', () => {
  it('writes every format to a file of its own', async () => {
    const out = join(folder, 'all');
    const { code, stdout, stderr } = await small('--format', FORMATS.join(','), '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const starts = {
      'assessment.csv': 'severity,code,',
      'assessment.html': '<!doctype html>',
      'assessment.json': '{\n  "kind": "Assessment"',
      'assessment.junit.xml': '<?xml version="1.0" encoding="UTF-8"?>',
      'assessment.md': '# Assessment',
      'assessment.sarif': '{\n "$schema"',
      'assessment.txt': 'Not production-ready',
    };
    expect(readdirSync(out).sort()).toEqual(Object.keys(starts));
    for (const [file, start] of Object.entries(starts)) {
      expect(readFileSync(join(out, file), 'utf8').startsWith(start), file).toBe(true);
      expect(stderr).toContain(`wrote ${join(out, file)}`);
    }
  });

  it.each(FORMATS)('prints %s alone, and exits as the findings say', async (format) => {
    const plain = await small('--format', format, '--quiet');
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(/\n$/);
    expect(await small('--format', format, '--quiet', '--fail-on', 'high')).toMatchObject({ code: 1 });
  });

  it('fails in JUnit what --fail-on names', async () => {
    const failures = async (...args: readonly string[]) =>
      (await small('--format', 'junit', ...args)).stdout.match(/<failure /g)?.length ?? 0;
    expect(await failures()).toBeGreaterThan(0);
    expect(await failures('--fail-on', 'critical')).toBe(0);
  });

  it('names the formats when one is unknown', async () => {
    const { code, stderr } = await small('--format', 'pdf');
    expect(code).toBe(2);
    for (const format of FORMATS) expect(stderr).toContain(format);
  });
});
