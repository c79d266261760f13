/** Which fields of which kind AIA reads, and their types: one table, used by admission. */
import { KIND_GROUPS } from '../model/kinds.ts';
import { boolean, fields, list, map, number, scalar, string, type Shape } from './shape.ts';

const labels = map(string);
const quantities = map(scalar);
const ownerReference = fields({ controller: boolean, uid: string, apiVersion: string }, { kind: string, name: string });
export const metadata = fields(
  {
    namespace: string,
    uid: string,
    labels,
    annotations: labels,
    creationTimestamp: string,
    deletionTimestamp: string,
    deletionGracePeriodSeconds: number,
    generation: number,
    resourceVersion: scalar,
    generateName: string,
    ownerReferences: list(ownerReference),
    finalizers: list(string),
  },
  { name: string },
);
/** A pod template's metadata needs no name. */
const templateMetadata = fields({ labels, annotations: labels });
const condition = fields(
  { reason: string, message: string, lastTransitionTime: string, lastHeartbeatTime: string, lastUpdateTime: string, observedGeneration: number },
  { type: string, status: string },
);
const conditions = list(condition);
const requirement = fields({ values: list(string) }, { key: string, operator: string });
const labelSelector = fields({ matchLabels: labels, matchExpressions: list(requirement) });
const objectReference = fields({ kind: string, namespace: string, name: string, uid: string, fieldPath: string, apiVersion: string, resourceVersion: scalar });
const optionalKey = fields({ name: string, optional: boolean }, { key: string });
const optionalName = fields({ name: string, optional: boolean });
const keyToPath = fields({ path: string, mode: number }, { key: string });

