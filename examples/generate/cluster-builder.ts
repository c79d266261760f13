/** Builds the objects of a GKE cluster as its API server would serve them: defaults filled in, owners and statuses consistent. */
import { createHash } from 'node:crypto';

export const NOW = Date.parse('2025-09-27T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const VERSION = 'v1.33.4-gke.1036000';

type Json = Record<string, unknown>;
export interface Meta {
  name: string;
  namespace?: string;
  uid: string;
  [key: string]: unknown;
}
export interface Made {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  [key: string]: unknown;
}

/** RFC 3339 of so long ago. */
export function ago(ms: number): string {
  return new Date(NOW - ms).toISOString().replace('.000Z', 'Z');
}

/** A uid that depends only on what it names. */
export function uidOf(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
/** Suffixes in the alphabet that Kubernetes generates names from. */
export function suffix(length: number, ...parts: string[]): string {
  const bytes = createHash('sha256')
    .update(`suffix/${parts.join('/')}`)
    .digest();
  return Array.from({ length }, (_, i) => SAFE[(bytes[i] ?? 0) % SAFE.length]).join('');
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly memoryLimit?: string;
  readonly command?: readonly string[];
  readonly env?: readonly Json[];
  readonly ports?: readonly number[];
  readonly mounts?: readonly { name: string; mountPath: string }[];
  readonly probePath?: string;
}

export type State = 'ready' | 'unschedulable' | 'creating' | 'crash-loop' | 'run-error' | 'config-error' | 'pending';

export interface PodSpec {
  readonly state: State;
  readonly node?: string;
  readonly ageMs: number;
  readonly message?: string;
  readonly restarts?: number;
}

export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly container: ContainerSpec;
  readonly pods: readonly PodSpec[];
  readonly replicas?: number;
  readonly volumes?: readonly Json[];
  readonly ageMs?: number;
  readonly revision?: number;
  readonly hash?: string;
  readonly labels?: Json;
  readonly previous?: { readonly container: ContainerSpec; readonly ageMs: number };
  readonly progressing?: { readonly status: string; readonly reason: string; readonly message: string };
  readonly failure?: string;
}

/** Collects objects; methods add and return what they made. */
export class ClusterBuilder {
  readonly objects: Made[] = [];
  readonly name: string;
  #version = 184_400_000;

  constructor(name: string) {
    this.name = name;
  }

  add(
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string | undefined,
    ageMs: number,
    rest: Json & { metadata?: Json } = {},
  ): Made {
    const { metadata, ...body } = rest;
    const meta = {
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: ago(ageMs),
      name,
      resourceVersion: String(this.#version++),
      uid: uidOf(kind, namespace ?? '', name),
      ...metadata,
    };
    const object: Made = { apiVersion, kind, metadata: sorted(meta) as Meta, ...body };
    this.objects.push(object);
    return object;
  }

  of(kind: string): Made[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  event(
    about: Made,
    type: string,
    reason: string,
    message: string,
    count: number,
    firstMs: number,
    lastMs: number,
    component: string,
  ): void {
    const { kind, apiVersion, metadata } = about;
    const namespace = metadata.namespace ?? 'default';
    const stamp = createHash('sha256').update(`${metadata.uid}${reason}${message}`).digest('hex').slice(0, 15);
    const reference = {
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      resourceVersion: '184390211',
      uid: metadata.uid,
    };
    this.add('v1', 'Event', `${metadata.name}.1${stamp}`, namespace, Math.min(firstMs, HOUR), {
      count,
      eventTime: null,
      firstTimestamp: ago(firstMs),
      involvedObject: reference,
      lastTimestamp: ago(lastMs),
      message,
      reason,
      reportingComponent: component,
      reportingInstance: '',
      source: { component },
      type,
    });
  }

  namespaces(...names: string[]): void {
    for (const name of names) {
      this.add('v1', 'Namespace', name, undefined, 90 * DAY, {
        metadata: { labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
      this.add('v1', 'ServiceAccount', 'default', name, 90 * DAY);
      this.add('v1', 'ConfigMap', 'kube-root-ca.crt', name, 90 * DAY, {
        data: { 'ca.crt': '(certificate of the cluster)\n' },
      });
    }
  }

  node(
    name: string,
    pool: string,
    machineType: string,
    cpu: { capacity: string; allocatable: string },
    memoryKi: { capacity: number; allocatable: number },
    addresses: Json[],
    zone = 'us-central1-b',
  ): Made {
    const condition = (type: string, status: string, reason: string, message: string, since = 20 * DAY) => ({
      lastHeartbeatTime: ago(45_000),
      lastTransitionTime: ago(since),
      message,
      reason,
      status,
      type,
    });
    const resources = (c: string, m: number) => ({
      cpu: c,
      'ephemeral-storage': '98831908Ki',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: `${m}Ki`,
      pods: '110',
    });
    return this.add('v1', 'Node', name, undefined, 20 * DAY, {
      metadata: {
        labels: {
          'beta.kubernetes.io/arch': 'amd64',
          'beta.kubernetes.io/os': 'linux',
          'cloud.google.com/gke-boot-disk': 'pd-balanced',
          'cloud.google.com/gke-nodepool': pool,
          'cloud.google.com/machine-family': 'e2',
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'node.kubernetes.io/instance-type': machineType,
          'topology.gke.io/zone': zone,
          'topology.kubernetes.io/region': zone.slice(0, -2),
          'topology.kubernetes.io/zone': zone,
        },
        annotations: {
          'container.googleapis.com/instance_id': String(
            4_000_000_000_000 + Number.parseInt(uidOf(name).slice(0, 8), 16),
          ),
          'node.alpha.kubernetes.io/ttl': '0',
        },
      },
      spec: {
        podCIDR: '10.8.0.0/24',
        podCIDRs: ['10.8.0.0/24'],
        providerID: `gce://aia-system-production-2025/${zone}/${name}`,
      },
      status: {
        addresses: [...addresses, { address: name, type: 'Hostname' }],
        allocatable: { ...resources(cpu.allocatable, memoryKi.allocatable), 'ephemeral-storage': '47060071478' },
        capacity: resources(cpu.capacity, memoryKi.capacity),
        conditions: [
          condition('FrequentKubeletRestart', 'False', 'NoFrequentKubeletRestart', 'kubelet is functioning properly'),
          condition('FrequentDockerRestart', 'False', 'NoFrequentDockerRestart', 'docker is functioning properly'),
          condition(
            'FrequentContainerdRestart',
            'False',
            'NoFrequentContainerdRestart',
            'containerd is functioning properly',
          ),
          condition(
            'FrequentUnregisterNetDevice',
            'False',
            'NoFrequentUnregisterNetDevice',
            'node is functioning properly',
          ),
          condition('KernelDeadlock', 'False', 'KernelHasNoDeadlock', 'kernel has no deadlock'),
          condition('ReadonlyFilesystem', 'False', 'FilesystemIsNotReadOnly', 'Filesystem is not read-only'),
          condition(
            'CorruptDockerOverlay2',
            'False',
            'NoCorruptDockerOverlay2',
            'docker overlay2 is functioning properly',
          ),
          condition('NetworkUnavailable', 'False', 'RouteCreated', 'NodeController create implicit route'),
          condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
          condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
          condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: {
          architecture: 'amd64',
          bootID: uidOf('boot', name),
          containerRuntimeVersion: 'containerd://2.0.6',
          kernelVersion: '6.6.97+',
          kubeProxyVersion: VERSION,
          kubeletVersion: VERSION,
          machineID: uidOf('machine', name).replaceAll('-', ''),
          operatingSystem: 'linux',
          osImage: 'Container-Optimized OS from Google',
          systemUUID: uidOf('system', name),
        },
      },
    });
  }

  /** A Deployment with its ReplicaSets and pods; one extra ReplicaSet at 0 for a previous revision. */
  deployment(workload: Workload): Made[] {
    const { namespace, name, container, pods, volumes = [], ageMs = 40 * DAY, revision = 1, previous } = workload;
    const labels = { app: name, ...workload.labels };
    const replicas = workload.replicas ?? pods.length;
    const ready = pods.filter(({ state }) => state === 'ready').length;
    const template = (spec: ContainerSpec) => ({
      metadata: { creationTimestamp: null, labels },
      spec: podTemplate(spec, volumes),
    });
    const owner = this.add('apps/v1', 'Deployment', name, namespace, ageMs, {
      metadata: {
        annotations: { 'deployment.kubernetes.io/revision': String(revision) },
        generation: revision,
        labels,
      },
      spec: {
        progressDeadlineSeconds: 600,
        replicas,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: name } },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
        template: template(container),
      },
      status: {
        ...counts(pods.length, ready, replicas),
        conditions: deploymentConditions(workload, ready, replicas, ageMs),
        observedGeneration: revision,
      },
    });
    if (previous !== undefined)
      this.#replicaSet(
        owner,
        previous.container.image,
        previous.ageMs,
        0,
        0,
        0,
        template(previous.container),
        revision - 1,
        labels,
        undefined,
      );
    const set = this.#replicaSet(
      owner,
      container.image + container.name,
      Math.max(0, ...pods.map((pod) => pod.ageMs), ...(pods.length === 0 ? [ageMs] : [])),
      replicas,
      pods.length,
      ready,
      template(container),
      revision,
      labels,
      workload.failure,
    );
    return pods.map((pod, i) =>
      this.pod(
        namespace,
        `${set.metadata.name}-${suffix(5, set.metadata.name, String(i))}`,
        set,
        { ...labels, 'pod-template-hash': hashOf(set) },
        container,
        volumes,
        pod,
      ),
    );
  }

  #replicaSet(
    owner: Made,
    seed: string,
    ageMs: number,
    wanted: number,
    present: number,
    ready: number,
    template: { metadata: Json; spec: Json },
    revision: number,
    labels: Json,
    failure: string | undefined,
  ): Made {
    const { name, namespace = '' } = owner.metadata;
    const hash = suffix(9, namespace, name, seed, String(revision));
    const own = { ...labels, 'pod-template-hash': hash };
    const conditions =
      failure === undefined
        ? {}
        : {
            conditions: [
              {
                lastTransitionTime: ago(3 * HOUR),
                message: failure,
                reason: 'FailedCreate',
                status: 'True',
                type: 'ReplicaFailure',
              },
            ],
          };
    return this.add('apps/v1', 'ReplicaSet', `${name}-${hash}`, namespace, ageMs, {
      metadata: {
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(wanted),
          'deployment.kubernetes.io/max-replicas': String(wanted + 1),
          'deployment.kubernetes.io/revision': String(revision),
        },
        generation: 1,
        labels: own,
        ownerReferences: [ownerOf(owner)],
      },
      spec: {
        replicas: wanted,
        selector: { matchLabels: { app: name, 'pod-template-hash': hash } },
        template: { ...template, metadata: { ...template.metadata, labels: own } },
      },
      status: {
        ...(ready > 0 && { availableReplicas: ready, readyReplicas: ready }),
        ...conditions,
        ...(present > 0 && { fullyLabeledReplicas: present }),
        observedGeneration: 1,
        replicas: present,
      },
    });
  }

  daemonSet(namespace: string, name: string, container: ContainerSpec, nodes: readonly string[]): void {
    const labels = { 'k8s-app': name };
    const template = {
      metadata: { creationTimestamp: null, labels },
      spec: { ...podTemplate(container, []), tolerations: [{ operator: 'Exists' }] },
    };
    const n = nodes.length;
    const owner = this.add('apps/v1', 'DaemonSet', name, namespace, 90 * DAY, {
      metadata: { generation: 1, labels },
      spec: {
        revisionHistoryLimit: 10,
        selector: { matchLabels: labels },
        template,
        updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }, type: 'RollingUpdate' },
      },
      status: {
        currentNumberScheduled: n,
        desiredNumberScheduled: n,
        numberAvailable: n,
        numberMisscheduled: 0,
        numberReady: n,
        observedGeneration: 1,
        updatedNumberScheduled: n,
      },
    });
    for (const node of nodes) {
      this.pod(
        namespace,
        `${name}-${suffix(5, name, node)}`,
        owner,
        { ...labels, 'controller-revision-hash': suffix(9, name) },
        container,
        [],
        { state: 'ready', node, ageMs: 20 * DAY },
        [{ operator: 'Exists' }],
      );
    }
  }

  pod(
    namespace: string,
    name: string,
    owner: Made | undefined,
    labels: Json,
    container: ContainerSpec,
    volumes: readonly Json[],
    pod: PodSpec,
    tolerations: readonly Json[] = [],
  ): Made {
    const access = `kube-api-access-${suffix(5, name, 'access')}`;
    const spec = podTemplate(container, volumes);
    const [main] = spec.containers as Json[];
    const mounts = [
      ...(((main as Json)['volumeMounts'] as Json[] | undefined) ?? []),
      { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: access, readOnly: true },
    ];
    const passing = ['not-ready', 'unreachable'].map((key) => ({
      effect: 'NoExecute',
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      tolerationSeconds: 300,
    }));
    return this.add('v1', 'Pod', name, namespace, pod.ageMs, {
      metadata: {
        ...(owner && { generateName: name.slice(0, name.lastIndexOf('-') + 1), ownerReferences: [ownerOf(owner)] }),
        labels,
      },
      spec: {
        ...spec,
        containers: [{ ...main, volumeMounts: mounts }],
        ...(pod.node !== undefined && { nodeName: pod.node }),
        enableServiceLinks: true,
        preemptionPolicy: 'PreemptLowerPriority',
        priority: 0,
        tolerations: [...tolerations, ...passing],
        volumes: [...volumes, accessVolume(access)],
      },
      status: podStatus(name, namespace, container, pod),
    });
  }

  service(
    namespace: string,
    name: string,
    type: string,
    selector: Json,
    ports: readonly { name: string; port: number; target: number }[],
    ip: string | undefined,
    ageMs: number,
  ): Made {
    const index = this.of('Service').length;
    const nodePort = (i: number) => 30_000 + ((index * 97 + i * 13) % 2700);
    const lb = type === 'LoadBalancer';
    const service = this.add('v1', 'Service', name, namespace, ageMs, {
      metadata: {
        annotations: { 'cloud.google.com/neg': '{"ingress":true}' },
        labels: selector,
        ...(lb && { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }),
      },
      spec: {
        ...(lb && { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }),
        clusterIP: `10.12.${4 + Math.floor(index / 250)}.${10 + (index % 240)}`,
        clusterIPs: [`10.12.${4 + Math.floor(index / 250)}.${10 + (index % 240)}`],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: ports.map(({ name: port, port: number, target }, i) => ({
          name: port,
          ...(lb && { nodePort: nodePort(i) }),
          port: number,
          protocol: 'TCP',
          targetPort: target,
        })),
        selector,
        sessionAffinity: 'None',
        type,
      },
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip, ipMode: 'VIP' }] } },
    });
    this.#endpoints(service, selector, ports);
    return service;
  }

  #endpoints(service: Made, selector: Json, ports: readonly { name: string; target: number }[]): void {
    const { name, namespace = '' } = service.metadata;
    const pods = this.of('Pod').filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        Object.entries(selector).every(([key, value]) => (metadata['labels'] as Json)[key] === value),
    );
    const endpoints = pods
      .filter((pod) => (pod['status'] as Json)['podIP'] !== undefined)
      .map((pod) => {
        const ready = ((pod['status'] as Json)['conditions'] as Json[]).some(
          ({ type, status }) => type === 'Ready' && status === 'True',
        );
        return {
          addresses: [(pod['status'] as Json)['podIP']],
          conditions: { ready, serving: ready, terminating: false },
          nodeName: (pod['spec'] as Json)['nodeName'],
          targetRef: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
          zone: 'us-central1-b',
        };
      });
    this.add('discovery.k8s.io/v1', 'EndpointSlice', `${name}-${suffix(5, name, 'slice')}`, namespace, 20 * DAY, {
      addressType: 'IPv4',
      endpoints,
      metadata: {
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [ownerOf(service)],
      },
      ports: ports.map(({ name: port, target }) => ({ name: port, port: target, protocol: 'TCP' })),
    });
  }
}

