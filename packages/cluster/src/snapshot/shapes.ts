/** Which fields of which kind AIA reads, and their types: one table, used by admission. */
import { KIND_GROUPS } from '../model/kinds.ts';
import { CUSTOM_KIND_FIELDS } from './custom-shapes.ts';
import {
  labels,
  quantities,
  metadata,
  conditions,
  labelSelector,
  objectReference,
  resources,
  nodeSelectorTerm,
  podSpec,
  podTemplate,
  podStatus,
} from './pod-shapes.ts';
import { boolean, fields, list, number, scalar, string, type Shape } from './shape.ts';

const workloadSpec = {
  replicas: number,
  selector: labelSelector,
  template: podTemplate,
  minReadySeconds: number,
  progressDeadlineSeconds: number,
  revisionHistoryLimit: number,
  paused: boolean,
};
const workloadStatus = fields({
  observedGeneration: number,
  replicas: number,
  readyReplicas: number,
  availableReplicas: number,
  updatedReplicas: number,
  unavailableReplicas: number,
  fullyLabeledReplicas: number,
  currentReplicas: number,
  currentRevision: string,
  updateRevision: string,
  currentNumberScheduled: number,
  desiredNumberScheduled: number,
  numberMisscheduled: number,
  numberReady: number,
  numberAvailable: number,
  numberUnavailable: number,
  updatedNumberScheduled: number,
  conditions,
});
const workload = { spec: fields(workloadSpec), status: workloadStatus };
const claimSpec = fields({
  storageClassName: string,
  volumeName: string,
  volumeMode: string,
  accessModes: list(string),
  selector: labelSelector,
  resources,
  volumeAttributesClassName: string,
});
const networkPeer = fields({
  podSelector: labelSelector,
  namespaceSelector: labelSelector,
  ipBlock: fields({ cidr: string, except: list(string) }),
});
const networkPort = fields({ protocol: string, port: scalar, endPort: number });
const metricTarget = fields({ type: string, averageUtilization: number, averageValue: scalar, value: scalar });
const namedMetric = fields({ metric: fields({ name: string, selector: labelSelector }), target: metricTarget });
const hpaMetric = fields(
  {
    resource: fields({ target: metricTarget }, { name: string }),
    containerResource: fields({ target: metricTarget }, { name: string, container: string }),
    external: namedMetric,
    object: namedMetric,
    pods: namedMetric,
  },
  { type: string },
);
const volumeError = fields({ message: string, time: string });
const jobSpec = fields({
  parallelism: number,
  completions: number,
  completionMode: string,
  backoffLimit: number,
  backoffLimitPerIndex: number,
  maxFailedIndexes: number,
  activeDeadlineSeconds: number,
  ttlSecondsAfterFinished: number,
  managedBy: string,
  suspend: boolean,
  selector: labelSelector,
  template: podTemplate,
});
const ingressBackend = fields({
  service: fields({ port: fields({ name: string, number }) }, { name: string }),
  resource: objectReference,
});
const webhook = fields({
  name: string,
  failurePolicy: string,
  clientConfig: fields({
    caBundle: string,
    url: string,
    service: fields({ port: number, path: string }, { name: string, namespace: string }),
  }),
  namespaceSelector: labelSelector,
  objectSelector: labelSelector,
  rules: list(fields({ apiGroups: list(string), operations: list(string), resources: list(string), scope: string })),
  matchConditions: list(fields({ name: string, expression: string })),
});
const webhooks = { webhooks: list(webhook) };
const subset = fields({
  addresses: list(fields({ ip: string, nodeName: string, targetRef: objectReference })),
  notReadyAddresses: list(fields({ ip: string, nodeName: string, targetRef: objectReference })),
  ports: list(fields({ name: string, port: number, protocol: string })),
});

