/** What the objects and answers that were read say about cloud and usage. */
import {
  CloudCollector,
  UsageCollector,
  type CloudSnapshot,
  type ClusterSnapshot,
  type SnapshotBuilder,
  type UsageHistory,
} from '@aia/cluster';
import type { PrometheusResult } from './prometheus.ts';

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

/** Prometheus' history and the metrics API's present sample, as one. Notes what it cannot read as problems. */
export function readUsage(
  objects: Pick<ClusterSnapshot, 'list'>,
  results: readonly PrometheusResult[],
  observedAt: number,
  builder: Pick<SnapshotBuilder, 'problem'>,
): UsageHistory {
  const collector = new UsageCollector();
  for (const { quantity, answers } of results)
    answers.forEach((answer, i) => collector.addPrometheus(answer, `prometheus ${quantity} ${i + 1}`, quantity));
  for (const metrics of objects.list('PodMetrics'))
    collector.addPodMetrics(metrics, '/apis/metrics.k8s.io', observedAt);
  const usage = collector.build();
  for (const problem of collector.problems) builder.problem({ ...problem, severity: 'warning' });
  return usage;
}
