/**
 * What other tools look at of pods, workloads, references, nodes, quotas, load balancers and certificates at run time, each with a
 * rule that carries it. What only the manifest shows (probes, images, security context, missing budgets, replica counts) is
 * not among it, nor is what needs the history of metrics.
 */
import { describe, expect, it } from 'vitest';
import { RULES } from './catalogue.ts';
import type { Aliases } from './rule.ts';

const COVERED: Readonly<Record<keyof Pick<Aliases, 'k8sgpt' | 'popeye' | 'kubescape' | 'mixin' | 'gcpdiag'>, string>> =
  {
    k8sgpt:
      'Pod/1 Pod/2 Pod/3 Pod/4 Pod/5 Pod/6 Pod/7 Pod/8 Deployment/1 Deployment/2 Deployment/3 ReplicaSet StatefulSet/1 ' +
      'StatefulSet/2 StatefulSet/3 DaemonSet/1 DaemonSet/2 Node Service/3',
    popeye:
      '200 201 202 203 204 205 207 208 209 304 305 307 401 402 501 504 506 507 508 700 701 702 703 704 705 706 707 708 709 710 ' +
      '711 712 800 1103 1120',
    kubescape: 'C-0073 C-0296 C-0307',
    mixin:
      'KubePodCrashLooping KubePodNotReady KubeContainerWaiting KubeJobFailed KubeDeploymentGenerationMismatch ' +
      'KubeDeploymentReplicasMismatch KubeDeploymentRolloutStuck KubeStatefulSetGenerationMismatch KubeStatefulSetReplicasMismatch ' +
      'KubeStatefulSetUpdateNotRolledOut KubeDaemonSetRolloutStuck KubeDaemonSetNotScheduled KubeDaemonSetMisScheduled ' +
      'KubeNodeNotReady KubeNodeUnreachable KubeNodePressure KubeNodeEviction KubeletTooManyPods KubeVersionMismatch ' +
      'KubeQuotaAlmostFull KubeQuotaFullyUsed KubeQuotaExceeded KubeAggregatedAPIDown',
    gcpdiag: 'gke/ERR/2021_006 gke/ERR/2021_009 gke/ERR/2021_010 gke/ERR/2023_008 gke/WARN/2023_004 gke/WARN/2024_001',
  };

describe.each(Object.entries(COVERED))('%s', (tool, ids) => {
  const carried = new Set(RULES.flatMap((rule) => rule.aliases[tool as keyof Aliases] ?? []));
  it.each(ids.split(' '))('%s', (id) => {
    expect(carried).toContain(id);
  });
});
