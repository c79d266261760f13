/** Shapes of pods and of the parts that many kinds share. */
import { boolean, fields, list, map, number, scalar, string } from './shape.ts';

export const labels = map(string);
export const quantities = map(scalar);
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
  {
    reason: string,
    message: string,
    lastTransitionTime: string,
    lastHeartbeatTime: string,
    lastUpdateTime: string,
    observedGeneration: number,
  },
  { type: string, status: string },
);
export const conditions = list(condition);
const requirement = fields({ values: list(string) }, { key: string, operator: string });
export const labelSelector = fields({ matchLabels: labels, matchExpressions: list(requirement) });
export const objectReference = fields({
  kind: string,
  namespace: string,
  name: string,
  uid: string,
  fieldPath: string,
  apiVersion: string,
  resourceVersion: scalar,
});
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
export const resources = fields({ requests: quantities, limits: quantities });
const container = fields(
  {
    image: string,
    imagePullPolicy: string,
    command: list(string),
    args: list(string),
    restartPolicy: string,
    env: list(
      fields(
        { value: string, valueFrom: fields({ configMapKeyRef: optionalKey, secretKeyRef: optionalKey }) },
        { name: string },
      ),
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
export const nodeSelectorTerm = fields({ matchExpressions: list(requirement), matchFields: list(requirement) });
const podAffinityTerm = fields(
  { labelSelector, namespaceSelector: labelSelector, namespaces: list(string) },
  { topologyKey: string },
);
const podAffinity = fields({ requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm) });
const toleration = fields({ key: string, operator: string, value: string, effect: string, tolerationSeconds: number });
export const podSpec = fields({
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
      {
        labelSelector,
        minDomains: number,
        nodeAffinityPolicy: string,
        nodeTaintsPolicy: string,
        matchLabelKeys: list(string),
      },
      { maxSkew: number, topologyKey: string, whenUnsatisfiable: string },
    ),
  ),
});
export const podTemplate = fields({ metadata: templateMetadata, spec: podSpec });
const terminated = fields({
  reason: string,
  message: string,
  exitCode: number,
  signal: number,
  startedAt: string,
  finishedAt: string,
});
const containerState = fields({
  waiting: fields({ reason: string, message: string }),
  running: fields({ startedAt: string }),
  terminated,
});
const containerStatus = fields(
  {
    ready: boolean,
    started: boolean,
    restartCount: number,
    image: string,
    imageID: string,
    state: containerState,
    lastState: containerState,
  },
  { name: string },
);
export const podStatus = fields({
  phase: string,
  reason: string,
  message: string,
  hostIP: string,
  podIP: string,
  startTime: string,
  nominatedNodeName: string,
  resize: string,
  qosClass: string,
  conditions,
  containerStatuses: list(containerStatus),
  initContainerStatuses: list(containerStatus),
  ephemeralContainerStatuses: list(containerStatus),
});
