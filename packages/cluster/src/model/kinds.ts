/** The built-in kinds that AIA reads with types, each with its API group. Every other kind is kept as it came. */
import type * as admission from 'kubernetes-types/admissionregistration/v1.js';
import type * as apps from 'kubernetes-types/apps/v1.js';
import type * as autoscaling from 'kubernetes-types/autoscaling/v2.js';
import type * as batch from 'kubernetes-types/batch/v1.js';
import type * as core from 'kubernetes-types/core/v1.js';
import type * as discovery from 'kubernetes-types/discovery/v1.js';
import type * as networking from 'kubernetes-types/networking/v1.js';
import type * as policy from 'kubernetes-types/policy/v1.js';
import type * as scheduling from 'kubernetes-types/scheduling/v1.js';
import type * as storage from 'kubernetes-types/storage/v1.js';
import type { Kube, KubeObject } from './kube-object.ts';

export type Pod = Kube<core.Pod>;
export type PodSpec = NonNullable<Pod['spec']>;
export type Container = PodSpec['containers'][number];
export type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
export type Node = Kube<core.Node>;
export type Service = Kube<core.Service>;
export type Event = Omit<Kube<core.Event>, 'involvedObject'> & {
  readonly involvedObject?: Kube<core.Event>['involvedObject'];
};
export type Secret = Kube<core.Secret>;
export type ConfigMap = Kube<core.ConfigMap>;
export type Deployment = Kube<apps.Deployment>;
export type ReplicaSet = Kube<apps.ReplicaSet>;
export type StatefulSet = Kube<apps.StatefulSet>;
export type DaemonSet = Kube<apps.DaemonSet>;
export type Job = Kube<batch.Job>;
export type PersistentVolume = Kube<core.PersistentVolume>;
export type PersistentVolumeClaim = Kube<core.PersistentVolumeClaim>;
export type ResourceQuota = Kube<core.ResourceQuota>;

/** `metrics.k8s.io` objects, as `kubectl get podmetrics -o json` prints them. */
export interface PodMetrics extends KubeObject {
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage?: Readonly<Record<string, string>> }[];
}
export interface NodeMetrics extends KubeObject {
  readonly timestamp?: string;
  readonly window?: string;
  readonly usage?: Readonly<Record<string, string>>;
}

/** Kind name → type. The keys are the arguments of `ClusterSnapshot.list`. */
export interface KindMap {
  Pod: Pod;
  Node: Node;
  Service: Service;
  Endpoints: Kube<core.Endpoints>;
  Event: Event;
  ConfigMap: ConfigMap;
  Secret: Secret;
  Namespace: Kube<core.Namespace>;
  ServiceAccount: Kube<core.ServiceAccount>;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  ReplicationController: Kube<core.ReplicationController>;
  ResourceQuota: ResourceQuota;
  LimitRange: Kube<core.LimitRange>;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  CronJob: Kube<batch.CronJob>;
  HorizontalPodAutoscaler: Kube<autoscaling.HorizontalPodAutoscaler>;
  PodDisruptionBudget: Kube<policy.PodDisruptionBudget>;
  Ingress: Kube<networking.Ingress>;
  IngressClass: Kube<networking.IngressClass>;
  NetworkPolicy: Kube<networking.NetworkPolicy>;
  EndpointSlice: Kube<discovery.EndpointSlice>;
  StorageClass: Kube<storage.StorageClass>;
  CSINode: Kube<storage.CSINode>;
  VolumeAttachment: Kube<storage.VolumeAttachment>;
  PriorityClass: Kube<scheduling.PriorityClass>;
  ValidatingWebhookConfiguration: Kube<admission.ValidatingWebhookConfiguration>;
  MutatingWebhookConfiguration: Kube<admission.MutatingWebhookConfiguration>;
  PodMetrics: PodMetrics;
  NodeMetrics: NodeMetrics;
}

/** API group of each built-in kind. */
export const KIND_GROUPS: { readonly [K in keyof KindMap]: string } = {
  Pod: '',
  Node: '',
  Service: '',
  Endpoints: '',
  Event: '',
  ConfigMap: '',
  Secret: '',
  Namespace: '',
  ServiceAccount: '',
  PersistentVolume: '',
  PersistentVolumeClaim: '',
  ReplicationController: '',
  ResourceQuota: '',
  LimitRange: '',
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  HorizontalPodAutoscaler: 'autoscaling',
  PodDisruptionBudget: 'policy',
  Ingress: 'networking.k8s.io',
  IngressClass: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  EndpointSlice: 'discovery.k8s.io',
  StorageClass: 'storage.k8s.io',
  CSINode: 'storage.k8s.io',
  VolumeAttachment: 'storage.k8s.io',
  PriorityClass: 'scheduling.k8s.io',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io',
  MutatingWebhookConfiguration: 'admissionregistration.k8s.io',
  PodMetrics: 'metrics.k8s.io',
  NodeMetrics: 'metrics.k8s.io',
};

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Node',
  'Namespace',
  'PersistentVolume',
  'IngressClass',
  'StorageClass',
  'CSINode',
  'VolumeAttachment',
  'PriorityClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'NodeMetrics',
]);

/** Whether objects of a built-in kind live in a namespace (a manifest that names none means `default`). */
export function isNamespacedKind(group: string, kind: string): boolean {
  return KIND_GROUPS[kind as keyof KindMap] === group && !CLUSTER_SCOPED.has(kind);
}