function hashOf(set: Made): unknown {
  return (set.metadata['labels'] as Json)['pod-template-hash'];
}

function ownerOf(owner: Made): Json {
  return {
    apiVersion: owner.apiVersion,
    blockOwnerDeletion: true,
    controller: true,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
  };
}

function counts(present: number, ready: number, wanted: number): Json {
  return {
    ...(ready > 0 && { availableReplicas: ready, readyReplicas: ready }),
    replicas: present,
    ...(wanted > ready && { unavailableReplicas: wanted - ready }),
    updatedReplicas: present,
  };
}

function deploymentConditions(workload: Workload, ready: number, replicas: number, ageMs: number): Json[] {
  const condition = (type: string, status: string, reason: string, message: string, at: number) => ({
    lastTransitionTime: ago(at),
    lastUpdateTime: ago(at),
    message,
    reason,
    status,
    type,
  });
  const late = Math.max(11 * MINUTE, ...workload.pods.filter(({ state }) => state !== 'ready').map((pod) => pod.ageMs));
  const enough = ready >= replicas - Math.floor(replicas * 0.25);
  const available = enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', ageMs)
    : condition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        late,
      );
  const done = { status: 'True', reason: 'NewReplicaSetAvailable', message: 'ReplicaSet has successfully progressed.' };
  const { status, reason, message } = workload.progressing ?? done;
  const failure =
    workload.failure === undefined
      ? []
      : [condition('ReplicaFailure', 'True', 'FailedCreate', workload.failure, 3 * HOUR)];
  return [
    available,
    condition(
      'Progressing',
      status,
      reason,
      message,
      workload.progressing === undefined ? ageMs : Math.max(MINUTE, late - 10 * MINUTE),
    ),
    ...failure,
  ];
}

