import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulationRunSchema } from '@aia/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aia } from './run-aia.suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => aia(['simulate', 'run', ...args]);
const SMALL = ['--context', 'nodes=3,namespaces=2,exposure=0,noise=0', '--seed', 'x', '--for', '5m'];

describe('aia simulate run', () => {
  it('tells the cluster, the truth, what is told, what works and what the diagnosis says', async () => {
    const { code, stdout, stderr } = await run(...SMALL, '--faults', 'image-missing');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\d+ namespaces, \d+ workloads, \d+ pods/);
    expect(stdout).toMatch(/truth +image-unavailable at Deployment /);
    expect(stdout).toMatch(/\+\d+s +Deployment .*: Failed/);
    expect(stdout).toMatch(/100 % before, \d+(\.\d)? % at the end/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/1\. Image .* = image-missing/);
  });

  it('writes JSON as the contract has it, the same for the same seed', async () => {
    const args = [...SMALL, '--faults', 'image-missing', '--format', 'json'];
    const [first, second] = await Promise.all([run(...args), run(...args)]);
    expect(second.stdout).toBe(first.stdout);
    const report = simulationRunSchema.parse(JSON.parse(first.stdout));
    expect(report).toMatchObject({
      seed: 'x',
      split: 'training',
      context: { nodes: 3, namespaces: 2 },
      faults: [{ kind: 'image-missing', classes: ['image-unavailable'], foundAt: 1 }],
      health: { before: { share: 1, shortfalls: [] } },
    });
    expect(report.health.after.share).toBeLessThan(1);
  });

  it('draws a held-out cluster for a held-out context', async () => {
    const { stdout } = await run('--context', 'held-out', '--seed', '3', '--for', '1m', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ split: 'held-out' });
  });

  it('finds a truth whose class is a family of causes', async () => {
    const { stdout } = await run(
      '--context',
      'exposure=0.3',
      '--seed',
      'x',
      '--faults',
      'load-balancer-permission-missing',
      '--format',
      'json',
    );
    const { faults, causes } = simulationRunSchema.parse(JSON.parse(stdout));
    expect(faults).toMatchObject([{ classes: ['load-balancer-*'], foundAt: 1 }]);
    expect(causes[0]).toMatchObject({ class: 'load-balancer-permission', fault: 'load-balancer-permission-missing' });
  });

  it('reads a context from a file', async () => {
    const path = join(folder, 'context.json');
    writeFileSync(path, '{ "nodes": 4, "namespaces": 1, "fault_count": 0, "exposure": 0 }');
    const { code, stdout } = await run('--context', path, '--for', '1m', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ context: { nodes: 4 }, faults: [], health: { after: { share: 1 } } });
  });

  it.each([
    [['--context', 'nodes=2'], 'nodes: 2 is not a whole number from 3 to 1000'],
    [['--context', 'size=2'], 'there is no dimension "size"'],
    [['--context', 'trainin'], 'context "trainin": neither a file'],
    [['--context', 'nodes=4', '--faults', 'imag-missing'], 'no fault "imag-missing"; did you mean image-missing'],
    [['--for', 'long'], '"long" is not a duration'],
  ])('refuses %j as a mistake of the caller', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
