/** Every step of a plan as a person would make it: a shell, the real kubectl, and the twin behind it. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  ADMINISTRATOR,
  createDirectWrites,
  createHandler,
  encodeSnapshot,
  simulate,
  type ClusterSnapshot,
  type KubeObject,
} from '@aia/cluster';
import type { Phase, Step, Strategy } from '@aia/contract';
import { gitOpsFiles, performChange, strategise, strategyFiles } from '@aia/operations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';
import { unpackKubectl } from '../kubectl.suite.ts';
import { serve } from './serve.ts';
import { runAtWallSpeed } from './wall-time.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

const TOKEN = 'a-token-for-tests';
const MINUTE = 60_000;
/** Verbs of kubectl that have no dry run. */
const WITHOUT_DRY_RUN = /^kubectl rollout (?:restart|pause|resume)|--raw/;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-strategy-'));
  mkdirSync(join(folder, 'bin'));
  await unpackKubectl(join(folder, 'bin/kubectl'));
  writeFileSync(join(folder, 'bin/gcloud'), '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n');
  chmodSync(join(folder, 'bin/gcloud'), 0o755);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs lines in bash, in a folder of their own, with nothing but kubectl, gcloud and the system's programs. */
function bash(lines: string, at: string, kubeconfig = '/dev/null'): Promise<Ended> {
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder, KUBECONFIG: kubeconfig, NO_COLOR: '1' };
  const child = spawn('/bin/bash', ['-euo', 'pipefail', '-c', lines], { cwd: at, env });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  child.stdin.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...written }));
  });
}

/** The line with a dry run on the server behind each kubectl in it. */
function dryRun(command: string): string {
  return command
    .split('\n')
    .map((line) => (line.startsWith('kubectl ') && !WITHOUT_DRY_RUN.test(line) ? `${line} --dry-run=server` : line))
    .join('\n');
}

/** The twin of a snapshot on loopback, at rest until somebody moves its clock. */
async function served(snapshot: ClusterSnapshot, at: string) {
  const { cluster } = simulate(snapshot);
  const time = runAtWallSpeed(cluster.clock, 0, (error) => {
    throw error;
  });
  const server = await serve(createHandler(cluster, { tokens: new Map([[TOKEN, ADMINISTRATOR]]) }), {
    beforeRequest: time.catchUp,
  });
  const { path } = writeKubeconfig({ ...server, token: TOKEN }, { path: join(at, 'kubeconfig') });
  const close = async () => {
    time.stop();
    cluster.stop();
    await server.close();
  };
  return { cluster, kubeconfig: path, close };
}

