/** The command line as a whole process: options, exit codes, streams. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assessmentSchema } from '@aia/contract';
import { RULES } from '@aia/operations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames } from '../examples.ts';
import { version } from '../version.ts';
import { AIA, aia, ended, SMALL_DUMP, startAia } from './run-aia.suite.ts';

let folder: string;
let dump: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-cli-'));
  dump = join(folder, 'dump.json');
  writeFileSync(dump, SMALL_DUMP);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = (...args: readonly string[]) => aia(['assess', '--dump', dump, ...args]);

describe('aia', () => {
  it.each(['--version', '-V'])('%s prints the version alone', async (flag) => {
    expect(await aia([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says what it can do', async () => {
    const help = await aia(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['assess', 'collect', 'simulate', 'completion']) expect(help.stdout).toContain(command);
    for (const code of [0, 1, 2, 3, 130]) expect(help.stdout).toMatch(new RegExp(`^ {2}${code} {2}\\S`, 'm'));
    expect((await aia(['assess', '--help'])).stdout).toContain('--probe');
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['asess']],
    ['an unknown option', ['assess', '--frobnicate']],
    ['a value out of the list', ['assess', '--fail-on', 'bad']],
    ['a missing value', ['assess', '--dump']],
    ['an unknown format', ['assess', '--example', 'healthy', '--format', 'xml']],
    ['a surplus argument', ['assess', 'cluster']],
    ['an empty namespace', ['assess', '--example', 'healthy', '-n', ',']],
    ['an impossible endpoint', ['assess', '--example', 'healthy', '--probe', 'a b']],
    ['a port out of bounds', ['assess', '--example', 'healthy', '--probe', 'a.example:70000']],
    ['two sources', ['assess', '--example', 'healthy', '--dump', 'x']],
    ['a dump and a kubeconfig', ['assess', '--dump', 'x', '--kubeconfig', 'y']],
    ['an empty path', ['assess', '--dump', '']],
    ['several formats without a directory', ['assess', '--example', 'healthy', '--format', 'json,md']],
    ['Prometheus for a dump', ['assess', '--example', 'healthy', '--prometheus', 'http://127.0.0.1:9']],
    ['keys of Secrets for a dump', ['assess', '--example', 'healthy', '--include-secret-keys']],
    ['a token without its server', ['assess', '--prometheus-token-file', 'x']],
    [
      'a token file that is not there',
      ['assess', '--prometheus', 'http://127.0.0.1:9', '--prometheus-token-file', '/nonexistent'],
    ],
    ['a namespace that cannot be one', ['assess', '-n', 'A_B']],
    ['an address that is none', ['assess', '--prometheus', 'nowhere']],
    ['collect without a file', ['collect']],
    ['collect with an impossible namespace', ['collect', '--out', 'x.tar.gz', '-n', 'A_B']],
    ['an unknown shell', ['completion', 'tcsh']],
  ])('exits with 2 for %s, and says why on standard error only', async (_, args) => {
    const run = await aia(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/\S/);
    expect(run.stderr).not.toContain('    at ');
  });
});

describe('assess', () => {
  it.each(exampleNames())('reads example %s', async (name) => {
    const run = await aia(['assess', '--example', name]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`example ${name}`);
  });

  it('lists the examples when it knows none of that name', async () => {
    const run = await aia(['assess', '--example', 'nope']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    for (const name of exampleNames()) expect(run.stderr).toContain(name);
  });

  it('reads standard input', async () => {
    const run = await aia(['assess', '--dump', '-', '--format', 'json'], { input: SMALL_DUMP });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const assessment = assessmentSchema.parse(JSON.parse(run.stdout));
    expect(assessment.cluster.source).toEqual({ kind: 'dump', name: 'standard input' });
    expect(assessment.findings.map(({ code }) => code)).toContain('container-crash-loop');
  });

  it.each([
    ['never', 0],
    ['critical', 0],
    ['high', 1],
    ['medium', 1],
    ['low', 1],
    ['info', 1],
  ])('--fail-on %s exits with %i when the worst finding is high', async (severity, code) => {
    expect((await small('--fail-on', severity, '--format', 'json')).code).toBe(code);
  });

  it('does not fail a healthy cluster, whatever --fail-on says', async () => {
    expect((await aia(['assess', '--example', 'healthy', '--fail-on', 'info'])).code).toBe(0);
  });

  it('writes several formats to a directory that it makes, and nothing to standard output', async () => {
    const out = join(folder, 'deep/report');
    const run = await small('--format', 'text,json,md', '--out', out);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(readdirSync(out).sort()).toEqual(['assessment.json', 'assessment.md', 'assessment.txt']);
    for (const file of readdirSync(out)) expect(run.stderr).toContain(join(out, file));
    assessmentSchema.parse(JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')));
    expect(await small('--out', out, '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it.each([
    ['a directory that cannot be made', () => ['--dump', dump, '--out', join(dump, 'report')], 'cannot be written'],
    ['a dump that does not exist', () => ['--dump', join(folder, 'nope.json')], 'does not exist'],
    ['a kubeconfig that does not exist', () => ['--kubeconfig', join(folder, 'nope')], 'nope'],
    ['no kubeconfig at all', () => [], 'kubeconfig'],
  ])('exits with 3 for %s', async (_, args, words) => {
    const run = await aia(['assess', ...args()], { env: { HOME: folder } });
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toContain(words);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('exits with 3 for a dump that holds nothing', async () => {
    for (const input of ['', 'hello', '{"a":1}']) {
      const run = await aia(['assess', '--dump', '-'], { input });
      expect(run).toMatchObject({ code: 3, stdout: '' });
      expect(run.stderr).toContain('standard input');
    }
  });

  it('says that a namespace does not exist instead of calling it healthy', async () => {
    const run = await small('-n', 'shpo');
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('Nothing to judge');
    expect(run.stdout).toMatch(/there are shop/);
    expect((await small('-n', 'shop')).code).toBe(0);
    expect((await small('-n', 'shop,shpo', '-n', 'blog')).stdout).toMatch(/namespace:shpo.*namespace:blog/);
  });

  it('prints the stack with AIA_DEBUG=1 only', async () => {
    const args = ['assess', '--dump', join(folder, 'nope.json')];
    expect((await aia(args, { env: { AIA_DEBUG: '1' } })).stderr).toContain('    at ');
    expect((await aia(args)).stderr).not.toContain('    at ');
  });

  it('reports endpoints that cannot be asked, and still assesses', async () => {
    const run = await small('--probe', '127.0.0.1:1', '--format', 'json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const { missing } = assessmentSchema.parse(JSON.parse(run.stdout));
    expect(missing).toContainEqual(
      expect.objectContaining({
        input: 'endpoint:127.0.0.1:1',
        reason: expect.stringContaining('ECONNREFUSED') as string,
      }),
    );
  });
});

describe('a hostile dump', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\r\n\u009b31m';
  const input = SMALL_DUMP.replaceAll('back-off 5m0s', JSON.stringify(evil).slice(1, -1))
    .replaceAll('"web-1"', JSON.stringify(`web-1${evil}`))
    .replaceAll('"shop"', JSON.stringify(`shop${evil}`));

  it.each(['text', 'md'])('cannot steer a terminal through %s', async (format) => {
    const run = await aia(['assess', '--dump', '-', '--format', format], { input });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('web-1');
    expect(run.stdout).not.toMatch(/[^\n\P{C}]/u);
  });

  it('cannot steer one through an error either', async () => {
    const run = await aia(['assess', '--dump', `/nonexistent/${evil}`]);
    expect(run.code).toBe(3);
    expect(run.stderr).not.toMatch(/[^\n\P{C}]/u);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('gives JSON that is JSON and nothing else', async () => {
    const run = await aia(['assess', '--dump', '-', '--format', 'json'], { input });
    expect(assessmentSchema.safeParse(JSON.parse(run.stdout)).error).toBeUndefined();
  });
});

describe('--explain', () => {
  it.each(RULES.slice(0, 3).map((rule) => rule.code))('says what %s means', async (code) => {
    const run = await aia(['assess', '--explain', code]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.startsWith(`${code} (`)).toBe(true);
    expect(run.stdout).toContain('What to do:');
  });

  it.each([
    ['pod-unschedulabel', 'pod-unschedulable'],
    ['oom-killed', 'container-oom-killed'],
    ['crashloop', 'container-crash-loop'],
    ['OOMKilled', 'container-oom-killed'],
    ['CrashLoopBackOff', 'container-crash-loop'],
    ['KubePodCrashLooping', 'container-crash-loop'],
  ])('suggests for %s', async (asked, wanted) => {
    const run = await aia(['assess', '--explain', asked]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(wanted);
  });
});

describe('--explain with a root cause', () => {
  const walk = (asked: string, ...more: readonly string[]) =>
    aia(['assess', '--dump', '-', '--quiet', '--explain', asked, ...more], { input: SMALL_DUMP });

  it('walks from the cause over findings to workloads, with evidence, factors and what to do', async () => {
    const run = await walk('1');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const headings = [
      'Root cause 1',
      'What it rests on',
      'From the cause to what fails',
      '→',
      'because',
      'Why it is so',
    ];
    const places = [...headings, 'prior of this class', 'What to do'].map((words) => run.stdout.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBe(0);
  });

  it('finds it by its id and by a finding that it explains, and gives JSON', async () => {
    const { rootCauses } = JSON.parse(
      (await aia(['assess', '--dump', '-', '--format', 'json'], { input: SMALL_DUMP })).stdout,
    ) as {
      rootCauses: { id: string; explains: string[] }[];
    };
    const [cause] = rootCauses;
    const asJson = async (asked: string) =>
      JSON.parse((await walk(asked, '--format', 'json')).stdout) as { id: string };
    expect(await asJson(cause?.id ?? '')).toEqual(cause);
    expect((await asJson(cause?.explains.at(-1) ?? '')).id).toBe(cause?.id);
  });

  it('says which there are where there is no such cause', async () => {
    const run = await walk('99');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('no root cause 99');
  });

  it('says what a class of causes means', async () => {
    const run = await aia(['assess', '--explain', 'memory-grows']);
    expect(run.stdout).toContain('memory-grows (root cause): ');
  });
});

describe('colours', () => {
  const coloured = async (env: Record<string, string>, ...args: readonly string[]) =>
    (await aia(['assess', '--dump', dump, ...args], { env })).stdout.includes('\u001b[');

  it.each([
    [{}, [], false],
    [{}, ['--color', 'always'], true],
    [{ NO_COLOR: '1' }, ['--color', 'always'], true],
    [{ FORCE_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '0' }, [], false],
    [{ FORCE_COLOR: '1' }, ['--color', 'never'], false],
    [{ FORCE_COLOR: '1' }, ['--format', 'json'], false],
    [{ FORCE_COLOR: '1' }, ['--format', 'md'], false],
  ])('with %j and %j: %s', async (env, args, expected) => {
    expect(await coloured(env, ...args)).toBe(expected);
  });

  it('COLUMNS sets the width of what goes to a pipe', async () => {
    const run = await aia(['assess', '--dump', dump], { env: { COLUMNS: '60' } });
    expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

describe('streams', () => {
  it('ends quietly when nobody reads on, with the exit code of the work', async () => {
    const child = startAia(['assess', '--example', 'aia-system', '--format', 'json', '--fail-on', 'high']);
    child.stdin.end();
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended(child)).toMatchObject({ stderr: '', code: 1 });
  });

  it('says that standard output cannot be written', () => {
    const run = spawnSync('sh', ['-c', `"$0" "$@" > /dev/full`, process.execPath, AIA, 'assess', '--dump', dump], {
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 3 });
    expect(run.stderr).toMatch(/^aia: standard output cannot be written.*\n$/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('exits with 130 on %s while it waits for input', async (signal) => {
    const child = startAia(['assess', '--dump', '-']);
    const run = ended(child);
    // What it has read of a first, large piece proves that it is listening.
    child.stdin.on('error', () => {});
    const piece = `${'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n'.repeat(50_000)}`;
    await new Promise((resolve) => child.stdin.write(piece, resolve));
    child.kill(signal);
    expect(await run).toMatchObject({ code: 130, signal: null, stdout: '', stderr: 'aia: cancelled\n' });
  });
});
