/** What the objects and answers that were read say about cloud and usage. */
import {
  CloudCollector,
  type UsageCollector,
  type CloudSnapshot,
  type ClusterSnapshot,
  type SnapshotBuilder,
  type UsageHistory,
} from '@aia/cluster';

/** From inside a cluster only the autoscaler speaks about the cloud. Notes what it cannot read as problems. */
export function readCloud(
  objects: Pick<ClusterSnapshot, 'get'>,
  builder: Pick<SnapshotBuilder, 'problem'>,
): CloudSnapshot {
  const collector = new CloudCollector();
  const map = objects.get('ConfigMap', 'kube-system', 'cluster-autoscaler-status');
  const status = map?.data?.['status'];
  if (map !== undefined && status !== undefined) {
    collector.addAutoscalerStatus(
      status,
      map.metadata.annotations ?? {},
      '/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status',
    );
  }
  const cloud = collector.build();
  for (const problem of collector.problems) builder.problem({ ...problem, severity: 'warning' });
  return cloud;
}

/** The history collected from Prometheus and the metrics API's present sample, as one. Notes what it cannot read as problems. */
export function readUsage(
  objects: Pick<ClusterSnapshot, 'list'>,
  collector: UsageCollector,
  observedAt: number,
  builder: Pick<SnapshotBuilder, 'problem'>,
): UsageHistory {
  for (const metrics of objects.list('PodMetrics'))
    collector.addPodMetrics(metrics, '/apis/metrics.k8s.io', observedAt);
  const usage = collector.build();
  for (const problem of collector.problems) builder.problem({ ...problem, severity: 'warning' });
  return usage;
}

/** Prometheus and what stands before it (Thanos, Mimir) say beside an answer why it may not be whole. */
export function warningsOf(answer: unknown): readonly string[] {
  const { warnings } = (answer ?? {}) as { warnings?: unknown };
  return Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === 'string') : [];
}
