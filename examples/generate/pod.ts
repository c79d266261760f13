/** Pods as the API server serves them: templates with their defaults, and the statuses that kubelets write. */
import { ago, digest, imageDigest, uidOf, type Json } from './identity.ts';

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly cpuLimit?: string;
  readonly memoryLimit?: string;
  readonly command?: readonly string[];
  readonly env?: readonly Json[];
  readonly ports?: readonly number[];
  readonly mounts?: readonly { name: string; mountPath: string }[];
  readonly probePath?: string;
  /** Further containers of the same pod. */
  readonly beside?: readonly ContainerSpec[];
}

/** What a pod has beside its containers. */
export interface PodProfile {
  readonly serviceAccount?: string;
  readonly priorityClass?: 'system-node-critical' | 'system-cluster-critical';
  readonly hostNetwork?: boolean;
  readonly tolerations?: readonly Json[];
}

export type State = 'ready' | 'unschedulable' | 'creating' | 'crash-loop' | 'run-error' | 'config-error' | 'pending';

export interface PodSpec {
  readonly state: State;
  readonly node?: string;
  readonly ageMs: number;
  readonly message?: string;
  readonly restarts?: number;
}

/** Where a pod runs. */
export interface Place {
  readonly hostIP: string;
  readonly podIP: string;
}

const PRIORITIES = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 } as const;

/** `spec.template.spec`. */
export function podTemplate(container: ContainerSpec, volumes: readonly Json[], profile: PodProfile = {}): Json {
  const { serviceAccount = 'default', priorityClass, hostNetwork = false, tolerations = [] } = profile;
  return {
    containers: containersOf(container).map(containerTemplate),
    dnsPolicy: hostNetwork ? 'Default' : 'ClusterFirst',
    ...(hostNetwork && { hostNetwork }),
    ...(priorityClass !== undefined && { priorityClassName: priorityClass }),
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    serviceAccount,
    serviceAccountName: serviceAccount,
    terminationGracePeriodSeconds: 30,
    ...(tolerations.length > 0 && { tolerations }),
    ...(volumes.length > 0 && { volumes }),
  };
}

/** All containers of a pod. */
function containersOf(container: ContainerSpec): readonly ContainerSpec[] {
  return [container, ...(container.beside ?? [])];
}

/** The priority that admission writes into a pod. */
export function priorityOf({ priorityClass }: PodProfile): number {
  return priorityClass === undefined ? 0 : PRIORITIES[priorityClass];
}

function containerTemplate(container: ContainerSpec): Json {
  const { name, image, command, env, ports = [], mounts, probePath } = container;
  const probe = (path: string) => ({
    failureThreshold: 3,
    httpGet: { path, port: ports[0], scheme: 'HTTP' },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  return {
    ...(command && { command }),
    ...(env && { env }),
    image,
    imagePullPolicy: 'IfNotPresent',
    ...(probePath !== undefined && { livenessProbe: probe(probePath) }),
    name,
    ...(ports.length > 0 && { ports: ports.map((port) => ({ containerPort: port, protocol: 'TCP' })) }),
    ...(probePath !== undefined && { readinessProbe: probe(probePath) }),
    resources: resourcesOf(container),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...(mounts && { volumeMounts: mounts }),
  };
}

function resourcesOf({ cpu, memory, cpuLimit, memoryLimit }: ContainerSpec): Json {
  const amounts = (c: string | undefined, m: string | undefined) => ({
    ...(c !== undefined && { cpu: c }),
    ...(m !== undefined && { memory: m }),
  });
  return {
    ...((cpuLimit ?? memoryLimit) !== undefined && { limits: amounts(cpuLimit, memoryLimit) }),
    ...((cpu ?? memory) !== undefined && { requests: amounts(cpu, memory) }),
  };
}

/** The volume and the mount of the token that admission adds. */
export function accessVolume(name: string): { readonly volume: Json; readonly mount: Json } {
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    {
      downwardAPI: {
        items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
      },
    },
  ];
  return {
    volume: { name, projected: { defaultMode: 420, sources } },
    mount: { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name, readOnly: true },
  };
}

/** `status`; `mounts` are those of each container, with the token's. */
export function podStatus(
  name: string,
  namespace: string,
  container: ContainerSpec,
  pod: PodSpec,
  place: Place | undefined,
  mounts: ReadonlyMap<string, readonly Json[]>,
): Json {
  const { state, ageMs, message = '' } = pod;
  const all = containersOf(container);
  const since = (delayMs: number) => ago(Math.max(0, ageMs - delayMs));
  const condition = (type: string, status: string, delayMs: number, rest: Json = {}) => ({
    lastProbeTime: null,
    lastTransitionTime: since(delayMs),
    ...rest,
    status,
    type,
  });
  const plain = all.every(({ cpu, memory }) => cpu === undefined && memory === undefined);
  const qosClass = plain ? 'BestEffort' : 'Burstable';
  if (place === undefined)
    return {
      conditions: [condition('PodScheduled', 'False', 0, { message, reason: 'Unschedulable' })],
      phase: 'Pending',
      qosClass,
    };
  const ready = state === 'ready';
  const unready = { message: `containers with unready status: [${container.name}]`, reason: 'ContainersNotReady' };
  const created = state !== 'creating';
  const id = `${name}_${namespace}(${uidOf('Pod', namespace, name)})`;
  return {
    conditions: [
      condition('PodReadyToStartContainers', created ? 'True' : 'False', created ? 3000 : 0),
      condition('Initialized', 'True', 0),
      condition('Ready', ready ? 'True' : 'False', ready ? 9000 : 0, ready ? {} : unready),
      condition('ContainersReady', ready ? 'True' : 'False', ready ? 9000 : 0, ready ? {} : unready),
      condition('PodScheduled', 'True', 0),
    ],
    containerStatuses: all
      .map((one) => containerStatus(one, pod, id, mounts.get(one.name) ?? []))
      .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1)),
    hostIP: place.hostIP,
    hostIPs: [{ ip: place.hostIP }],
    phase: state === 'ready' || state === 'crash-loop' || state === 'run-error' ? 'Running' : 'Pending',
    ...(created && { podIP: place.podIP, podIPs: [{ ip: place.podIP }] }),
    qosClass,
    startTime: since(0),
  };
}