/** Stand-ins for the cloud and for what is outside: quotas as the twin has them, and a way in that answers. */
function writeCloud(
  at: string,
  quotas: readonly { metric: string; region: string; usage: number; limit: number }[],
): void {
  const bin = join(at, 'stand-ins');
  mkdirSync(bin, { recursive: true });
  for (const [region, own] of Map.groupBy(quotas, (quota) => quota.region))
    writeFileSync(
      join(bin, `${region}.csv`),
      own.map(({ metric, usage, limit }) => `${metric},${usage},${limit}\n`).join(''),
    );
  const programs = {
    gcloud: 'case "$2" in regions) cat "$(dirname "$0")/$4.csv" ;; *) cat "$(dirname "$0")/global.csv" ;; esac',
    curl: 'printf 200',
  };
  for (const [program, line] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${line}\n`);
    chmodSync(join(bin, program), 0o755);
  }
}

function stepsOf(phases: readonly Phase[]): readonly (readonly Step[])[] {
  return phases.map(({ actions }) => actions.flatMap(({ steps }) => steps));
}

interface Planned {
  readonly snapshot: ClusterSnapshot;
  readonly plan: Strategy['plan'];
  readonly strategy: Strategy;
}

describe.each(exampleNames())('the strategy for %s', (name) => {
  let planned: Planned;
  beforeAll(async () => {
    const snapshot = await readDump(examplePath(name));
    const strategy = strategise(snapshot, { version: 'test' });
    planned = { snapshot, plan: strategy.plan, strategy };
  }, 240_000);

  it(
    'consists of lines that kubectl and the API server take, in the order of its phases',
    { timeout: 240_000 },
    async () => {
      const { snapshot, plan } = planned;
      const at = join(folder, name);
      mkdirSync(at, { recursive: true });
      const { cluster, kubeconfig, close } = await served(snapshot, at);
      try {
        const writes = createDirectWrites(cluster, 'test');
        for (const steps of stepsOf(plan.phases)) {
          for (const { change, command, file, manifest } of steps) {
            if (file !== undefined) writeFileSync(join(at, file), manifest ?? '');
            const { code, stderr } = await bash(dryRun(command), at, kubeconfig);
            expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
            expect(performChange(cluster, writes, change).outcome).not.toBe('refused');
          }
          cluster.clock.advance(10 * MINUTE);
        }
      } finally {
        await close();
      }
    },
  );

  it(
    'has test scripts that run: they fail before a plan with repairs, and pass once it was carried out',
    { timeout: 240_000 },
    async () => {
      const { snapshot, plan, strategy } = planned;
      const at = join(folder, `${name}-suites`);
      for (const { path, content } of strategyFiles(strategy)) {
        mkdirSync(dirname(join(at, path)), { recursive: true });
        // Nothing moves while a script looks, so that there is nothing to wait for.
        writeFileSync(join(at, path), content.replaceAll('--timeout=10s', '--timeout=1s'));
      }
      const { cluster, kubeconfig, close } = await served(snapshot, at);
      const cloud = () => writeCloud(at, cluster.cloud?.quotas ?? []);
      const run = (script: string) => bash(`PATH="$PWD/stand-ins:$PATH" sh tests/${script} 2>&1`, at, kubeconfig);
      const scripts = ['suite-1.sh', 'suite-2.sh', 'suite-3.sh'].filter((one) => existsSync(join(at, 'tests', one)));
      try {
        cloud();
        const before = await run('suite-1.sh');
        expect(before.stdout).toMatch(/^ok {4}/m);
        expect(/^FAIL/m.test(before.stdout)).toBe(before.code !== 0);
        if (strategy.assessment.cluster.pods.failing > 0) expect(before.code).toBe(1);
        const writes = createDirectWrites(cluster, 'test');
        for (const steps of stepsOf(plan.phases)) {
          for (const { change } of steps) performChange(cluster, writes, change);
          cluster.clock.advance(30 * MINUTE);
        }
        cloud();
        const lines = (await Promise.all(scripts.map(run))).flatMap(({ stdout }) => stdout.trim().split('\n'));
        expect(lines.length).toBeGreaterThan(0);
        if (plan.goals.every(({ state }) => state === 'planned' || state === 'accepted'))
          expect(lines.filter((line) => !line.startsWith('ok    '))).toEqual([]);
        // What a shell says of a script that is wrong begins with none of these.
        for (const line of lines) expect(line).toMatch(/^(?:ok|FAIL) {2}/);
      } finally {
        await close();
      }
    },
  );

  it('is a folder of Kustomize components that build over what the cluster has', { timeout: 240_000 }, async () => {
    const { snapshot, plan } = planned;
    const files = gitOpsFiles({ plan });
    expect(files.length > 0).toBe(plan.phases.length > 0);
    const at = join(folder, `${name}-gitops`);
    const write = (path: string, content: string) => {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), content);
    };
    for (const { path, content } of files) write(path, content);
    const components = files
      .filter(({ path }) => path.endsWith('/kustomization.yaml'))
      .map(({ path }) => dirname(path));
    if (components.length === 0) return;
    const base = manifestsOf(snapshot);
    write('base/all.yaml', base.map((object) => stringify(object)).join('---\n'));
    write('base/kustomization.yaml', stringify({ resources: ['all.yaml'] }));
    write(
      'all/kustomization.yaml',
      stringify({ resources: ['../base'], components: components.map((one) => `../${one}`) }),
    );
    const { code, stderr, stdout } = await bash('kubectl kustomize all', at);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(0);
    for (const { path } of files.filter((one) => one.path.endsWith('cloud.sh')))
      expect(await bash(`bash -n ${path}`, at)).toMatchObject({ code: 0 });
  });
});

/** What somebody keeps in a repository: all that controllers did not make, without what the server adds. */
function manifestsOf(snapshot: ClusterSnapshot): readonly KubeObject[] {
  const made = new Set([
    'Pod',
    'ReplicaSet',
    'Event',
    'Endpoints',
    'EndpointSlice',
    'Node',
    'Lease',
    'ControllerRevision',
    'PodMetrics',
    'NodeMetrics',
  ]);
  const { objects } = encodeSnapshot(snapshot) as unknown as {
    readonly objects: readonly (KubeObject & { status?: unknown })[];
  };
  return objects
    .filter(({ kind }) => !made.has(kind))
    .map(
      ({ status: _, ...object }) =>
        ({
          ...object,
          metadata: {
            name: object.metadata.name,
            namespace: object.metadata.namespace,
            labels: object.metadata.labels,
            annotations: object.metadata.annotations,
          },
        }) as KubeObject,
    );
}
