/** The aggregated API that serves CPU and memory of pods, and who cannot do without. */
import type { KindMap } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { livingOf } from '../workloads/workload-templates.ts';

/** Name of its APIService. */
export const METRICS_API = 'v1beta1.metrics.k8s.io';

/** Autoscalers that scale by CPU or memory; none where the metrics themselves were read, since then something serves them. */
export function needingMetrics(examination: Examination): readonly KindMap['HorizontalPodAutoscaler'][] {
  const { snapshot } = examination;
  if (snapshot.list('NodeMetrics').length > 0 || snapshot.list('PodMetrics').length > 0) return [];
  return livingOf(examination, 'HorizontalPodAutoscaler').filter(({ spec }) =>
    (spec?.metrics ?? []).some(({ type }) => type === 'Resource' || type === 'ContainerResource'),
  );
}
