/** Runs the installed command line as a process, as a user does. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The launchers. */
export const BIN = join(import.meta.dirname, '../../bin');
export const AIA = join(BIN, 'aia.js');

/** What a run left behind. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Variables set, or with `undefined` taken away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Buffer;
  readonly cwd?: string;
  /** Default: this Node. */
  readonly node?: string;
  readonly bin?: string;
}

/** Variables of the machine that would colour or place the output. */
const NEUTRAL = {
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  COLUMNS: undefined,
  AIA_DEBUG: undefined,
  KUBECONFIG: '/nonexistent',
};

function environment(env: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...NEUTRAL, ...env } as NodeJS.ProcessEnv;
}

/** Starts it and leaves it running. */
export function startAia(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(options.node ?? process.execPath, [options.bin ?? AIA, ...args], {
    env: environment(options.env),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
}

/** Runs it to the end. */
export function aia(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = startAia(args, options);
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return ended(child);
}

/** Collects what a process writes until it ends. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...written }));
  });
}

/** A Node on the PATH that is too old for AIA itself, where the machine has one. */
export function olderNode(): string | undefined {
  const places = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return [...places, '/usr/bin', '/usr/local/bin']
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => major(path) >= 18 && major(path) < 24);
}

function major(node: string): number {
  return Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? 0);
}

/** A small dump: one crash-looping pod, as a List. */
export const SMALL_DUMP = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1', namespace: 'shop', uid: 'web-1', creationTimestamp: '2025-09-20T12:00:00Z' },
      spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'registry.example/web:1' }] },
      status: {
        phase: 'Running',
        startTime: '2025-09-20T12:00:00Z',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2025-09-27T12:00:00Z' }],
        containerStatuses: [
          {
            name: 'web',
            ready: false,
            restartCount: 40,
            state: {
              waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=web' },
            },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2025-09-27T11:59:00Z' } },
          },
        ],
      },
    },
  ],
});
