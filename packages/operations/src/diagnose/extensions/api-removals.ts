/**
 * API versions that Kubernetes stops serving, by the minor release that does.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */

/** One removal; `minor` is the first release of 1.x that no longer serves it. */
export interface ApiRemoval {
  readonly minor: number;
  readonly instead: string;
}

type Row = readonly [minor: number, apiVersion: string, kinds: readonly string[], instead: string];

const ROWS: readonly Row[] = [
  [16, 'extensions/v1beta1', ['DaemonSet', 'Deployment', 'ReplicaSet'], 'apps/v1'],
  [16, 'extensions/v1beta1', ['NetworkPolicy'], 'networking.k8s.io/v1'],
  [16, 'extensions/v1beta1', ['PodSecurityPolicy'], 'Pod Security admission'],
  [16, 'apps/v1beta1', ['Deployment', 'StatefulSet'], 'apps/v1'],
  [16, 'apps/v1beta2', ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'], 'apps/v1'],
  [
    22,
    'admissionregistration.k8s.io/v1beta1',
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    'admissionregistration.k8s.io/v1',
  ],
  [22, 'apiextensions.k8s.io/v1beta1', ['CustomResourceDefinition'], 'apiextensions.k8s.io/v1'],
  [22, 'apiregistration.k8s.io/v1beta1', ['APIService'], 'apiregistration.k8s.io/v1'],
  [22, 'certificates.k8s.io/v1beta1', ['CertificateSigningRequest'], 'certificates.k8s.io/v1'],
  [22, 'coordination.k8s.io/v1beta1', ['Lease'], 'coordination.k8s.io/v1'],
  [22, 'extensions/v1beta1', ['Ingress'], 'networking.k8s.io/v1'],
  [22, 'networking.k8s.io/v1beta1', ['Ingress', 'IngressClass'], 'networking.k8s.io/v1'],
  [
    22,
    'rbac.authorization.k8s.io/v1beta1',
    ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    'rbac.authorization.k8s.io/v1',
  ],
  [22, 'scheduling.k8s.io/v1beta1', ['PriorityClass'], 'scheduling.k8s.io/v1'],
  [22, 'storage.k8s.io/v1beta1', ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'], 'storage.k8s.io/v1'],
  [25, 'autoscaling/v2beta1', ['HorizontalPodAutoscaler'], 'autoscaling/v2'],
  [25, 'batch/v1beta1', ['CronJob'], 'batch/v1'],
  [25, 'discovery.k8s.io/v1beta1', ['EndpointSlice'], 'discovery.k8s.io/v1'],
  [25, 'node.k8s.io/v1beta1', ['RuntimeClass'], 'node.k8s.io/v1'],
  [25, 'policy/v1beta1', ['PodDisruptionBudget'], 'policy/v1'],
  [25, 'policy/v1beta1', ['PodSecurityPolicy'], 'Pod Security admission'],
  [26, 'autoscaling/v2beta2', ['HorizontalPodAutoscaler'], 'autoscaling/v2'],
  [
    26,
    'flowcontrol.apiserver.k8s.io/v1beta1',
    ['FlowSchema', 'PriorityLevelConfiguration'],
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  [27, 'storage.k8s.io/v1beta1', ['CSIStorageCapacity'], 'storage.k8s.io/v1'],
  [
    29,
    'flowcontrol.apiserver.k8s.io/v1beta2',
    ['FlowSchema', 'PriorityLevelConfiguration'],
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  [
    32,
    'flowcontrol.apiserver.k8s.io/v1beta3',
    ['FlowSchema', 'PriorityLevelConfiguration'],
    'flowcontrol.apiserver.k8s.io/v1',
  ],
];

const BY_KEY = new Map(
  ROWS.flatMap(([minor, apiVersion, kinds, instead]) =>
    kinds.map((kind): [string, ApiRemoval] => [`${apiVersion} ${kind}`, { minor, instead }]),
  ),
);
const VERSIONS = new Set(ROWS.map(([, apiVersion]) => apiVersion));

const KINDS = new Set(ROWS.flatMap(([, , kinds]) => kinds));

/** Whether any version of a kind stops being served at all; spares a look at the objects of all others. */
export function isEverRemoved(kind: string): boolean {
  return KINDS.has(kind);
}

/** When a kind stops being served in a version; `undefined` for versions that stay. */
export function removalOf(apiVersion: string, kind: string): ApiRemoval | undefined {
  return VERSIONS.has(apiVersion) ? BY_KEY.get(`${apiVersion} ${kind}`) : undefined;
}

/** The minor release of a version such as `v1.33.4-gke.1036000`; `undefined` where it cannot be read. */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?!\d)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}