function podTemplate(container: ContainerSpec, volumes: readonly Json[]): Json {
  const { name, image, cpu, memory, memoryLimit, command, env, ports = [], mounts, probePath } = container;
  const probe = (path: string) => ({
    failureThreshold: 3,
    httpGet: { path, port: ports[0], scheme: 'HTTP' },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  const resources = {
    ...(memoryLimit !== undefined && { limits: { memory: memoryLimit } }),
    ...((cpu ?? memory) !== undefined && {
      requests: { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) },
    }),
  };
  return {
    containers: [
      {
        ...(command && { command }),
        ...(env && { env }),
        image,
        imagePullPolicy: 'IfNotPresent',
        ...(probePath !== undefined && { livenessProbe: probe(probePath), readinessProbe: probe(probePath) }),
        name,
        ...(ports.length > 0 && { ports: ports.map((port) => ({ containerPort: port, protocol: 'TCP' })) }),
        resources,
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        ...(mounts && { volumeMounts: mounts }),
      },
    ],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    serviceAccount: 'default',
    serviceAccountName: 'default',
    terminationGracePeriodSeconds: 30,
    ...(volumes.length > 0 && { volumes }),
  };
}

function accessVolume(name: string): Json {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
        {
          downwardAPI: {
            items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
          },
        },
      ],
    },
  };
}

