/** `aia plan` as a process: options, exit codes, files, and that what it writes is taken by the programs it is for. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strategySchema } from '@aia/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../debian-program.suite.ts';
import { aia, ended, SMALL_DUMP, startAia, type Run } from './run-aia.suite.ts';

const run = promisify(execFile);

let folder: string;
let dump: string;
let out: string;
let incident: Run;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-plan-'));
  dump = join(folder, 'dump.json');
  out = join(folder, 'strategy');
  writeFileSync(dump, SMALL_DUMP);
  incident = await aia(['plan', '--example', 'aia-system', '--format', 'text,md,json', '--out', out]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const strategyIn = (path: string) => strategySchema.parse(JSON.parse(readFileSync(path, 'utf8')));

describe('plan', () => {
  it.each([
    ['several formats without a directory', ['--example', 'healthy', '--format', 'json,md']],
    ['a format that is none', ['--example', 'healthy', '--format', 'docx']],
    ['two sources', ['--example', 'healthy', '--dump', 'x']],
    ['an empty directory', ['--example', 'healthy', '--out', '']],
    ['PDF without a directory', ['--example', 'healthy', '--format', 'pdf']],
    ['an unknown example', ['--example', 'nope']],
  ])('exits with 2 for %s', async (_, args) => {
    const { code, stdout, stderr } = await aia(['plan', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/\S/);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['a policy that is not there', ['--policy', '/nonexistent'], 3],
    ['a strategy that is not there', ['--diff', '/nonexistent'], 3],
    ['a dump that is not there', [], 3],
  ])('exits with 3 for %s', async (_, args, code) => {
    expect((await aia(['plan', '--dump', join(folder, 'nope.json'), ...args])).code).toBe(code);
  });

  it('takes no file for a strategy that is none', async () => {
    const { code, stderr } = await aia(['plan', '--dump', dump, '--diff', dump]);
    expect(code).toBe(2);
    expect(stderr).toContain('is no strategy');
  });

  it('does nothing to a healthy cluster, and says so', async () => {
    const { code, stdout } = await aia(['plan', '--example', 'healthy']);
    expect(code).toBe(0);
    expect(stdout).toContain('No action is proposed.');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s while it plans', async (signal) => {
    const target = join(folder, signal);
    const child = startAia(['plan', '--example', 'aia-system', '--out', target]);
    while (!existsSync(target)) await new Promise(setImmediate);
    const run = ended(child);
    child.kill(signal);
    const { code, signal: by } = await run;
    expect([130, signal]).toContain(code ?? by);
    expect(readdirSync(target)).toEqual([]);
  });

  it('replaces overlays of an earlier plan, and nothing of anybody else', async () => {
    const own = join(folder, 'overlays');
    const foreign = join(folder, 'foreign');
    const plan = (gitops: string) => aia(['plan', '--dump', dump, '--gitops', gitops, '--quiet']);
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'README.md'), 'mine');
    const refused = await plan(foreign);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('README.md');
    expect(readFileSync(join(foreign, 'README.md'), 'utf8')).toBe('mine');
    await plan(own);
    const first = readdirSync(own);
    mkdirSync(join(own, 'phase-9-of-another-plan'));
    writeFileSync(join(own, 'notes.txt'), 'mine');
    expect((await plan(own)).code).not.toBe(2);
    expect(readdirSync(own).sort()).toEqual([...first, 'notes.txt'].sort());
  });

  it('writes one format to standard output, by the schema', async () => {
    const { code, stdout, stderr } = await aia(['plan', '--dump', dump, '--format', 'json']);
    expect([0, 1, 3]).toContain(code);
    expect(stderr).toBe('');
    const strategy = strategySchema.parse(JSON.parse(stdout));
    const isOpen =
      strategy.plan.goals.some(({ isMust, state }) => isMust && (state === 'open' || state === 'partly')) ||
      (strategy.rehearsal?.remaining.length ?? 0) > 0;
    const expected = { plan: isOpen ? 1 : 0, 'nothing-to-do': isOpen ? 1 : 0, refused: 1, 'not-enough-known': 3 };
    expect(code).toBe(expected[strategy.plan.outcome]);
  });

  it('writes documents and files to a directory, and to standard output the first screen and one line of what it wrote', () => {
    const lines = incident.stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(80);
    expect(readFileSync(join(out, 'strategy.txt'), 'utf8').split('\n')[0]).toBe(lines[0]);
    for (const name of ['strategy.txt', 'strategy.md', 'strategy.json']) {
      expect(lines.at(-1)).toContain(join(out, name));
      expect(existsSync(join(out, name))).toBe(true);
    }
    expect(incident.stderr).toBe('');
  });

  it('says nothing of it when it is to be quiet', async () => {
    const quiet = await aia(['plan', '--dump', dump, '--quiet', '--format', 'md', '--out', join(folder, 'quiet')]);
    expect([quiet.stdout, quiet.stderr]).toEqual(['', '']);
  });

  it('puts every file that a command names where the command finds it', () => {
    const { plan } = strategyIn(join(out, 'strategy.json'));
    const named = plan.phases.flatMap(({ number, actions }) =>
      actions.flatMap(({ steps }) =>
        steps.flatMap(({ file, manifest }) => (file === undefined ? [] : [{ number, file, manifest }])),
      ),
    );
    expect(plan.phases.length).toBeGreaterThan(0);
    for (const { number, file, manifest } of named)
      expect(readFileSync(join(out, `phase-${number}`, file), 'utf8')).toBe(manifest);
  });

  it('finds no difference to a strategy made a moment ago', async () => {
    const { stdout } = await aia(['plan', '--example', 'aia-system', '-f', 'md', '--diff', join(out, 'strategy.json')]);
    expect(stdout).toContain('## What changed');
    expect(stdout).toContain('Nothing changed.');
  }, 60_000);

  it('writes scripts that a shell can read', async () => {
    const scripts = readdirSync(join(out, 'tests'));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) await run('sh', ['-n', join(out, 'tests', script)]);
  });
});

const hasPrometheus = await hasProgram('prometheus');
const hasAlertmanager = await hasProgram('prometheus-alertmanager');

describe('the monitoring of a strategy', () => {
  it.skipIf(!hasPrometheus)('has rules that Prometheus takes', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', join(out, 'monitoring/alert-rules.yaml')]);
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  it.skipIf(!hasAlertmanager)('has a configuration that Alertmanager takes', async () => {
    const { stdout } = await run('amtool', ['check-config', join(out, 'monitoring/alertmanager.yaml')]);
    expect(stdout).toContain('SUCCESS');
  });
});
