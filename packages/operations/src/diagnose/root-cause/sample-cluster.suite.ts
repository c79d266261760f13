/** Kubernetes objects for tests, complete enough to be mistaken for those of a GKE cluster of version 1.33. */
import type { CloudSnapshot, NodePool, Quota, UsageHistory } from '@aia/cluster';

/** Raw input; the builder checks every type, so tests may write objects as they come. */
export type Raw = Readonly<Record<string, unknown>>;

/** When every sample cluster is observed. */
export const NOW = Date.parse('2025-09-27T12:00:00Z');

/** A timestamp so many minutes before the observation. */
export function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString().replace('.000Z', 'Z');
}

interface NodeOptions {
  readonly cpu?: string;
  readonly memory?: string;
  readonly zone?: string;
  readonly taints?: readonly Raw[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly ready?: 'True' | 'False' | 'Unknown';
  /** Conditions beside Ready. */
  readonly conditions?: readonly Raw[];
  readonly unschedulable?: boolean;
}

/** A GKE node of type e2-standard-4 unless told otherwise. */
export function node(name: string, options: NodeOptions = {}): Raw {
  const { cpu = '4', memory = '16Gi', zone = 'us-central1-a', ready = 'True' } = options;
  const why = ready === 'True' ? 'KubeletReady' : ready === 'Unknown' ? 'NodeStatusUnknown' : 'KubeletNotReady';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: ago(20_000),
      labels: {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': zone,
        'topology.kubernetes.io/region': 'us-central1',
        'node.kubernetes.io/instance-type': 'e2-standard-4',
        'cloud.google.com/gke-nodepool': 'default-pool',
        ...options.labels,
      },
    },
    spec: {
      ...(options.taints && { taints: options.taints }),
      ...(options.unschedulable && { unschedulable: true }),
    },
    status: {
      capacity: { cpu, memory, pods: '110' },
      allocatable: { cpu, memory, pods: '110' },
      conditions: [
        ...(options.conditions ?? []),
        {
          type: 'Ready',
          status: ready,
          reason: why,
          message: ready === 'Unknown' ? 'Kubelet stopped posting node status.' : why,
          lastTransitionTime: ago(90),
        },
      ],
      nodeInfo: { kubeletVersion: 'v1.33.4-gke.1134000' },
    },
  };
}

/** How one pod of a workload is doing. */
export interface PodState {
  readonly node?: string;
  readonly spec?: Raw;
  /** Merged over the container. */
  readonly container?: Raw;
  readonly status?: Raw;
  /** State of the container; running and ready by default. */
  readonly containerStatus?: Raw;
  readonly metadata?: Raw;
  /** Events about the pod: type Warning, reason, message, minutes ago. */
  readonly events?: readonly (readonly [reason: string, message: string])[];
  /** The init container's status, where the pod has one. */
  readonly initStatus?: Raw;
}

interface WorkloadOptions {
  readonly replicas?: number;
  readonly image?: string;
  readonly requests?: Readonly<Record<string, string>>;
  /** Merged over the pod spec of template and pods. */
  readonly spec?: Raw;
  readonly conditions?: readonly Raw[];
  /** Image of the revision before, kept as an empty ReplicaSet. */
  readonly previousImage?: string;
  /** Merged over the Deployment's status. */
  readonly status?: Raw;
  /** Events about the current ReplicaSet. */
  readonly events?: readonly (readonly [reason: string, message: string])[];
  /** Minutes since it was created. */
  readonly age?: number;
}