const probe = fields({
  httpGet: fields({ path: string, port: scalar, scheme: string, host: string }),
  tcpSocket: fields({ port: scalar, host: string }),
  grpc: fields({ port: number, service: string }),
  exec: fields({ command: list(string) }),
  initialDelaySeconds: number,
  periodSeconds: number,
  timeoutSeconds: number,
  failureThreshold: number,
  successThreshold: number,
});
const resources = fields({ requests: quantities, limits: quantities });
const container = fields(
  {
    image: string,
    imagePullPolicy: string,
    command: list(string),
    args: list(string),
    restartPolicy: string,
    env: list(
      fields({ value: string, valueFrom: fields({ configMapKeyRef: optionalKey, secretKeyRef: optionalKey }) }, { name: string }),
    ),
    envFrom: list(fields({ prefix: string, configMapRef: optionalName, secretRef: optionalName })),
    ports: list(fields({ name: string, containerPort: number, hostPort: number, hostIP: string, protocol: string })),
    resources,
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    volumeMounts: list(fields({ mountPath: string, subPath: string, readOnly: boolean }, { name: string })),
  },
  { name: string },
);
const projection = fields({
  configMap: fields({ name: string, optional: boolean, items: list(keyToPath) }),
  secret: fields({ name: string, optional: boolean, items: list(keyToPath) }),
});
const volume = fields(
  {
    configMap: fields({ name: string, optional: boolean, items: list(keyToPath) }),
    secret: fields({ secretName: string, optional: boolean, items: list(keyToPath) }),
    projected: fields({ sources: list(projection) }),
    persistentVolumeClaim: fields({}, { claimName: string }),
    ephemeral: fields({ volumeClaimTemplate: fields({ metadata: templateMetadata }) }),
    emptyDir: fields({ medium: string, sizeLimit: scalar }),
    hostPath: fields({ path: string, type: string }),
    csi: fields({ driver: string, volumeAttributes: labels }),
    gcePersistentDisk: fields({ pdName: string, readOnly: boolean }),
  },
  { name: string },
);
const nodeSelectorTerm = fields({ matchExpressions: list(requirement), matchFields: list(requirement) });
const podAffinityTerm = fields({ labelSelector, namespaceSelector: labelSelector, namespaces: list(string) }, { topologyKey: string });
const podAffinity = fields({ requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm) });
const toleration = fields({ key: string, operator: string, value: string, effect: string, tolerationSeconds: number });
const podSpec = fields({
  nodeName: string,
  serviceAccountName: string,
  serviceAccount: string,
  restartPolicy: string,
  hostNetwork: boolean,
  schedulerName: string,
  priorityClassName: string,
  priority: number,
  preemptionPolicy: string,
  terminationGracePeriodSeconds: number,
  activeDeadlineSeconds: number,
  nodeSelector: labels,
  overhead: quantities,
  resources,
  schedulingGates: list(fields({}, { name: string })),
  imagePullSecrets: list(fields({ name: string })),
  tolerations: list(toleration),
  containers: list(container),
  initContainers: list(container),
  ephemeralContainers: list(container),
  volumes: list(volume),
  readinessGates: list(fields({}, { conditionType: string })),
  affinity: fields({
    nodeAffinity: fields({
      requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: list(nodeSelectorTerm) }),
    }),
    podAffinity,
    podAntiAffinity: podAffinity,
  }),
  topologySpreadConstraints: list(
    fields(
      { labelSelector, minDomains: number, nodeAffinityPolicy: string, nodeTaintsPolicy: string, matchLabelKeys: list(string) },
      { maxSkew: number, topologyKey: string, whenUnsatisfiable: string },
    ),
  ),
});
const podTemplate = fields({ metadata: templateMetadata, spec: podSpec });
const terminated = fields({ reason: string, message: string, exitCode: number, signal: number, startedAt: string, finishedAt: string });
const containerState = fields({
  waiting: fields({ reason: string, message: string }),
  running: fields({ startedAt: string }),
  terminated,
});
const containerStatus = fields(
  { ready: boolean, started: boolean, restartCount: number, image: string, imageID: string, state: containerState, lastState: containerState },
  { name: string },
);
const podStatus = fields({
  phase: string,
  reason: string,
  message: string,
  hostIP: string,
  podIP: string,
  startTime: string,
  nominatedNodeName: string,
  qosClass: string,
  conditions,
  containerStatuses: list(containerStatus),
  initContainerStatuses: list(containerStatus),
  ephemeralContainerStatuses: list(containerStatus),
});
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
});
const hpaMetric = fields({}, { type: string });
const jobSpec = fields({
  parallelism: number,
  completions: number,
  backoffLimit: number,
  activeDeadlineSeconds: number,
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
  clientConfig: fields({ caBundle: string, url: string, service: fields({ port: number, path: string }, { name: string, namespace: string }) }),
  namespaceSelector: labelSelector,
  objectSelector: labelSelector,
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
      nodeInfo: fields({ kubeletVersion: string, osImage: string, kernelVersion: string, containerRuntimeVersion: string, architecture: string }),
      images: list(fields({ names: list(string), sizeBytes: number })),
      volumesInUse: list(string),
    }),
  },
  Service: {
    spec: fields({
      type: string,
      clusterIP: string,
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
      claimRef: objectReference,
      accessModes: list(string),
      csi: fields({ driver: string, volumeHandle: string }),
      gcePersistentDisk: fields({ pdName: string }),
      nodeAffinity: fields({ required: fields({ nodeSelectorTerms: list(nodeSelectorTerm) }) }),
    }),
    status: fields({ phase: string, reason: string, message: string }),
  },
  PersistentVolumeClaim: { spec: claimSpec, status: fields({ phase: string, capacity: quantities, accessModes: list(string), conditions }) },
  ReplicationController: workload,
  ResourceQuota: {
    spec: fields({ hard: quantities, scopes: list(string) }),
    status: fields({ hard: quantities, used: quantities }),
  },
  LimitRange: {
    spec: fields({
      limits: list(
        fields({ type: string, max: quantities, min: quantities, default: quantities, defaultRequest: quantities, maxLimitRequestRatio: quantities }),
      ),
    }),
  },
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: {
    spec: fields({
      ...workloadSpec,
      serviceName: string,
      podManagementPolicy: string,
      updateStrategy: fields({ type: string, rollingUpdate: fields({ partition: number }) }),
      volumeClaimTemplates: list(fields({ metadata: fields({ name: string, labels, annotations: labels }), spec: claimSpec })),
    }),
    status: workloadStatus,
  },
  DaemonSet: workload,
  Job: {
    spec: jobSpec,
    status: fields({ active: number, succeeded: number, failed: number, startTime: string, completionTime: string, conditions }),
  },
  CronJob: {
    spec: fields({ schedule: string, suspend: boolean, startingDeadlineSeconds: number, jobTemplate: fields({ spec: jobSpec }) }),
    status: fields({ lastScheduleTime: string, lastSuccessfulTime: string, active: list(objectReference) }),
  },
  HorizontalPodAutoscaler: {
    spec: fields({
      minReplicas: number,
      maxReplicas: number,
      scaleTargetRef: fields({ apiVersion: string }, { kind: string, name: string }),
      metrics: list(hpaMetric),
    }),
    status: fields({ currentReplicas: number, desiredReplicas: number, conditions }),
  },
  PodDisruptionBudget: {
    spec: fields({ minAvailable: scalar, maxUnavailable: scalar, selector: labelSelector }),
    status: fields({ disruptionsAllowed: number, currentHealthy: number, desiredHealthy: number, expectedPods: number, conditions }),
  },
  Ingress: {
    spec: fields({
      ingressClassName: string,
      defaultBackend: ingressBackend,
      tls: list(fields({ hosts: list(string), secretName: string })),
      rules: list(fields({ host: string, http: fields({ paths: list(fields({ path: string, pathType: string, backend: ingressBackend })) }) })),
    }),
    status: fields({ loadBalancer: fields({ ingress: list(fields({ ip: string, hostname: string })) }) }),
  },
  IngressClass: { spec: fields({ controller: string }) },
  NetworkPolicy: { spec: fields({ podSelector: labelSelector, policyTypes: list(string) }) },
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
  CSINode: { spec: fields({ drivers: list(fields({ nodeID: string, allocatable: fields({ count: number }) }, { name: string })) }) },
  VolumeAttachment: {
    spec: fields({ attacher: string, nodeName: string, source: fields({ persistentVolumeName: string }) }),
    status: fields({ attached: boolean, attachError: fields({ message: string, time: string }) }),
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
  Object.entries(KIND_FIELDS).map(([kind, own]) => [
    `${KIND_GROUPS[kind as keyof typeof KIND_GROUPS]}/${kind}`,
    fields(own, { ...envelope, metadata }),
  ]),
);

/** The shape of a kind; kinds that AIA does not read with types need only the envelope. */
export function shapeOf(group: string, kind: string): Shape {
  return SHAPES.get(`${group}/${kind}`) ?? UNKNOWN;
}