function containerStatus(container: ContainerSpec, pod: PodSpec, id: string, mounts: readonly Json[]): Json {
  const { name, image } = container;
  const { state, ageMs, restarts = 0 } = pod;
  const known = state !== 'creating' && state !== 'config-error';
  const containerID = `containerd://${digest('container', id, name).toString('hex')}`;
  const resources = resourcesOf(container);
  const [now, last] = statesOf(name, pod, id, containerID);
  return {
    ...(known && 'requests' in resources && { allocatedResources: resources['requests'] }),
    ...(known && { containerID }),
    image,
    imageID: known ? `${image.replace(/(?:@.*|:[^/:]*)$/, '')}@${digestIn(image)}` : '',
    lastState: last,
    name,
    ready: state === 'ready',
    ...(known && { resources }),
    restartCount: restarts,
    started: state === 'ready',
    state: state === 'ready' ? { running: { startedAt: ago(Math.max(0, ageMs - 6000)) } } : now,
    ...(mounts.length > 0 && {
      volumeMounts: mounts.map((mount) =>
        mount['readOnly'] === true ? { ...mount, recursiveReadOnly: 'Disabled' } : mount,
      ),
    }),
  };
}

function digestIn(image: string): string {
  const at = image.indexOf('@');
  return at === -1 ? imageDigest(image) : image.slice(at + 1);
}

/** State and last state of a container that does not run. */
function statesOf(
  name: string,
  { state, message = '' }: PodSpec,
  id: string,
  containerID: string,
): readonly [Json, Json] {
  const waiting = (reason: string, text?: string) => ({
    waiting: { ...(text !== undefined && { message: text }), reason },
  });
  const ended = (exitCode: number, reason: string, startedAt: string, finishedMs: number, text?: string) => ({
    terminated: {
      containerID,
      exitCode,
      finishedAt: ago(finishedMs),
      ...(text !== undefined && { message: text }),
      reason,
      startedAt,
    },
  });
  switch (state) {
    case 'creating':
      return [waiting('ContainerCreating'), {}];
    case 'config-error':
      return [waiting('CreateContainerConfigError', message), {}];
    case 'crash-loop':
      return [
        waiting('CrashLoopBackOff', `back-off 5m0s restarting failed container=${name} pod=${id}`),
        ended(137, 'OOMKilled', ago(210_000), 150_000),
      ];
    case 'run-error':
      return [
        waiting('RunContainerError', message),
        ended(128, 'StartError', '1970-01-01T00:00:00Z', 100_000, message),
      ];
    default:
      return [{}, {}];
  }
}