/** A Deployment, its ReplicaSet and pods in the given states, with their events. */
export function deployment(
  namespace: string,
  name: string,
  pods: readonly PodState[],
  options: WorkloadOptions = {},
): readonly Raw[] {
  const { replicas = pods.length, age = 1500 } = options;
  const spec = specOf(name, options);
  const ready = pods.filter(isReady).length;
  const created = { namespace, creationTimestamp: ago(age) };
  const labels = { app: name };
  const template = { metadata: { labels }, spec };
  const set = `${name}-6d4cf56db6`;
  const owner = (kind: string, owned: string) => [
    { apiVersion: 'apps/v1', kind, name: owned, uid: `uid-${namespace}-${kind}-${owned}`, controller: true },
  ];
  const revision = (number: string) => ({ 'deployment.kubernetes.io/revision': number });
  const now = options.previousImage === undefined ? '1' : '2';
  const replicaSet = (setName: string, number: string, count: number, ofTemplate: Raw) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...created,
      name: setName,
      uid: `uid-${namespace}-ReplicaSet-${setName}`,
      annotations: revision(number),
      ownerReferences: owner('Deployment', name),
    },
    spec: { replicas: count, selector: { matchLabels: labels }, template: ofTemplate },
    status: { replicas: count === 0 ? 0 : pods.length, readyReplicas: count === 0 ? 0 : ready },
  });
  const containers = (spec['containers'] as readonly Raw[]).map((one) => ({ ...one, image: options.previousImage }));
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        ...created,
        name,
        uid: `uid-${namespace}-Deployment-${name}`,
        generation: 1,
        annotations: revision(now),
      },
      spec: { replicas, selector: { matchLabels: labels }, template },
      status: {
        observedGeneration: 1,
        replicas: pods.length,
        updatedReplicas: pods.length,
        readyReplicas: ready,
        availableReplicas: ready,
        conditions: options.conditions ?? [
          { type: 'Available', status: ready >= replicas ? 'True' : 'False', lastTransitionTime: ago(60) },
          { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastUpdateTime: ago(age - 1) },
        ],
        ...options.status,
      },
    },
    replicaSet(set, now, replicas, template),
    ...(options.previousImage === undefined
      ? []
      : [replicaSet(`${name}-5b8f7c9d44`, '1', 0, { ...template, spec: { ...spec, containers } })]),
    ...(options.events ?? []).map(([reason, message], i) =>
      event('ReplicaSet', namespace, set, reason, message, { i, apiVersion: 'apps/v1' }),
    ),
    ...pods.flatMap((state, i) =>
      podOf(namespace, `${set}-${suffix(i)}`, spec, state, owner('ReplicaSet', set), labels),
    ),
  ];
}

/** A StatefulSet with its pods. */
export function statefulSet(
  namespace: string,
  name: string,
  pods: readonly PodState[],
  options: WorkloadOptions & { readonly claimTemplates?: readonly Raw[] } = {},
): readonly Raw[] {
  const spec = specOf(name, options);
  const labels = { app: name };
  const ready = pods.filter(isReady).length;
  const uid = `uid-${namespace}-StatefulSet-${name}`;
  const owners = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true }];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { namespace, name, uid, creationTimestamp: ago(1500), generation: 1 },
      spec: {
        replicas: options.replicas ?? pods.length,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
        ...(options.claimTemplates && { volumeClaimTemplates: options.claimTemplates }),
      },
      status: { observedGeneration: 1, replicas: pods.length, readyReplicas: ready, availableReplicas: ready },
    },
    ...pods.flatMap((state, i) => podOf(namespace, `${name}-${i}`, spec, state, owners, labels)),
  ];
}

function specOf(name: string, { image = `reg.example/${name}:1.4`, requests, spec }: WorkloadOptions): Raw {
  return {
    containers: [{ name, image, ...(requests && { resources: { requests } }) }],
    serviceAccountName: 'default',
    restartPolicy: 'Always',
    ...spec,
  };
}

function suffix(i: number): string {
  return `x${String.fromCharCode(97 + (i % 26))}${Math.floor(i / 26)}kq`;
}

function isReady({ containerStatus, node: at, status }: PodState): boolean {
  return at !== undefined && status?.['phase'] === undefined && (containerStatus?.['ready'] ?? true) === true;
}

function podOf(
  namespace: string,
  name: string,
  template: Raw,
  state: PodState,
  ownerReferences: readonly Raw[],
  labels: Raw,
): readonly Raw[] {
  const [first, ...others] = template['containers'] as readonly Raw[];
  const container: Raw = { ...first, ...state.container };
  const ready = isReady(state);
  const condition = (type: string) => ({ type, status: ready ? 'True' : 'False', lastTransitionTime: ago(120) });
  const started = { state: { running: { startedAt: ago(1400) } }, ready: true, restartCount: 0 };
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace,
        name,
        uid: `uid-${namespace}-Pod-${name}`,
        creationTimestamp: ago(1450),
        labels,
        ownerReferences,
        ...state.metadata,
      },
      spec: {
        ...template,
        containers: [container, ...others],
        ...(state.node !== undefined && { nodeName: state.node }),
        ...state.spec,
      },
      status: {
        phase: state.node === undefined ? 'Pending' : 'Running',
        ...(state.node !== undefined && {
          startTime: ago(1449),
          conditions: [condition('Ready'), condition('ContainersReady')],
          containerStatuses: [
            { name: container['name'], image: container['image'], ...started, ...state.containerStatus },
          ],
          ...(state.initStatus && { initContainerStatuses: [state.initStatus] }),
        }),
        ...state.status,
      },
    },
    ...(state.events ?? []).map(([reason, message], i) => event('Pod', namespace, name, reason, message, { i })),
  ];
}

