/** What the API server knows about each kind, by `group/Kind`. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { Json } from '../../model/unknown-json.ts';
import type { FieldError } from './api-error.ts';
import type { ResourceStrategy } from './request.ts';
import { DEFINITION_STRATEGY } from './custom-resources/definition-rules.ts';
import {
  beginWith,
  daemonSetCreated,
  daemonSetUpdated,
  jobCreated,
  persistentVolumeCreated,
  replicationControllerCreated,
  serviceCreated,
  type Preparation,
  type UpdatePreparation,
} from './kinds/created.ts';
import type { DefaultRule } from './kinds/default-rule.ts';
import * as other from './kinds/other-defaults.ts';
import { podCreated } from './kinds/pod/pod-created.ts';
import { podDefaults } from './kinds/pod/pod-defaults.ts';
import { podWarnings } from './kinds/pod/pod-warnings.ts';
import { checkEphemeralContainers, checkPodResize } from './kinds/pod/pod-subresources.ts';
import { checkPodUpdate } from './kinds/pod/pod-update.ts';
import { checkPod } from './kinds/pod/pod-validation.ts';
import * as config from './kinds/config-validation.ts';
import { checkCronJob, checkJob, checkJobUpdate } from './kinds/job-validation.ts';
import * as network from './kinds/networking-validation.ts';
import * as others from './kinds/other-validation.ts';
import * as policy from './kinds/policy-validation.ts';
import { Problems } from './kinds/problems.ts';
import { checkService, checkServiceUpdate } from './kinds/service-validation.ts';
import * as storage from './kinds/storage-validation.ts';
import type { Check, CheckUpdate } from './kinds/validation-rule.ts';
import * as workload from './kinds/workload-defaults.ts';
import * as workloads from './kinds/workload-validation.ts';

/** What is known about one kind; its rules work on plain JSON. */
interface Knowledge {
  readonly defaults?: DefaultRule;
  readonly created?: Preparation;
  readonly updated?: UpdatePreparation;
  readonly keepsStatus?: boolean;
  readonly check?: Check;
  /** Without it a changed object is looked at like a new one. */
  readonly checkUpdate?: CheckUpdate;
  /** For subresources that change the spec. */
  readonly checkSubresource?: Readonly<Record<string, CheckUpdate>>;
  /** Where the spec of a pod stands: `spec`, `spec.template.spec`. */
  readonly podAt?: string;
}

const EMPTY = beginWith({});
const NO_ADDRESS = beginWith({ loadBalancer: {} });

