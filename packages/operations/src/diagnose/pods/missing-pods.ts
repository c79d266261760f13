/** How many pods that a workload wants do not exist: neither running nor Pending, because they were not created. */
import type { DaemonSet, Deployment, Job, KubeObject, ReplicaSet, StatefulSet } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { wantedReplicas } from '../workloads/workload-templates.ts';

/** Whether a workload is older than the grace and its controller has seen the newest spec, so that its counts say something. */
export function isCounted(examination: Examination, holder: KubeObject): boolean {
  const age = examination.ageMs(holder.metadata.creationTimestamp);
  if (age !== undefined && age < examination.thresholds.graceMs) return false;
  const { observedGeneration } = (holder as { status?: { observedGeneration?: number } }).status ?? {};
  const { generation } = holder.metadata;
  return observedGeneration === undefined || generation === undefined || observedGeneration >= generation;
}

/** 0 where the counts say nothing, see {@link isCounted}, and for kinds that make no pods themselves. */
export function missingPods(examination: Examination, holder: KubeObject): number {
  return isCounted(examination, holder) ? Math.max(0, lackOf(holder)) : 0;
}

function lackOf(holder: KubeObject): number {
  switch (holder.kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet': {
      const set = holder as Deployment | ReplicaSet | StatefulSet;
      return set.status === undefined ? 0 : wantedReplicas(set) - (set.status.replicas ?? 0);
    }
    case 'DaemonSet': {
      const { desiredNumberScheduled = 0, currentNumberScheduled = 0 } = (holder as DaemonSet).status ?? {};
      return desiredNumberScheduled - currentNumberScheduled;
    }
    case 'Job':
      return lackOfJob(holder as Job);
    default:
      return 0;
  }
}

function lackOfJob({ spec, status }: Job): number {
  if (status === undefined || spec?.suspend === true) return 0;
  const { parallelism = 1, completions } = spec ?? {};
  const open = completions === undefined ? parallelism : completions - (status.succeeded ?? 0);
  return Math.min(parallelism, open) - (status.active ?? 0);
}