/** An event of the last minutes. */
export function event(
  kind: string,
  namespace: string,
  name: string,
  reason: string,
  message: string,
  more: { readonly i?: number; readonly apiVersion?: string } = {},
): Raw {
  const { i = 0, apiVersion = 'v1' } = more;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: namespace || 'default', name: `${name}.${kind}.${reason}.${i}`, creationTimestamp: ago(40) },
    involvedObject: {
      apiVersion,
      kind,
      namespace,
      name,
      ...(kind !== 'Node' && kind !== 'Service' && { uid: `uid-${namespace}-${kind}-${name}` }),
    },
    type: ['TriggeredScaleUp', 'NotTriggerScaleUp', 'Killing', 'EnsuringLoadBalancer'].includes(reason)
      ? 'Normal'
      : 'Warning',
    reason,
    message,
    count: 12,
    firstTimestamp: ago(60),
    lastTimestamp: ago(5 + i),
    source: { component: 'kubelet' },
  };
}

/** A pod that the scheduler refuses with these words. */
export function unschedulable(message: string, events: PodState['events'] = []): PodState {
  return {
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: ago(60) },
      ],
    },
    events: [['FailedScheduling', message], ...events],
  };
}

/** A pod whose container waits. */
export function waiting(
  on: string,
  reason: string,
  message: string,
  more: { readonly last?: Raw; readonly restarts?: number; readonly events?: PodState['events'] } = {},
): PodState {
  return {
    node: on,
    ...(more.events && { events: more.events }),
    containerStatus: {
      ready: false,
      restartCount: more.restarts ?? 0,
      state: { waiting: { reason, message } },
      ...(more.last && { lastState: { terminated: { startedAt: ago(12), finishedAt: ago(10), ...more.last } } }),
    },
  };
}

/** A pod in CrashLoopBackOff whose last end was this. */
export function crashing(on: string, last: Raw, restarts = 41, events?: PodState['events']): PodState {
  return waiting(on, 'CrashLoopBackOff', 'back-off 5m0s restarting failed container', {
    last,
    restarts,
    ...(events && { events }),
  });
}

/** A running pod. */
export function running(on: string): PodState {
  return { node: on };
}

/** A Service of type LoadBalancer; without an address it is pending. */
export function loadBalancer(namespace: string, name: string, ip?: string): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, uid: `uid-${namespace}-Service-${name}`, creationTimestamp: ago(20_000) },
    spec: { type: 'LoadBalancer', ports: [{ port: 80, protocol: 'TCP' }], selector: { app: `for-${name}` } },
    status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
  };
}

/** A quota row of us-central1. */
export function quota(metric: string, limit: number, usage: number, region = 'us-central1'): Quota {
  return { metric, region, limit, usage };
}

/** A managed cluster with one pool that scales by itself. */
export function managed(pool: Partial<NodePool> = {}): CloudSnapshot['cluster'] {
  return {
    name: 'prod',
    location: 'us-central1',
    version: '1.33.4-gke.1134000',
    autopilot: false,
    autoscalingProfile: 'BALANCED',
    nodePools: [
      {
        name: 'default-pool',
        machineType: 'e2-standard-4',
        diskType: 'pd-balanced',
        diskSizeGb: 100,
        spot: false,
        zones: ['us-central1-a'],
        autoscaling: { minNodes: 1, maxNodes: 10 },
        initialNodes: 2,
        privateNodes: false,
        ...pool,
      },
    ],
  };
}

/** Eight days of steady use, every half hour, for the running pods of a scenario's objects. */
export function steadyUse(objects: readonly Raw[], cpuMillis: number, memoryBytes = 128 * 2 ** 20): UsageHistory {
  const count = 8 * 48;
  const times = Array.from({ length: count }, (_, i) => NOW - (count - 1 - i) * 1_800_000);
  const series = (value: number) => ({ times, values: times.map((_, i) => value * (i % 7 === 0 ? 1 : 0.9)) });
  const pods = objects.filter(
    (object) => object['kind'] === 'Pod' && (object['spec'] as Raw)['nodeName'] !== undefined,
  ) as readonly { metadata: { namespace: string; name: string }; spec: { containers: readonly { name: string }[] } }[];
  return {
    sources: ['prometheus'],
    containers: pods.flatMap(({ metadata, spec }) =>
      spec.containers.map(({ name }) => ({
        namespace: metadata.namespace,
        pod: metadata.name,
        container: name,
        cpu: series(cpuMillis),
        memory: series(memoryBytes),
      })),
    ),
  };
}