function podStatus(
  name: string,
  namespace: string,
  container: ContainerSpec,
  { state, ageMs, message = '', restarts = 0, node }: PodSpec,
): Json {
  const condition = (type: string, status: string, rest: Json = {}) => ({
    lastProbeTime: null,
    lastTransitionTime: ago(Math.max(0, ageMs - 4000)),
    ...rest,
    status,
    type,
  });
  const qosClass = container.cpu === undefined && container.memory === undefined ? 'BestEffort' : 'Burstable';
  if (state === 'unschedulable')
    return {
      conditions: [condition('PodScheduled', 'False', { message, reason: 'Unschedulable' })],
      phase: 'Pending',
      qosClass,
    };
  const ready = state === 'ready';
  const unready = { message: `containers with unready status: [${container.name}]`, reason: 'ContainersNotReady' };
  const ip = `10.8.${Number.parseInt(uidOf(node ?? '').slice(0, 2), 16) % 8}.${Number.parseInt(uidOf(name).slice(0, 2), 16) % 250}`;
  const running = state === 'ready' || state === 'crash-loop' || state === 'run-error';
  return {
    conditions: [
      condition('PodReadyToStartContainers', state === 'creating' ? 'False' : 'True'),
      condition('Initialized', 'True'),
      condition('Ready', ready ? 'True' : 'False', ready ? {} : unready),
      condition('ContainersReady', ready ? 'True' : 'False', ready ? {} : unready),
      condition('PodScheduled', 'True'),
    ],
    containerStatuses: [
      containerStatus(
        container,
        state,
        ageMs,
        message,
        restarts,
        `${name}_${namespace}(${uidOf('Pod', namespace, name)})`,
      ),
    ],
    hostIP: '10.128.0.10',
    hostIPs: [{ ip: '10.128.0.10' }],
    phase: running ? 'Running' : 'Pending',
    ...(state !== 'creating' && { podIP: ip, podIPs: [{ ip }] }),
    qosClass,
    startTime: ago(Math.max(0, ageMs - 1000)),
  };
}

