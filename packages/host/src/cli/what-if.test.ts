import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whatIfSchema } from '@aia/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aia, SMALL_DUMP } from './run-aia.suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-what-if-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whatIf = (...args: readonly string[]) => aia(['simulate', 'what-if', ...args]);
const onExample = (...args: readonly string[]) => whatIf('--example', 'aia-system', ...args);

describe('aia simulate what-if', () => {
  it('tells what changes, what happens when, and what is otherwise than without it', async () => {
    const run = await onExample('--set', 'requests.aia-system/aia-comprehensive-api.cpu=50m');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('requests of cpu comprehensive-api 1 → 50m');
    expect(run.stdout).toMatch(/\+\d+s +Deployment aia-system\/aia-comprehensive-api: 5 pods are ready/);
    expect(run.stdout).toContain('Deployment aia-system/aia-comprehensive-api: 0/5 → 5/5');
    expect(run.stdout).toMatch(/estimated cost +(\d+ USD\/month) +\1\n/);
  });

  it('writes JSON as the contract has it, the same for the same seed', async () => {
    const args = ['--set', 'drain.gke-aia-production-default-pool-7f3c2a91-8k2p', '--for', '10m', '-f', 'json'];
    const [first, second] = await Promise.all([onExample(...args), onExample(...args)]);
    expect(second.stdout).toBe(first.stdout);
    const report = whatIfSchema.parse(JSON.parse(first.stdout));
    expect(report).toMatchObject({ kind: 'WhatIf', forMs: 600_000, after: { nodes: { cordoned: 1 } } });
    expect(report.before.cost?.monthly).toBeCloseTo((report.before.cost?.hourly ?? 0) * 730, 6);
    expect(report.causes.new.map((cause) => cause.class)).toContain('node-cordoned');
  });

  it('reads a dump from standard input, applies manifests and writes to a file', async () => {
    const manifest = join(folder, 'map.yaml');
    const output = join(folder, 'report.txt');
    const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { a: b }\n';
    writeFileSync(manifest, `${object}---\n${object.replace('settings', 'others')}`);
    const args = ['simulate', 'what-if', '--dump', '-', '--apply', manifest, '-o', output];
    const run = await aia(args, { input: SMALL_DUMP });
    expect(run).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(output, 'utf8');
    expect(text).toContain('ConfigMap shop/others: made');
    // Outside of a cloud there are no prices.
    expect(text).not.toContain('cost');
  });

  it('exits with 1 where the cluster refuses a change, in its words', async () => {
    const manifest = join(folder, 'wrong.yaml');
    writeFileSync(
      manifest,
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { ports: [] }\n',
    );
    const run = await aia(['simulate', 'what-if', '--dump', '-', '--apply', manifest], { input: SMALL_DUMP });
    expect(run.code).toBe(1);
    expect(run.stdout.replace(/\s+/g, ' ')).toContain(
      'the cluster refuses it: Service "web" is invalid: spec.ports: Required value',
    );
  });

  it.each([
    [['--set', 'qota.CPUS=8'], 'there is no change "qota"; did you mean quota?'],
    [['--set', 'quota.CPU=8'], 'there is no quota "CPU"; did you mean CPUS'],
    [['--set', 'replicas.aia-system/aia-frontent=1'], 'did you mean aia-system/aia-frontend'],
    [['--set', 'drain.n'], 'there is no node "n"; there are gke-aia-production'],
    [[], 'nothing is to be changed: give --set CHANGE or --apply FILE'],
    [['--set', 'quota.CPUS=+8', '--for', 'soon'], 'is not a duration such as 90s, 10m or 1h30m'],
    [['--set', 'quota.CPUS=+8', '--context', 'x'], 'give one of --dump, --example'],
  ])('says what is wrong with %j', async (args, message) => {
    const run = await onExample(...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
