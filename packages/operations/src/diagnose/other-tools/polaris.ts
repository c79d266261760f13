/** What polaris looks at. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/FairwindsOps/polaris, `pkg/config/default.yaml`, and two custom checks of its tests. */
export const POLARIS: readonly CheckGroup[] = [
  {
    area: 'images',
    batch: 'static',
    checks: {
      tagNotSpecified: 'image without a tag, or with the tag latest',
      pullPolicyNotAlways: 'pull policy other than Always',
    },
  },
  {
    area: 'resources',
    batch: 'static',
    checks: {
      cpuRequestsMissing: 'no CPU request',
      cpuLimitsMissing: 'no CPU limit',
      memoryRequestsMissing: 'no memory request',
      memoryLimitsMissing: 'no memory limit',
      resourceRange: 'requests or limits out of the range allowed',
    },
  },
  {
    area: 'probes',
    batch: 'static',
    checks: {
      livenessProbeMissing: 'no liveness probe',
      readinessProbeMissing: 'no readiness probe',
      hostPortSet: 'port of the node',
    },
  },
  {
    area: 'environment',
    batch: 'static',
    checks: {
      sensitiveContainerEnvVar: 'variable that holds a secret in clear',
      sensitiveConfigmapContent: 'ConfigMap that holds a secret in clear',
    },
  },
  {
    area: 'security',
    batch: 'static',
    checks: {
      runAsRootAllowed: 'container may run as root',
      runAsPrivileged: 'privileged container',
      privilegeEscalationAllowed: 'container may gain privileges',
      notReadOnlyRootFilesystem: 'root file system can be written',
      dangerousCapabilities: 'capability that amounts to root on the node',
      insecureCapabilities: 'capabilities are not dropped',
      linuxHardening: 'no hardening of any kind',
      hostNetworkSet: 'network of the node',
      hostPIDSet: 'process ids of the node',
      hostIPCSet: 'inter-process communication of the node',
      hostPathSet: 'directory of the node mounted',
      hostProcess: 'Windows process of the node',
      procMount: 'unmasked /proc',
      automountServiceAccountToken: 'token for the API server mounted',
    },
  },
  {
    area: 'placement',
    batch: 'static',
    checks: {
      priorityClassNotSet: 'no priority class',
      topologySpreadConstraint: 'no topology spread constraint',
    },
  },
  {
    area: 'workloads',
    batch: 'static',
    checks: {
      deploymentMissingReplicas: 'less than two replicas',
      metadataAndInstanceMismatched: 'label app.kubernetes.io/instance other than the name',
    },
  },
  { area: 'pods', checks: { nakedPod: 'pod without a controller' } },
  {
    area: 'disruption',
    batch: 'static',
    checks: {
      missingPodDisruptionBudget: 'no disruption budget',
      pdbMinAvailableGreaterThanHPAMinReplicas: 'budget wants more pods than the autoscaler keeps',
    },
  },
  { area: 'disruption', checks: { pdbDisruptionsIsZero: 'budget that blocks every disruption' } },
  {
    area: 'autoscaling',
    batch: 'static',
    checks: {
      hpaMaxAvailability: 'lowest and highest replica count are the same',
      hpaMinAvailability: 'lowest replica count below two',
    },
  },
  { area: 'ingress', batch: 'static', checks: { tlsSettingsMissing: 'Ingress without TLS' } },
  { area: 'network policy', batch: 'static', checks: { missingNetworkPolicy: 'no policy for both directions' } },
  {
    area: 'access',
    batch: 'static',
    checks: {
      clusterrolePodExecAttach: 'ClusterRole may enter pods',
      rolePodExecAttach: 'Role may enter pods',
      clusterrolebindingPodExecAttach: 'ClusterRoleBinding lets enter pods',
      rolebindingClusterRolePodExecAttach: 'RoleBinding to a ClusterRole lets enter pods',
      rolebindingRolePodExecAttach: 'RoleBinding to a Role lets enter pods',
      clusterrolebindingClusterAdmin: 'ClusterRoleBinding to cluster-admin',
      rolebindingClusterAdminClusterRole: 'RoleBinding to a ClusterRole with all rights',
      rolebindingClusterAdminRole: 'RoleBinding to a Role with all rights',
    },
  },
];
