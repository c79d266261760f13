/** Which API resources a live cluster is asked for. The ClusterRole in `deploy/rbac/` grants exactly these. */
import { compare, KIND_GROUPS, isNamespacedKind, type KindMap } from '@aia/cluster';

/** A collection of the API that can be listed. */
export interface ListableResource {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural name in the path, for example `deployments`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A resource that AIA knows before it asks; `versions` in order of preference. */
export interface BuiltInResource extends Omit<ListableResource, 'version'> {
  readonly versions: readonly string[];
}

/** Plural names; the API has no rule for them. */
const PLURALS: { readonly [K in keyof KindMap]: string } = {
  Pod: 'pods',
  Node: 'nodes',
  Service: 'services',
  Endpoints: 'endpoints',
  Event: 'events',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  ReplicationController: 'replicationcontrollers',
  ResourceQuota: 'resourcequotas',
  LimitRange: 'limitranges',
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Ingress: 'ingresses',
  IngressClass: 'ingressclasses',
  NetworkPolicy: 'networkpolicies',
  EndpointSlice: 'endpointslices',
  StorageClass: 'storageclasses',
  CSINode: 'csinodes',
  VolumeAttachment: 'volumeattachments',
  PriorityClass: 'priorityclasses',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
  PodMetrics: 'pods',
  NodeMetrics: 'nodes',
};

/** Served versions whose fields `KindMap` describes, best first; `v1` where a group is not named. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  autoscaling: ['v2'],
  'metrics.k8s.io': ['v1', 'v1beta1'],
};

function typed(): BuiltInResource[] {
  return (Object.keys(KIND_GROUPS) as (keyof KindMap)[]).map((kind) => {
    const group = KIND_GROUPS[kind];
    return {
      group,
      resource: PLURALS[kind],
      kind,
      namespaced: isNamespacedKind(group, kind),
      versions: VERSIONS[group] ?? ['v1'],
    };
  });
}

const DEVICES = { group: 'resource.k8s.io', versions: ['v1', 'v1beta2', 'v1beta1'] };

/** Built-in kinds without a type of their own here: access rules, custom kinds, aggregated APIs, devices, drivers. */
const UNTYPED: readonly BuiltInResource[] = [
  { ...DEVICES, resource: 'deviceclasses', kind: 'DeviceClass', namespaced: false },
  { ...DEVICES, resource: 'resourceclaims', kind: 'ResourceClaim', namespaced: true },
  { ...DEVICES, resource: 'resourceclaimtemplates', kind: 'ResourceClaimTemplate', namespaced: true },
  { ...DEVICES, resource: 'resourceslices', kind: 'ResourceSlice', namespaced: false },
  {
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
    versions: ['v1'],
  },
  { group: 'apiregistration.k8s.io', resource: 'apiservices', kind: 'APIService', namespaced: false, versions: ['v1'] },
  { group: 'node.k8s.io', resource: 'runtimeclasses', kind: 'RuntimeClass', namespaced: false, versions: ['v1'] },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    namespaced: false,
    versions: ['v1'],
  },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    kind: 'ClusterRole',
    namespaced: false,
    versions: ['v1'],
  },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    kind: 'RoleBinding',
    namespaced: true,
    versions: ['v1'],
  },
  { group: 'rbac.authorization.k8s.io', resource: 'roles', kind: 'Role', namespaced: true, versions: ['v1'] },
  { group: 'storage.k8s.io', resource: 'csidrivers', kind: 'CSIDriver', namespaced: false, versions: ['v1'] },
  {
    group: 'storage.k8s.io',
    resource: 'csistoragecapacities',
    kind: 'CSIStorageCapacity',
    namespaced: true,
    versions: ['v1'],
  },
];

/** Every built-in resource that is listed, sorted by group and kind. Secrets are among them, by metadata only. */
export const BUILT_IN_RESOURCES: readonly BuiltInResource[] = [...typed(), ...UNTYPED].sort(byGroupAndKind);

/** API groups that the API server itself serves; of these only {@link BUILT_IN_RESOURCES} are listed. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  ...BUILT_IN_RESOURCES.map(({ group }) => group),
  'admission.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'custom.metrics.k8s.io',
  'events.k8s.io',
  'extensions',
  'external.metrics.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'storagemigration.k8s.io',
]);

/** Custom resources that the ClusterRole names beforehand, by group. Others are listed as far as the caller may. */
export const WELL_KNOWN_CUSTOM: Readonly<Record<string, readonly string[]>> = {
  'acme.cert-manager.io': ['challenges', 'orders'],
  'argoproj.io': ['rollouts'],
  'autoscaling.k8s.io': ['verticalpodautoscalers'],
  'cert-manager.io': ['certificaterequests', 'certificates', 'clusterissuers', 'issuers'],
  'cloud.google.com': ['backendconfigs', 'computeclasses'],
  'gateway.networking.k8s.io': [
    'gatewayclasses',
    'gateways',
    'grpcroutes',
    'httproutes',
    'referencegrants',
    'tcproutes',
    'tlsroutes',
    'udproutes',
  ],
  'karpenter.sh': ['nodeclaims', 'nodepools'],
  'keda.sh': ['scaledobjects'],
  'networking.gke.io': ['frontendconfigs', 'managedcertificates'],
};

/** Custom resources that are not listed, by group or `group/resource`, each with the reason. */
const NOT_LISTED: Readonly<Record<string, string>> = {
  'aquasecurity.github.io': 'scan reports, as large as the cluster',
  'authorization.openshift.io': 'mirrors rbac.authorization.k8s.io',
  'cilium.io/ciliumendpoints': 'one per pod, repeats it',
  'cilium.io/ciliumidentities': 'one per set of labels, repeats pods',
  'crd.projectcalico.org': 'address bookkeeping of the network plugin',
  'ext.cattle.io': 'credentials',
  'hub.traefik.io': 'credentials',
  'image.openshift.io': 'image metadata, very large',
  'kpack.io': 'build records',
  'management.cattle.io': 'holds tokens',
  'oauth.openshift.io': 'holds tokens',
  'packages.operators.coreos.com': 'catalogue of software that is not installed, computed on each request',
  'reports.kyverno.io': 'scan reports, as large as the cluster',
  'spdx.softwarecomposition.kubescape.io': 'scan reports, as large as the cluster',
  'user.openshift.io': 'people',
  'wgpolicyk8s.io': 'scan reports, as large as the cluster',
};

/** Identity of a resource without its version: `apps/deployments`. */
export function resourceKey({ group, resource }: Pick<ListableResource, 'group' | 'resource'>): string {
  return `${group}/${resource}`;
}

/** Whether a discovered resource is a custom one that is worth listing. */
export function isCustom(resource: Pick<ListableResource, 'group' | 'resource'>): boolean {
  const { group } = resource;
  return (
    !OWN_GROUPS.has(group) && !Object.hasOwn(NOT_LISTED, group) && !Object.hasOwn(NOT_LISTED, resourceKey(resource))
  );
}

/** Order of listing and of the objects in the snapshot. */
export function byGroupAndKind(
  a: Pick<ListableResource, 'group' | 'kind'>,
  b: Pick<ListableResource, 'group' | 'kind'>,
): number {
  return compare(a.group, b.group) || compare(a.kind, b.kind);
}
