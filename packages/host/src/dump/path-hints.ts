/** What the path of a file in a bundle says about its content. */
import type { Kind } from './ingest.ts';
import type { ContainerLog } from '@aia/cluster';

const core = (kind: string): Kind => ({ apiVersion: 'v1', kind });
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
  podmetrics: { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics' },
  nodemetrics: { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'NodeMetrics' },
};

/** The kind that a file's name (`nodes.json`, `pods.team-a.json`), or the folder it lies in (`cluster-resources/pods/shop.json`), implies. */
export function kindOfPath(path: string): Kind | undefined {
  const parts = path.toLowerCase().split(/[/!]/);
  const name = parts.at(-1)?.split('.')[0] ?? '';
  const folder = parts.at(-2) ?? '';
  if (Object.hasOwn(RESOURCES, name)) return RESOURCES[name];
  return Object.hasOwn(RESOURCES, folder) ? RESOURCES[folder] : undefined;
}

const LOG_PATHS: readonly (readonly [RegExp, (match: RegExpExecArray) => Omit<ContainerLog, 'lines'>])[] = [
  // must-gather and AIA's own dumps
  [
    /(?:^|\/)namespaces\/([^/]+)\/pods\/([^/]+)\/([^/]+)\/[^/]+\/logs\/(current|previous)\.log$/,
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
  // kubectl cluster-info dump --output-directory; one file for all containers
  [
    /(?:^|\/)([^/]+)\/([^/]+)\/logs\.txt$/,
    ([, namespace = '', pod = '']) => ({ namespace, pod, container: '', previous: false }),
  ],
];

/** Whose log a file is. */
export function logOfPath(path: string): Omit<ContainerLog, 'lines'> | undefined {
  const inner = path.slice(path.lastIndexOf('!') + 1);
  for (const [pattern, read] of LOG_PATHS) {
    const match = pattern.exec(inner);
    if (match !== null) return read(match);
  }
  return undefined;
}

/** `==== START logs for container api of pod shop/api-1 ====`, in the output of `kubectl cluster-info dump`. */
export function logMarker(line: string): { start: Omit<ContainerLog, 'lines'> | undefined } | undefined {
  const match = /^==== (START|END) logs for (?:container (\S+) of )?pod ([^/\s]+)\/(\S+) ====$/.exec(line);
  if (match === null) return undefined;
  const [, which, container = '', namespace = '', pod = ''] = match;
  return { start: which === 'START' ? { namespace, pod, container, previous: false } : undefined };
}