/** Fields beside `apiVersion`, `kind` and `metadata`, by kind. */
const KIND_FIELDS: { readonly [K in keyof typeof KIND_GROUPS]: Readonly<Record<string, Shape>> } = {
  Pod: { spec: podSpec, status: podStatus },
  Node: {
    spec: fields({
      providerID: string,
      unschedulable: boolean,
      podCIDR: string,
      taints: list(fields({ value: string, timeAdded: string }, { key: string, effect: string })),
    }),
    status: fields({
      capacity: quantities,
      allocatable: quantities,
      conditions,
      addresses: list(fields({}, { type: string, address: string })),
      nodeInfo: fields({
        kubeletVersion: string,
        osImage: string,
        kernelVersion: string,
        containerRuntimeVersion: string,
        architecture: string,
      }),
      images: list(fields({ names: list(string), sizeBytes: number })),
      volumesInUse: list(string),
    }),
  },
  Service: {
    spec: fields({
      type: string,
      clusterIP: string,
      ipFamilies: list(string),
      selector: labels,
      externalName: string,
      externalIPs: list(string),
      loadBalancerIP: string,
      loadBalancerClass: string,
      externalTrafficPolicy: string,
      publishNotReadyAddresses: boolean,
      ports: list(fields({ name: string, protocol: string, targetPort: scalar, nodePort: number }, { port: number })),
    }),
    status: fields({
      conditions,
      loadBalancer: fields({ ingress: list(fields({ ip: string, hostname: string })) }),
    }),
  },
  Endpoints: { subsets: list(subset) },
  Event: {
    involvedObject: objectReference,
    type: string,
    reason: string,
    message: string,
    count: number,
    firstTimestamp: string,
    lastTimestamp: string,
    eventTime: string,
    reportingComponent: string,
    source: fields({ component: string, host: string }),
    series: fields({ count: number, lastObservedTime: string }),
  },
  ConfigMap: { data: labels, binaryData: labels, immutable: boolean },
  Secret: { type: string, data: labels, stringData: labels, immutable: boolean },
  Namespace: { spec: fields({ finalizers: list(string) }), status: fields({ phase: string, conditions }) },
  ServiceAccount: { imagePullSecrets: list(fields({ name: string })), secrets: list(objectReference) },
  PersistentVolume: {
    spec: fields({
      capacity: quantities,
      storageClassName: string,
      persistentVolumeReclaimPolicy: string,
      claimRef: objectReference,
      accessModes: list(string),
      csi: fields({ driver: string, volumeHandle: string }),
      gcePersistentDisk: fields({ pdName: string }),
      nodeAffinity: fields({ required: fields({ nodeSelectorTerms: list(nodeSelectorTerm) }) }),
    }),
    status: fields({ phase: string, reason: string, message: string, lastPhaseTransitionTime: string }),
  },
  PersistentVolumeClaim: {
    spec: claimSpec,
    status: fields({
      phase: string,
      capacity: quantities,
      accessModes: list(string),
      allocatedResourceStatuses: labels,
      modifyVolumeStatus: fields({ targetVolumeAttributesClassName: string, status: string }),
      conditions,
    }),
  },
  ReplicationController: workload,
  ResourceQuota: {
    spec: fields({
      hard: quantities,
      scopes: list(string),
      scopeSelector: fields({
        matchExpressions: list(fields({ scopeName: string, operator: string, values: list(string) })),
      }),
    }),
    status: fields({ hard: quantities, used: quantities }),
  },
  LimitRange: {
    spec: fields({
      limits: list(
        fields({
          type: string,
          max: quantities,
          min: quantities,
          default: quantities,
          defaultRequest: quantities,
          maxLimitRequestRatio: quantities,
        }),
      ),
    }),
  },
  Deployment: {
    spec: fields({
      ...workloadSpec,
      strategy: fields({ type: string, rollingUpdate: fields({ maxSurge: scalar, maxUnavailable: scalar }) }),
    }),
    status: workloadStatus,
  },
  ReplicaSet: workload,
  StatefulSet: {
    spec: fields({
      ...workloadSpec,
      serviceName: string,
      podManagementPolicy: string,
      updateStrategy: fields({ type: string, rollingUpdate: fields({ partition: number }) }),
      volumeClaimTemplates: list(
        fields({ metadata: fields({ name: string, labels, annotations: labels }), spec: claimSpec }),
      ),
    }),
    status: workloadStatus,
  },
  DaemonSet: workload,
  Job: {
    spec: jobSpec,
    status: fields({
      active: number,
      succeeded: number,
      failed: number,
      ready: number,
      terminating: number,
      failedIndexes: string,
      completedIndexes: string,
      startTime: string,
      completionTime: string,
      conditions,
    }),
  },
  CronJob: {
    spec: fields({
      schedule: string,
      timeZone: string,
      concurrencyPolicy: string,
      suspend: boolean,
      startingDeadlineSeconds: number,
      jobTemplate: fields({ spec: jobSpec }),
    }),
    status: fields({ lastScheduleTime: string, lastSuccessfulTime: string, active: list(objectReference) }),
  },
  HorizontalPodAutoscaler: {
    spec: fields({
      minReplicas: number,
      maxReplicas: number,
      scaleTargetRef: fields({ apiVersion: string }, { kind: string, name: string }),
      metrics: list(hpaMetric),
    }),
    status: fields({
      observedGeneration: number,
      lastScaleTime: string,
      currentReplicas: number,
      desiredReplicas: number,
      conditions,
    }),
  },
  PodDisruptionBudget: {
    spec: fields({ minAvailable: scalar, maxUnavailable: scalar, selector: labelSelector }),
    status: fields({
      observedGeneration: number,
      disruptionsAllowed: number,
      currentHealthy: number,
      desiredHealthy: number,
      expectedPods: number,
      conditions,
    }),
  },
  Ingress: {
    spec: fields({
      ingressClassName: string,
      defaultBackend: ingressBackend,
      tls: list(fields({ hosts: list(string), secretName: string })),
      rules: list(
        fields({
          host: string,
          http: fields({ paths: list(fields({ path: string, pathType: string, backend: ingressBackend })) }),
        }),
      ),
    }),
    status: fields({
      loadBalancer: fields({
        ingress: list(
          fields({
            ip: string,
            hostname: string,
            ports: list(fields({ port: number, protocol: string, error: string })),
          }),
        ),
      }),
    }),
  },
  IngressClass: { spec: fields({ controller: string }) },
  NetworkPolicy: {
    spec: fields({
      podSelector: labelSelector,
      policyTypes: list(string),
      ingress: list(fields({ from: list(networkPeer), ports: list(networkPort) })),
      egress: list(fields({ to: list(networkPeer), ports: list(networkPort) })),
    }),
  },
  EndpointSlice: {
    addressType: string,
    endpoints: list(
      fields({
        addresses: list(string),
        conditions: fields({ ready: boolean, serving: boolean, terminating: boolean }),
        targetRef: objectReference,
        nodeName: string,
        zone: string,
      }),
    ),
    ports: list(fields({ name: string, port: number, protocol: string })),
  },
  StorageClass: { provisioner: string, volumeBindingMode: string, allowVolumeExpansion: boolean, parameters: labels },
  CSINode: {
    spec: fields({
      drivers: list(fields({ nodeID: string, allocatable: fields({ count: number }) }, { name: string })),
    }),
  },
  VolumeAttachment: {
    spec: fields({ attacher: string, nodeName: string, source: fields({ persistentVolumeName: string }) }),
    status: fields({ attached: boolean, attachError: volumeError, detachError: volumeError }),
  },
  PriorityClass: { value: number, globalDefault: boolean, preemptionPolicy: string },
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
  PodMetrics: { timestamp: string, window: string, containers: list(fields({ usage: quantities }, { name: string })) },
  NodeMetrics: { timestamp: string, window: string, usage: quantities },
};

const envelope = { apiVersion: string, kind: string };
const UNKNOWN = fields({}, { ...envelope, metadata });
const SHAPES = new Map<string, Shape>(
  [
    ...Object.entries(KIND_FIELDS).map(
      ([kind, own]) => [`${KIND_GROUPS[kind as keyof typeof KIND_GROUPS]}/${kind}`, own] as const,
    ),
    ...Object.entries(CUSTOM_KIND_FIELDS),
  ].map(([key, own]) => [key, fields(own, { ...envelope, metadata })]),
);

/** The shape of a kind; kinds that AIA does not read with types need only the envelope. */
export function shapeOf(group: string, kind: string): Shape {
  return SHAPES.get(`${group}/${kind}`) ?? UNKNOWN;
}
