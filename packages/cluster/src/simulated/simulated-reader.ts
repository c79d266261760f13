/** Reads a simulated cluster in the same process. */
import type { KubeObject } from '../model/kube-object.ts';
import type { ClusterReader } from '../reader.ts';
import { ClusterError } from '../snapshot/cluster-error.ts';
import { SnapshotBuilder } from '../snapshot/builder.ts';
import { UsageCollector } from '../usage/usage-collector.ts';
import type { NodeMetrics, PodMetrics } from '../model/kinds.ts';
import { crashingContainers } from '../snapshot/crashing-containers.ts';
import { ApiError } from './api/api-error.ts';
import { NODES, PODS } from './api/built-in-types.ts';
import { missingSurroundings } from '../snapshot/missing-surroundings.ts';
import type { ClusterSnapshot, ContainerLog } from '../snapshot/snapshot.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

/**
 * A reader whose snapshots show the cluster as it is at the virtual moment of the call; `name` is what reports call it. It rejects with
 * {@link ClusterError} `stopped` after the cluster was.
 */
export function createSimulatedReader(cluster: SimulatedCluster, name = 'simulated cluster'): ClusterReader {
  return {
    observe: async (signal) => {
      signal?.throwIfAborted();
      if (cluster.isStopped) throw new ClusterError('stopped', `the simulated cluster "${name}" was stopped`);
      const snapshot = snapshotOf(cluster, name);
      // Whoever cancels right after the call gets what a slower reader would give.
      await Promise.resolve();
      signal?.throwIfAborted();
      return snapshot;
    },
  };
}

/** The cluster as it is now: kinds in the order of discovery, objects by namespace and name, as an API server lists them. */
export function snapshotOf(cluster: SimulatedCluster, name: string): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  const { store, types } = cluster.api;
  const seen = new Set<string>();
  const recorded = new Set(cluster.record?.objects);
  for (const type of types.all) {
    const kind = `${type.group}/${type.kind}`;
    if (seen.has(kind)) continue;
    seen.add(kind);
    const objects = [...store.list(type)].sort(byName);
    objects.forEach((object, i) => {
      const place = `items[${i}]`;
      // Admission changes what it is given, and what is stored belongs to the cluster.
      if (recorded.has(object) && !HIDDEN.has(object.kind)) builder.addAdmitted(object, type.plural, place);
      else builder.add(structuredClone(object), type.plural, place);
    });
  }
  const usage = new UsageCollector();
  for (const metrics of metricsOf(cluster)) {
    builder.add(metrics, 'metrics', '');
    if (metrics.kind === 'PodMetrics') usage.addPodMetrics(metrics, 'metrics', cluster.clock.now);
  }
  const around = cluster.surroundings;
  const surroundings = {
    ...around,
    ...(around.usage.containers.length === 0 && { usage: usage.build() }),
    ...(around.logs.length === 0 && { logs: lastWords(cluster) }),
  };
  const missing = [...surroundings.missing, ...missingSurroundings(surroundings, 'not simulated')];
  return builder.build({
    source: { kind: 'simulated', name },
    observedAt: cluster.clock.now,
    serverVersion: cluster.serverVersion,
    ...surroundings,
    missing: missing.filter((one, i) => missing.findIndex(({ input }) => input === one.input) === i),
  });
}

/** What admission hides something of is counted each time. */
const HIDDEN: ReadonlySet<string> = new Set(['Secret', 'ConfigMap']);

/** As many containers, and lines of each, as readers of live clusters ask for. */
const LOGS = { containers: 20, lines: 20 } as const;

/** What crashing containers said last. */
function lastWords({ api: { store }, kubelets }: SimulatedCluster): readonly ContainerLog[] {
  return crashingContainers([...store.list(PODS)], LOGS.containers).flatMap(({ namespace, pod, container }) => {
    for (const previous of [true, false]) {
      const lines = linesOf(() => kubelets.logOf(namespace, pod, container, { previous, tailLines: LOGS.lines }));
      if (lines.length > 0) return [{ namespace, pod, container, previous, lines }];
    }
    return [];
  });
}

/** None where the kubelet has no such log. */
function linesOf(read: () => string): readonly string[] {
  try {
    return read()
      .split('\n')
      .filter((line) => line.trim() !== '');
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

/** What the metrics API would answer now. */
function* metricsOf({ api: { store }, kubelets }: SimulatedCluster): Iterable<PodMetrics | NodeMetrics> {
  for (const { metadata } of [...store.list(PODS)].sort(byName)) {
    const metrics = kubelets.podMetrics(metadata.namespace ?? '', metadata.name);
    if (metrics !== undefined) yield metrics;
  }
  for (const { metadata } of [...store.list(NODES)].sort(byName)) {
    const metrics = kubelets.nodeMetrics(metadata.name);
    if (metrics !== undefined) yield metrics;
  }
}

function byName(a: KubeObject, b: KubeObject): number {
  const [left, right] = [a.metadata, b.metadata];
  if (left.namespace !== right.namespace) return (left.namespace ?? '') < (right.namespace ?? '') ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}