function containerStatus(
  { name, image }: ContainerSpec,
  state: State,
  ageMs: number,
  message: string,
  restarts: number,
  pod: string,
): Json {
  const started = state === 'ready';
  const known = { image, imageID: `${image.split(':')[0]}@sha256:${createHash('sha256').update(image).digest('hex')}` };
  const base: Json = {
    ...(state === 'creating' || state === 'config-error'
      ? { image, imageID: '' }
      : { containerID: `containerd://${createHash('sha256').update(pod).digest('hex')}`, ...known }),
    name,
    ready: started,
    restartCount: restarts,
    started,
  };
  const oom = {
    containerID: base.containerID,
    exitCode: 137,
    finishedAt: ago(150_000),
    reason: 'OOMKilled',
    startedAt: ago(210_000),
  };
  const states: Record<State, [Json, Json]> = {
    ready: [{ running: { startedAt: ago(Math.max(0, ageMs - 6000)) } }, {}],
    unschedulable: [{}, {}],
    pending: [{}, {}],
    creating: [{ waiting: { reason: 'ContainerCreating' } }, {}],
    'config-error': [{ waiting: { message, reason: 'CreateContainerConfigError' } }, {}],
    'crash-loop': [
      {
        waiting: {
          message: `back-off 5m0s restarting failed container=${name} pod=${pod}`,
          reason: 'CrashLoopBackOff',
        },
      },
      { terminated: oom },
    ],
    'run-error': [
      { waiting: { message, reason: 'RunContainerError' } },
      {
        terminated: {
          containerID: base.containerID,
          exitCode: 128,
          finishedAt: ago(100_000),
          message,
          reason: 'StartError',
          startedAt: '1970-01-01T00:00:00Z',
        },
      },
    ],
  };
  const [now, last] = states[state];
  return { ...base, lastState: last, state: now };
}

function sorted(value: Json): Json {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