const KINDS: Readonly<Record<string, Knowledge>> = {
  '/Pod': {
    podAt: 'spec',
    defaults: podDefaults,
    created: podCreated,
    check: checkPod,
    checkUpdate: checkPodUpdate,
    checkSubresource: { resize: checkPodResize, ephemeralcontainers: checkEphemeralContainers },
  },
  '/PodTemplate': {
    podAt: 'template.spec',
    defaults: workload.podTemplateObjectDefaults,
    check: workloads.checkPodTemplateObject,
  },
  '/ReplicationController': {
    podAt: 'spec.template.spec',
    defaults: workload.replicationControllerDefaults,
    created: replicationControllerCreated,
    check: workloads.checkReplicationController,
  },
  'apps/Deployment': {
    podAt: 'spec.template.spec',
    defaults: workload.deploymentDefaults,
    created: EMPTY,
    check: workloads.checkDeployment,
    checkUpdate: workloads.withFixedSelector(workloads.checkDeployment),
  },
  'apps/ReplicaSet': {
    podAt: 'spec.template.spec',
    defaults: workload.replicaSetDefaults,
    created: beginWith({ replicas: 0 }),
    check: workloads.checkReplicaSet,
    checkUpdate: workloads.withFixedSelector(workloads.checkReplicaSet),
  },
  'apps/StatefulSet': {
    podAt: 'spec.template.spec',
    defaults: workload.statefulSetDefaults,
    created: beginWith({ availableReplicas: 0, replicas: 0 }),
    check: workloads.checkStatefulSet,
    checkUpdate: workloads.checkStatefulSetUpdate,
  },
  'apps/DaemonSet': {
    podAt: 'spec.template.spec',
    defaults: workload.daemonSetDefaults,
    created: daemonSetCreated,
    updated: daemonSetUpdated,
    check: workloads.checkDaemonSet,
    checkUpdate: workloads.withFixedSelector(workloads.checkDaemonSet),
  },
  'batch/Job': {
    podAt: 'spec.template.spec',
    defaults: workload.jobDefaults,
    created: jobCreated,
    check: checkJob,
    checkUpdate: checkJobUpdate,
  },
  'batch/CronJob': {
    podAt: 'spec.jobTemplate.spec.template.spec',
    defaults: workload.cronJobDefaults,
    created: EMPTY,
    check: checkCronJob,
  },
  'autoscaling/HorizontalPodAutoscaler': {
    defaults: other.horizontalPodAutoscalerDefaults,
    created: beginWith({ currentMetrics: null, desiredReplicas: 0 }),
    check: policy.checkAutoscaler,
  },
  'policy/PodDisruptionBudget': {
    created: beginWith({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
    check: policy.checkBudget,
  },
  '/Service': {
    defaults: other.serviceDefaults,
    created: serviceCreated,
    check: checkService,
    checkUpdate: checkServiceUpdate,
  },
  '/Endpoints': { defaults: other.endpointsDefaults },
  'discovery.k8s.io/EndpointSlice': {
    defaults: other.endpointSliceDefaults,
    check: others.checkEndpointSlice,
    checkUpdate: others.checkEndpointSliceUpdate,
  },
  'coordination.k8s.io/Lease': { check: others.checkLease },
  'networking.k8s.io/IngressClass': { check: others.checkIngressClass, checkUpdate: others.checkIngressClassUpdate },
  'node.k8s.io/RuntimeClass': { check: others.checkRuntimeClass, checkUpdate: others.checkRuntimeClassUpdate },
  '/PersistentVolume': {
    defaults: other.persistentVolumeDefaults,
    created: persistentVolumeCreated,
    check: storage.checkVolume,
    checkUpdate: storage.checkVolumeUpdate,
  },
  '/PersistentVolumeClaim': {
    defaults: other.persistentVolumeClaimDefaults,
    created: beginWith({ phase: 'Pending' }),
    check: storage.checkClaim,
    checkUpdate: storage.checkClaimUpdate,
  },
  'storage.k8s.io/StorageClass': {
    defaults: other.storageClassDefaults,
    check: storage.checkStorageClass,
    checkUpdate: storage.checkStorageClassUpdate,
  },
  'storage.k8s.io/CSIDriver': { defaults: other.csiDriverDefaults },
  'storage.k8s.io/VolumeAttachment': { created: beginWith({ attached: false }) },
  '/ConfigMap': { check: config.checkConfigMap, checkUpdate: config.checkConfigMapUpdate },
  '/Secret': { defaults: other.secretDefaults, check: config.checkSecret, checkUpdate: config.checkSecretUpdate },
  '/Namespace': { defaults: other.namespaceDefaults, created: beginWith({ phase: 'Active' }) },
  '/Node': {
    defaults: other.nodeDefaults,
    keepsStatus: true,
    check: policy.checkNode,
    checkUpdate: policy.checkNodeUpdate,
  },
  '/LimitRange': { defaults: other.limitRangeDefaults, check: policy.checkLimits },
  '/ResourceQuota': {
    defaults: other.resourceQuotaDefaults,
    created: EMPTY,
    check: policy.checkQuota,
    checkUpdate: policy.checkQuotaUpdate,
  },
  'scheduling.k8s.io/PriorityClass': {
    defaults: other.priorityClassDefaults,
    check: policy.checkPriorityClass,
    checkUpdate: policy.checkPriorityClassUpdate,
  },
  'networking.k8s.io/Ingress': { created: NO_ADDRESS, check: network.checkIngress },
  'networking.k8s.io/NetworkPolicy': { defaults: other.networkPolicyDefaults, check: network.checkNetworkPolicy },
  'rbac.authorization.k8s.io/Role': { check: network.checkRole },
  'rbac.authorization.k8s.io/ClusterRole': { check: network.checkRole },
  'rbac.authorization.k8s.io/RoleBinding': {
    defaults: other.roleBindingDefaults,
    check: network.checkBinding,
    checkUpdate: network.checkBindingUpdate,
  },
  'rbac.authorization.k8s.io/ClusterRoleBinding': {
    defaults: other.roleBindingDefaults,
    check: network.checkBinding,
    checkUpdate: network.checkBindingUpdate,
  },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': {
    defaults: other.validatingWebhookDefaults,
    check: others.checkWebhooks,
  },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': {
    defaults: other.mutatingWebhookDefaults,
    check: others.checkWebhooks,
  },
};

export const STRATEGIES: ReadonlyMap<string, ResourceStrategy> = new Map([
  ...Object.entries(KINDS).map(([kind, knowledge]) => [kind, strategyOf(knowledge)] as const),
  ['apiextensions.k8s.io/CustomResourceDefinition', DEFINITION_STRATEGY],
]);

/** The rules of a kind for objects of the store, which are plain JSON too. */
function strategyOf(knowledge: Knowledge): ResourceStrategy {
  const { defaults, created, updated, check, checkUpdate, checkSubresource = {}, podAt, ...rest } = knowledge;
  const json = (object: KubeObject) => object as unknown as Json;
  const back = (value: Json) => value as unknown as KubeObject;
  return {
    ...rest,
    ...(defaults === undefined ? {} : { defaults: (object) => back(defaults(json(object))) }),
    ...(created === undefined ? {} : { prepareForCreate: (object, now) => back(created(json(object), now)) }),
    ...(updated === undefined
      ? {}
      : { prepareForUpdate: (object, previous) => back(updated(json(object), json(previous))) }),
    ...(podAt === undefined ? {} : { warnings: (object) => podWarnings(podAt, specAt(json(object), podAt)) }),
    validate: (object) => found((problems) => check?.(problems, json(object))),
    validateUpdate: (object, previous) =>
      found((problems) => (checkUpdate ?? check)?.(problems, json(object), json(previous))),
    validateSubresource: Object.fromEntries(
      Object.entries(checkSubresource).map(([name, look]) => [
        name,
        (object: KubeObject, previous: KubeObject) => found((problems) => look(problems, json(object), json(previous))),
      ]),
    ),
  };
}

function specAt(object: Json, path: string): Json {
  return path.split('.').reduce<Json>((inner, field) => (inner[field] ?? {}) as Json, object);
}

function found(look: (problems: Problems) => void): readonly FieldError[] {
  const problems = new Problems();
  look(problems);
  return problems.found;
}
