/** `aia simulate serve`. */
import { randomBytes } from 'node:crypto';
import { ADMINISTRATOR, createHandler, shiftTime, SimulatedCluster, type ClusterSnapshot } from '@aia/cluster';
import { examplePath } from '../../examples.ts';
import { serve } from '../../simulate/serve.ts';
import { runAtWallSpeed } from '../../simulate/wall-time.ts';
import { writeKubeconfig } from '../../simulate/write-kubeconfig.ts';
import { FaultLedger, faultsAnswer } from '@aia/cluster/faults';
import { bringFaults, checkFaults } from '../../simulate/bring-faults.ts';
import { cloudCluster } from '../../simulate/cloud-cluster.ts';
import type { FaultSpec } from '../../simulate/fault-spec.ts';
import { cancellation } from '../cancellation.ts';
import { UsageError } from '../exit.ts';
import { asUsage } from './live-options.ts';

/** Options as the command line gives them. */
export interface SimulateServeArguments {
  readonly example?: string;
  readonly dump?: string;
  readonly now?: boolean;
  readonly nodes?: number;
  readonly cloud?: boolean;
  readonly kubeconfig?: string;
  readonly force?: boolean;
  readonly address: string;
  readonly port: number;
  readonly seed: string;
  readonly speed: number;
  readonly paused?: boolean;
  readonly fault?: readonly FaultSpec[];
  /** Milliseconds. */
  readonly faultAfter?: number;
}

const DEFAULT_NODES = 3;
const SETTLING_MS = 60_000;

/** Serves until it is interrupted. */
export async function runSimulateServe(options: SimulateServeArguments): Promise<void> {
  if (options.example !== undefined && options.dump !== undefined)
    throw new UsageError('give one of --dump and --example');
  if (options.paused === true && options.speed !== 1)
    throw new UsageError('give one of --paused and --speed: time that stands still has no speed');
  refuseBeginnings(options);
  checkFaults(options);
  const cancel = cancellation();
  try {
    const recorded = await snapshotOf(options, cancel.signal);
    const snapshot =
      options.now === true ? recorded && shiftTime(recorded, Date.now() - recorded.observedAt) : recorded;
    const cluster = clusterOf(snapshot, options);
    await serveCluster(cluster, options, cancel.signal);
  } finally {
    cancel.dispose();
  }
}

async function snapshotOf(
  { example, dump }: SimulateServeArguments,
  signal: AbortSignal,
): Promise<ClusterSnapshot | undefined> {
  const path = example === undefined ? dump : asUsage(() => examplePath(example));
  if (path === undefined) return undefined;
  const { createDumpReader } = await import('../../dump/dump-reader.ts');
  const source = example === undefined ? {} : { source: { kind: 'example' as const, name: example } };
  return createDumpReader(path, source).observe(signal);
}

/** What a cluster that is given whole has already. */
function refuseBeginnings({ example, dump, nodes, cloud, fault, faultAfter }: SimulateServeArguments): void {
  const given = example !== undefined ? '--example' : dump !== undefined ? '--dump' : undefined;
  if (given !== undefined && nodes !== undefined)
    throw new UsageError(`give one of ${given} and --nodes: its nodes are those of what it begins as`);
  if (given !== undefined && cloud === true)
    throw new UsageError(`give one of ${given} and --cloud: its cloud is that of what it begins as`);
  if (faultAfter !== undefined && fault === undefined)
    throw new UsageError('--fault-after says when, and --fault what: give both');
}

function clusterOf(snapshot: ClusterSnapshot | undefined, options: SimulateServeArguments): SimulatedCluster {
  const { seed, nodes = DEFAULT_NODES } = options;
  if (snapshot !== undefined) return new SimulatedCluster({ seed, snapshot });
  const cluster = emptyCluster(options.cloud === true, seed, nodes);
  cluster.clock.advance(SETTLING_MS);
  return cluster;
}

/** One that begins so long ago that its nodes have become ready. */
function emptyCluster(isInCloud: boolean, seed: string, nodes: number): SimulatedCluster {
  const startAt = Math.floor(Date.now() / 1000) * 1000 - SETTLING_MS;
  if (isInCloud) return cloudCluster(seed, startAt, nodes);
  const cluster = new SimulatedCluster({ seed, startAt });
  for (let number = 1; number <= nodes; number++) cluster.kubelets.addNode({ name: `node-${number}` });
  return cluster;
}

async function serveCluster(
  cluster: SimulatedCluster,
  options: SimulateServeArguments,
  signal: AbortSignal,
): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  const ledger = new FaultLedger(cluster, options.seed);
  bringFaults(ledger, options);
  const handle = createHandler(cluster, {
    tokens: new Map([[token, ADMINISTRATOR]]),
    tokenKey: randomBytes(32),
    further: [faultsAnswer(ledger)],
  });
  const time = runAtWallSpeed(cluster.clock, options.paused === true ? 0 : options.speed, reportDefect);
  const { address, port } = options;
  try {
    const server = await serve(handle, { address, port, beforeRequest: time.catchUp });
    try {
      const kubeconfig = writeKubeconfig({ ...server, token }, pathOf(options));
      process.stdout.write(usage(cluster, options, server.url, kubeconfig.path));
      await aborted(signal);
      kubeconfig.dispose();
    } finally {
      await server.close();
    }
  } finally {
    time.stop();
    cluster.stop();
  }
}

/** What should not happen, and should not end the cluster either. */
function reportDefect(error: unknown): void {
  const text = error instanceof Error && process.env['AIA_DEBUG'] === '1' ? (error.stack ?? '') : String(error);
  process.stderr.write(`aia: a part of the simulated cluster failed: ${text}\n`);
}

function pathOf({ kubeconfig, force }: SimulateServeArguments) {
  return { ...(kubeconfig !== undefined && { path: kubeconfig }), ...(force !== undefined && { force }) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function usage(cluster: SimulatedCluster, options: SimulateServeArguments, url: string, kubeconfig: string): string {
  const { example, dump, nodes = DEFAULT_NODES, cloud, seed, paused, speed } = options;
  const from = example ?? dump ?? `${nodes} empty nodes${cloud === true ? ' in a cloud' : ''}`;
  const time =
    paused === true
      ? 'time stands still'
      : speed === 1
        ? 'time runs as here'
        : `time runs ${speed} times as fast as here`;
  return `A simulated Kubernetes ${cluster.serverVersion} (${from}, seed ${seed}) listens at ${url}
It is ${new Date(cluster.clock.now).toISOString()} there, and ${time}.
${idleNote(cluster)}
  export KUBECONFIG=${shellWord(kubeconfig)}
  kubectl get pods --all-namespaces

Ctrl-C ends it.
`;
}

/** Why some things will not happen in a cluster made from part of another. */
function idleNote({ idleControllers }: SimulatedCluster): string {
  if (idleControllers.size === 0) return '';
  const kinds = [...new Set([...idleControllers.values()].flat())].sort();
  const names = [...idleControllers.keys()].sort();
  return `Not read: ${kinds.join(', ')}; so these do nothing: ${names.join(', ')}.\n`;
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
