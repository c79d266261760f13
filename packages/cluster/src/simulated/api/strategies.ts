/** What the API server knows about each kind, by `group/Kind`. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ResourceStrategy } from './request.ts';
import {
  beginWith,
  jobCreated,
  persistentVolumeCreated,
  replicationControllerCreated,
  serviceCreated,
  type Preparation,
} from './kinds/created.ts';
import type { DefaultRule, Json } from './kinds/default-rule.ts';
import * as other from './kinds/other-defaults.ts';
import { podCreated } from './kinds/pod/pod-created.ts';
import { podDefaults } from './kinds/pod/pod-defaults.ts';
import * as workload from './kinds/workload-defaults.ts';

/** What is known about one kind; its rules work on plain JSON. */
interface Knowledge {
  readonly defaults?: DefaultRule;
  readonly created?: Preparation;
  readonly keepsStatus?: boolean;
}

const EMPTY = beginWith({});
const NO_ADDRESS = beginWith({ loadBalancer: {} });

const KINDS: Readonly<Record<string, Knowledge>> = {
  '/Pod': { defaults: podDefaults, created: podCreated },
  '/PodTemplate': { defaults: workload.podTemplateObjectDefaults },
  '/ReplicationController': { defaults: workload.replicationControllerDefaults, created: replicationControllerCreated },
  'apps/Deployment': { defaults: workload.deploymentDefaults, created: EMPTY },
  'apps/ReplicaSet': { defaults: workload.replicaSetDefaults, created: beginWith({ replicas: 0 }) },
  'apps/StatefulSet': {
    defaults: workload.statefulSetDefaults,
    created: beginWith({ availableReplicas: 0, replicas: 0 }),
  },
  'apps/DaemonSet': {
    defaults: workload.daemonSetDefaults,
    created: beginWith({
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    }),
  },
  'batch/Job': { defaults: workload.jobDefaults, created: jobCreated },
  'batch/CronJob': { defaults: workload.cronJobDefaults, created: EMPTY },
  'autoscaling/HorizontalPodAutoscaler': {
    defaults: other.horizontalPodAutoscalerDefaults,
    created: beginWith({ currentMetrics: null, desiredReplicas: 0 }),
  },
  'policy/PodDisruptionBudget': {
    created: beginWith({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  },
  '/Service': { defaults: other.serviceDefaults, created: serviceCreated },
  '/Endpoints': { defaults: other.endpointsDefaults },
  'discovery.k8s.io/EndpointSlice': { defaults: other.endpointSliceDefaults },
  '/PersistentVolume': { defaults: other.persistentVolumeDefaults, created: persistentVolumeCreated },
  '/PersistentVolumeClaim': {
    defaults: other.persistentVolumeClaimDefaults,
    created: beginWith({ phase: 'Pending' }),
  },
  'storage.k8s.io/StorageClass': { defaults: other.storageClassDefaults },
  'storage.k8s.io/CSIDriver': { defaults: other.csiDriverDefaults },
  'storage.k8s.io/VolumeAttachment': { created: beginWith({ attached: false }) },
  '/Secret': { defaults: other.secretDefaults },
  '/Namespace': { defaults: other.namespaceDefaults, created: beginWith({ phase: 'Active' }) },
  '/Node': { defaults: other.nodeDefaults, keepsStatus: true },
  '/LimitRange': { defaults: other.limitRangeDefaults },
  '/ResourceQuota': { defaults: other.resourceQuotaDefaults, created: EMPTY },
  'scheduling.k8s.io/PriorityClass': { defaults: other.priorityClassDefaults },
  'networking.k8s.io/Ingress': { created: NO_ADDRESS },
  'networking.k8s.io/NetworkPolicy': { defaults: other.networkPolicyDefaults },
  'rbac.authorization.k8s.io/RoleBinding': { defaults: other.roleBindingDefaults },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { defaults: other.roleBindingDefaults },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': { defaults: other.validatingWebhookDefaults },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': { defaults: other.mutatingWebhookDefaults },
};

export const STRATEGIES: ReadonlyMap<string, ResourceStrategy> = new Map(
  Object.entries(KINDS).map(([kind, knowledge]) => [kind, strategyOf(knowledge)]),
);

/** The rules of a kind for objects of the store, which are plain JSON too. */
function strategyOf({ defaults, created, ...rest }: Knowledge): ResourceStrategy {
  const json = (object: KubeObject) => object as unknown as Json;
  const back = (value: Json) => value as unknown as KubeObject;
  return {
    ...rest,
    ...(defaults === undefined ? {} : { defaults: (object) => back(defaults(json(object))) }),
    ...(created === undefined ? {} : { prepareForCreate: (object, now) => back(created(json(object), now)) }),
  };
}
