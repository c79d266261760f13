/** What the path of a file in a bundle says about its content. */
import type { ContainerLog } from '@aia/cluster';

/** Group version and kind that a path implies. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const core = (kind: string): Kind => ({ apiVersion: 'v1', kind });
const rbac = (kind: string): Kind => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind });
const apps = (kind: string): Kind => ({ apiVersion: 'apps/v1', kind });

/** Resource names as they stand in file and folder names. */
const RESOURCES: Readonly<Record<string, Kind>> = {
  pods: core('Pod'),
  nodes: core('Node'),
  services: core('Service'),
  endpoints: core('Endpoints'),
  events: core('Event'),
  configmaps: core('ConfigMap'),
  secrets: core('Secret'),
  namespaces: core('Namespace'),
  'service-accounts': core('ServiceAccount'),
  serviceaccounts: core('ServiceAccount'),
  pvs: core('PersistentVolume'),
  persistentvolumes: core('PersistentVolume'),
  pvcs: core('PersistentVolumeClaim'),
  persistentvolumeclaims: core('PersistentVolumeClaim'),
  'resource-quotas': core('ResourceQuota'),
  'resource-quota': core('ResourceQuota'),
  resourcequotas: core('ResourceQuota'),
  limitranges: core('LimitRange'),
  'limit-ranges': core('LimitRange'),
  'replication-controllers': core('ReplicationController'),
  replicationcontrollers: core('ReplicationController'),
  deployments: apps('Deployment'),
  replicasets: apps('ReplicaSet'),
  statefulsets: apps('StatefulSet'),
  daemonsets: apps('DaemonSet'),
  jobs: { apiVersion: 'batch/v1', kind: 'Job' },
  cronjobs: { apiVersion: 'batch/v1', kind: 'CronJob' },
  ingress: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  ingresses: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  'network-policy': { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  networkpolicies: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  'storage-classes': { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  storageclasses: { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  'priority-classes': { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' },
  priorityclasses: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' },
  'pod-disruption-budgets': { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  poddisruptionbudgets: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  horizontalpodautoscalers: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  endpointslices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  volumeattachments: { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment' },
  csinodes: { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode' },
  leases: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  roles: rbac('Role'),
  rolebindings: rbac('RoleBinding'),
  clusterroles: rbac('ClusterRole'),
  clusterrolebindings: rbac('ClusterRoleBinding'),
  'custom-resource-definitions': { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  podmetrics: { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics' },
  nodemetrics: { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'NodeMetrics' },
};

/**
 * The kind that a file's name (`nodes.json`, `pods.team-a.json`), or the folder it lies in (`cluster-resources/pods/shop.json`),
 * implies. In a bundle the folder goes first: the file is named after a namespace, which may be called `services`.
 */
export function kindOfPath(path: string): Kind | undefined {
  const parts = path.toLowerCase().split(/[/!]/);
  const name = parts.at(-1)?.split('.')[0] ?? '';
  const folder = parts.at(-2) ?? '';
  if (parts.at(-3) === 'cluster-resources') return Object.hasOwn(RESOURCES, folder) ? RESOURCES[folder] : undefined;
  if (Object.hasOwn(RESOURCES, name)) return RESOURCES[name];
  return Object.hasOwn(RESOURCES, folder) ? RESOURCES[folder] : undefined;
}

/** Files of support bundles that are no part of the cluster: the tool's own settings and verdicts, discovery, rights. */
const BESIDES =
  /(?:^|\/)(?:cluster-resources\/(?:auth-cani-list\/[^]+|image-pull-secrets\/[^]+|groups|resources)|host-collectors\/[^]+|analysis|execution-data\/[^]+)\.json$/;

/** Whether a file belongs to a bundle without saying anything of the cluster. */
export function isBesides(path: string): boolean {
  return BESIDES.test(innerPath(path));
}

/** Whether a file holds what a support bundle could not collect: errors by namespace, or a list of them. */
export function isCollectorErrors(path: string): boolean {
  return /(?:^|\/)cluster-resources\/[^/]+-errors\.json$/.test(innerPath(path));
}

/** The path inside the innermost archive, as it was before packing. */
function innerPath(path: string): string {
  return path.slice(path.lastIndexOf('!') + 1).replace(/\.gz$/, '');
}

const LOG_PATHS: readonly (readonly [RegExp, (match: RegExpExecArray) => Omit<ContainerLog, 'lines'>])[] = [
  // must-gather and AIA's own dumps
  [
    /(?:^|\/)namespaces\/([^/]+)\/pods\/([^/]+)\/([^/]+)\/[^/]+\/logs\/(current|previous)(?:\.insecure)?\.log$/,
    ([, namespace = '', pod = '', container = '', which]) => ({
      namespace,
      pod,
      container,
      previous: which === 'previous',
    }),
  ],
  // support bundles
  [
    /(?:^|\/)cluster-resources\/pods\/logs\/([^/]+)\/([^/]+)\/([^/]+?)(-previous)?\.log$/,
    ([, namespace = '', pod = '', container = '', previous]) => ({
      namespace,
      pod,
      container,
      previous: previous !== undefined,
    }),
  ],
];

/** Whose log a file is. */
export function logOfPath(path: string): Omit<ContainerLog, 'lines'> | undefined {
  const inner = innerPath(path);
  for (const [pattern, read] of LOG_PATHS) {
    const match = pattern.exec(inner);
    if (match !== null) return read(match);
  }
  return undefined;
}
