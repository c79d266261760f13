/** What the alerts of kubernetes-mixin look at. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/kubernetes-monitoring/kubernetes-mixin, `alerts`. */
export const MIXIN: readonly CheckGroup[] = [
  {
    area: 'pods',
    checks: {
      KubePodCrashLooping: 'container is crash-looping',
      KubePodNotReady: 'pod not ready for long',
      KubeContainerWaiting: 'container waits for long',
    },
  },
  {
    area: 'workloads',
    checks: {
      KubeDeploymentGenerationMismatch: 'Deployment not looked at by its controller',
      KubeDeploymentReplicasMismatch: 'fewer replicas of a Deployment than wanted',
      KubeDeploymentRolloutStuck: 'roll-out of a Deployment does not progress',
      KubeStatefulSetGenerationMismatch: 'StatefulSet not looked at by its controller',
      KubeStatefulSetReplicasMismatch: 'fewer replicas of a StatefulSet than wanted',
      KubeStatefulSetUpdateNotRolledOut: 'roll-out of a StatefulSet does not progress',
      KubeDaemonSetRolloutStuck: 'roll-out of a DaemonSet does not progress',
      KubeDaemonSetNotScheduled: 'pods of a DaemonSet not scheduled',
      KubeDaemonSetMisScheduled: 'pods of a DaemonSet where they should not be',
    },
  },
  {
    area: 'jobs',
    checks: { KubeJobFailed: 'Job failed', KubeJobNotCompleted: 'Job runs for longer than half a day' },
  },
  {
    area: 'autoscaling',
    checks: {
      KubeHpaReplicasMismatch: 'autoscaler does not reach the count it wants',
      KubeHpaMaxedOut: 'autoscaler at its highest count for long',
    },
  },
  {
    area: 'disruption',
    checks: { KubePdbNotEnoughHealthyPods: 'fewer healthy pods than a budget wants' },
  },
  { area: 'storage', checks: { KubePersistentVolumeErrors: 'volume Failed or Pending' } },
  {
    area: 'storage',
    batch: 'alerts',
    checks: {
      KubePersistentVolumeFillingUp: 'volume will be full within days',
      KubePersistentVolumeInodesFillingUp: 'volume will be out of inodes within days',
    },
  },
  {
    area: 'capacity',
    checks: {
      KubeCPUOvercommit: 'CPU requests of all pods do not fit without one node',
      KubeMemoryOvercommit: 'memory requests of all pods do not fit without one node',
      KubeCPUQuotaOvercommit: 'quotas allow more CPU than there is',
      KubeMemoryQuotaOvercommit: 'quotas allow more memory than there is',
      KubeQuotaAlmostFull: 'quota almost used up',
      KubeQuotaFullyUsed: 'quota used up',
      KubeQuotaExceeded: 'quota exceeded',
    },
  },
  { area: 'resources', batch: 'alerts', checks: { CPUThrottlingHigh: 'containers are throttled' } },
  {
    area: 'nodes',
    checks: {
      KubeNodeNotReady: 'node not ready',
      KubeNodeUnreachable: 'node unreachable',
      KubeNodePressure: 'node under pressure',
      KubeNodeEviction: 'node evicts pods',
      KubeletTooManyPods: 'node almost full of pods',
      KubeVersionMismatch: 'components of different versions',
    },
  },
  {
    area: 'nodes',
    batch: 'alerts',
    checks: {
      KubeNodeReadinessFlapping: 'node ready and not ready in turn',
      KubeletDown: 'kubelets cannot be scraped',
      KubeletPlegDurationHigh: 'kubelet is slow to see its containers',
      KubeletPodStartUpLatencyHigh: 'pods start slowly',
      KubeletClientCertificateExpiration: 'client certificate of a kubelet about to expire',
      KubeletServerCertificateExpiration: 'server certificate of a kubelet about to expire',
      KubeletClientCertificateRenewalErrors: 'kubelet cannot renew its client certificate',
      KubeletServerCertificateRenewalErrors: 'kubelet cannot renew its server certificate',
    },
  },
  { area: 'extensions', checks: { KubeAggregatedAPIDown: 'API served by an extension is unavailable' } },
  {
    area: 'cluster',
    batch: 'alerts',
    checks: {
      KubeAPIDown: 'API server cannot be scraped',
      KubeAPIErrorBudgetBurn: 'API server fails or is slow too often',
      KubeAPITerminatedRequests: 'API server cuts requests off',
      KubeAggregatedAPIErrors: 'API served by an extension fails now and then',
      KubeClientCertificateExpiration: 'client certificate about to expire',
      KubeClientErrors: 'clients of the API server get errors',
      KubeControllerManagerDown: 'controller manager cannot be scraped',
      KubeProxyDown: 'kube-proxy cannot be scraped',
      KubeSchedulerDown: 'scheduler cannot be scraped',
    },
  },
];
