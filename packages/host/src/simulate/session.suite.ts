/** A simulated cluster on loopback with kubectl in front of it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMINISTRATOR, createHandler, SimulatedCluster, type SimulationOptions } from '@aia/cluster';
import { serve } from './serve.ts';
import { runAtWallSpeed } from './wall-time.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

/** What a command left. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A cluster that runs, and kubectl that speaks to it. */
export interface Session {
  readonly cluster: SimulatedCluster;
  readonly kubeconfig: string;
  /** Defects of parts of the cluster. */
  readonly failures: readonly unknown[];
  /** Arguments in one line, apart by spaces. */
  kubectl(line: string, options?: RunOptions): Promise<Outcome>;
  /** {@link kubectl} that must succeed; what it printed. */
  run(line: string, options?: RunOptions): Promise<string>;
  /** Path of a file with this content. */
  file(name: string, content: string): string;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Arguments that hold spaces, after those of the line. */
  readonly more?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const TOKEN = 'a-token-for-tests';
/** So that nobody waits for images and grace periods. */
const SPEED = 30;

/** Three nodes; `kubectl` is the path of the program. */
export async function startSession(
  kubectl: string,
  options: SimulationOptions & { readonly nodes?: number } = {},
): Promise<Session> {
  const { nodes = 3, ...rest } = options;
  const cluster = new SimulatedCluster({ startAt: Math.floor(Date.now() / 1000) * 1000, ...rest });
  for (let number = 1; number <= nodes; number++) cluster.kubelets.addNode({ name: `node-${number}` });
  const handle = createHandler(cluster, { tokens: new Map([[TOKEN, ADMINISTRATOR]]) });
  const failures: unknown[] = [];
  const time = runAtWallSpeed(cluster.clock, SPEED, (error) => failures.push(error));
  const server = await serve(handle, { beforeRequest: time.catchUp });
  const folder = mkdtempSync(join(tmpdir(), 'aia-session-'));
  const { path } = writeKubeconfig({ ...server, token: TOKEN }, { path: join(folder, 'kubeconfig') });
  const run = (line: string, more: RunOptions = {}) => ended(kubectl, path, folder, line, more);
  return {
    cluster,
    kubeconfig: path,
    failures,
    kubectl: run,
    run: async (line, more) => {
      const { code, stdout, stderr } = await run(line, more);
      if (code !== 0) throw new Error(`kubectl ${line} exited with ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    file: (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    close: async () => {
      time.stop();
      cluster.stop();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ended(
  kubectl: string,
  kubeconfig: string,
  home: string,
  line: string,
  { more = [], input = '', env = {} }: RunOptions,
): Promise<Outcome> {
  const args = [...line.split(' ').filter((part) => part !== ''), ...more];
  const child = spawn(kubectl, args, {
    env: { PATH: '/usr/bin:/bin', HOME: home, KUBECONFIG: kubeconfig, NO_COLOR: '1', TZ: 'UTC', ...env },
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...written }));
  });
}

/** A Deployment with one container. */
export function deployment(name: string, image: string, replicas = 2): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: ${image}
          ports: [{ name: http, containerPort: 8080 }]
          resources: { requests: { cpu: 100m, memory: 64Mi } }
`;
}
