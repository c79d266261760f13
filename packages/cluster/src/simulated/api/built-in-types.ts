/** The resources of Kubernetes that are served, as discovery names them. Source: `kubectl api-resources` of Kubernetes 1.36. */
import type { KindMap } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { resourceType, type ResourceTraits, type ResourceType } from './resource-type.ts';

const CLUSTER = { namespaced: false } as const;
const PLAIN = { subresources: [] } as const;
const IN_ALL = { categories: ['all'] } as const;

const built: ResourceType[] = [];

function builtIn<K extends keyof KindMap>(
  apiVersion: string,
  kind: K,
  plural: string,
  more?: ResourceTraits,
): ResourceType<KindMap[K]> {
  const type = resourceType<KindMap[K]>(apiVersion, kind, plural, more);
  built.push(type);
  return type;
}

function other(apiVersion: string, kind: string, plural: string, more?: ResourceTraits): ResourceType {
  const type = resourceType(apiVersion, kind, plural, more);
  built.push(type);
  return type;
}

export const NAMESPACES = builtIn('v1', 'Namespace', 'namespaces', {
  ...CLUSTER,
  shortNames: ['ns'],
  subresources: ['finalize', 'status'],
});
export const NODES = builtIn('v1', 'Node', 'nodes', { ...CLUSTER, shortNames: ['no'] });
export const PODS = builtIn('v1', 'Pod', 'pods', {
  ...IN_ALL,
  shortNames: ['po'],
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],
});
export const SERVICES = builtIn('v1', 'Service', 'services', { ...IN_ALL, shortNames: ['svc'] });
export const ENDPOINTS = builtIn('v1', 'Endpoints', 'endpoints', {
  ...PLAIN,
  shortNames: ['ep'],
  singular: 'endpoints',
});
export const EVENTS = builtIn('v1', 'Event', 'events', { ...PLAIN, shortNames: ['ev'] });
export const CONFIG_MAPS = builtIn('v1', 'ConfigMap', 'configmaps', { ...PLAIN, shortNames: ['cm'] });
export const SECRETS = builtIn('v1', 'Secret', 'secrets', PLAIN);
export const SERVICE_ACCOUNTS = builtIn('v1', 'ServiceAccount', 'serviceaccounts', {
  shortNames: ['sa'],
  subresources: ['token'],
});
export const PERSISTENT_VOLUMES = builtIn('v1', 'PersistentVolume', 'persistentvolumes', {
  ...CLUSTER,
  shortNames: ['pv'],
});
export const PERSISTENT_VOLUME_CLAIMS = builtIn('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
  shortNames: ['pvc'],
});
export const REPLICATION_CONTROLLERS = builtIn('v1', 'ReplicationController', 'replicationcontrollers', {
  ...IN_ALL,
  shortNames: ['rc'],
  subresources: ['scale', 'status'],
});
export const RESOURCE_QUOTAS = builtIn('v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'] });
export const LIMIT_RANGES = builtIn('v1', 'LimitRange', 'limitranges', { ...PLAIN, shortNames: ['limits'] });
export const POD_TEMPLATES = other('v1', 'PodTemplate', 'podtemplates', PLAIN);

export const DEPLOYMENTS = builtIn('apps/v1', 'Deployment', 'deployments', {
  ...IN_ALL,
  shortNames: ['deploy'],
  subresources: ['scale', 'status'],
});
export const REPLICA_SETS = builtIn('apps/v1', 'ReplicaSet', 'replicasets', {
  ...IN_ALL,
  shortNames: ['rs'],
  subresources: ['scale', 'status'],
});
export const STATEFUL_SETS = builtIn('apps/v1', 'StatefulSet', 'statefulsets', {
  ...IN_ALL,
  shortNames: ['sts'],
  subresources: ['scale', 'status'],
});
export const DAEMON_SETS = builtIn('apps/v1', 'DaemonSet', 'daemonsets', { ...IN_ALL, shortNames: ['ds'] });
export const CONTROLLER_REVISIONS = other('apps/v1', 'ControllerRevision', 'controllerrevisions', PLAIN);

export const JOBS = builtIn('batch/v1', 'Job', 'jobs', IN_ALL);
export const CRON_JOBS = builtIn('batch/v1', 'CronJob', 'cronjobs', { ...IN_ALL, shortNames: ['cj'] });

export const HORIZONTAL_POD_AUTOSCALERS = builtIn(
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
  {
    ...IN_ALL,
    shortNames: ['hpa'],
  },
);
export const POD_DISRUPTION_BUDGETS = builtIn('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
  shortNames: ['pdb'],
});

export const INGRESSES = builtIn('networking.k8s.io/v1', 'Ingress', 'ingresses', { shortNames: ['ing'] });
export const INGRESS_CLASSES = builtIn('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', {
  ...CLUSTER,
  ...PLAIN,
});
export const NETWORK_POLICIES = builtIn('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
  ...PLAIN,
  shortNames: ['netpol'],
});
export const ENDPOINT_SLICES = builtIn('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', PLAIN);

export const STORAGE_CLASSES = builtIn('storage.k8s.io/v1', 'StorageClass', 'storageclasses', {
  ...CLUSTER,
  ...PLAIN,
  shortNames: ['sc'],
});
export const CSI_NODES = builtIn('storage.k8s.io/v1', 'CSINode', 'csinodes', { ...CLUSTER, ...PLAIN });
export const CSI_DRIVERS = other('storage.k8s.io/v1', 'CSIDriver', 'csidrivers', { ...CLUSTER, ...PLAIN });
export const CSI_STORAGE_CAPACITIES = other('storage.k8s.io/v1', 'CSIStorageCapacity', 'csistoragecapacities', PLAIN);
export const VOLUME_ATTACHMENTS = builtIn('storage.k8s.io/v1', 'VolumeAttachment', 'volumeattachments', CLUSTER);

export const PRIORITY_CLASSES = builtIn('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', {
  ...CLUSTER,
  ...PLAIN,
  shortNames: ['pc'],
});
export const RUNTIME_CLASSES = other('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses', { ...CLUSTER, ...PLAIN });
export const LEASES = other('coordination.k8s.io/v1', 'Lease', 'leases', PLAIN);

export const ROLES = other('rbac.authorization.k8s.io/v1', 'Role', 'roles', PLAIN);
export const ROLE_BINDINGS = other('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings', PLAIN);
export const CLUSTER_ROLES = other('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', {
  ...CLUSTER,
  ...PLAIN,
});
export const CLUSTER_ROLE_BINDINGS = other(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  {
    ...CLUSTER,
    ...PLAIN,
  },
);

export const VALIDATING_WEBHOOK_CONFIGURATIONS = builtIn(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  { ...CLUSTER, ...PLAIN },
);
export const MUTATING_WEBHOOK_CONFIGURATIONS = builtIn(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  { ...CLUSTER, ...PLAIN },
);
export const CUSTOM_RESOURCE_DEFINITIONS = other(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  { ...CLUSTER, categories: ['api-extensions'], shortNames: ['crd', 'crds'] },
);
export const API_SERVICES = other('apiregistration.k8s.io/v1', 'APIService', 'apiservices', {
  ...CLUSTER,
  categories: ['api-extensions'],
});

/** All of them. */
export const BUILT_IN_TYPES: readonly ResourceType<KubeObject>[] = built;
