/** Builds the objects of a GKE cluster as its API server would serve them: defaults filled in, owners and statuses consistent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ago,
  DAY,
  digest,
  HOUR,
  jitter,
  microsAgo,
  MINUTE,
  NOW,
  sorted,
  suffix,
  templateHash,
  uidOf,
  type Json,
} from './identity.ts';
import { nodeBody, type Machine } from './node.ts';
import {
  accessVolume,
  podStatus,
  podTemplate,
  priorityOf,
  type ContainerSpec,
  type Place,
  type PodProfile,
  type PodSpec,
} from './pod.ts';

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

export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly container: ContainerSpec;
  readonly pods: readonly PodSpec[];
  readonly replicas?: number;
  readonly volumes?: readonly Json[];
  readonly ageMs?: number;
  readonly revision?: number;
  /** Key of the label that selects the pods, default `app`. */
  readonly labelKey?: string;
  readonly profile?: PodProfile;
  /** For volumes that one node holds at a time. */
  readonly recreate?: boolean;
  readonly previous?: { readonly container: ContainerSpec; readonly ageMs: number };
  /** The rollout went beyond its deadline. */
  readonly timedOut?: boolean;
  readonly failure?: string;
}

/** What an event says. */
export interface Said {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly component: string;
  /** The container it is about. */
  readonly container?: string;
}

export interface ServiceSpec {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'LoadBalancer' | 'NodePort';
  readonly selector: Json | undefined;
  readonly ports: readonly { name: string; port: number; target: number }[];
  readonly clusterIP?: string;
  readonly ip?: string;
  readonly ageMs: number;
  readonly labels?: Json;
}

const CA = readFileSync(join(import.meta.dirname, 'assets/ca.pem'), 'utf8');
const PASSING = ['not-ready', 'unreachable'].map((key) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));
/** What the DaemonSet controller lets its pods bear. */
const DAEMON_PASSING = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([key, effect]) => ({ effect, key: `node.kubernetes.io/${key}`, operator: 'Exists' }));

/** Kinds whose statuses tell the moment of their making. */
const EXACT: ReadonlySet<string> = new Set(['Deployment', 'Event', 'Pod', 'ReplicaSet', 'Service']);

/** Collects objects; methods add and return what they made. */
export class ClusterBuilder {
  readonly objects: Made[] = [];
  readonly name: string;
  readonly project: string;
  readonly #places = new Map<string, { readonly hostIP: string; readonly podNet: string; next: number }>();
  #version = 184_412_000;

  constructor(name: string, project: string) {
    this.name = name;
    this.project = project;
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
    const createdMs = EXACT.has(kind) ? ageMs : ageMs - jitter(55_000, kind, namespace ?? '', name);
    this.#version += 3 + (digest('version', kind, name).readUInt16BE() % 900);
    const meta = {
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: ago(createdMs),
      name,
      resourceVersion: String(this.#version),
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

  /** An event of the kind that `component` writes: the scheduler series of events.k8s.io, the others counted ones. */
  event(about: Made, given: Said): void {
    const { kind, apiVersion, metadata } = about;
    const said = {
      ...given,
      firstMs: given.firstMs - jitter(40_000, metadata.uid, given.reason, 'first'),
      lastMs: given.lastMs + jitter(50_000, metadata.uid, given.reason, 'last'),
    };
    const nanos =
      BigInt(NOW - said.firstMs) * 1_000_000n + BigInt(digest('nanos', metadata.uid, said.message).readUInt32BE());
    const involvedObject = {
      apiVersion,
      ...(said.container !== undefined && { fieldPath: `spec.containers{${said.container}}` }),
      kind,
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      resourceVersion: metadata['resourceVersion'],
      uid: metadata.uid,
    };
    const { type, reason, message } = said;
    const times = said.component === 'default-scheduler' ? seriesOf(said, metadata.uid) : countedOf(said, about);
    this.add('v1', 'Event', `${metadata.name}.${nanos.toString(16)}`, metadata.namespace ?? 'default', said.firstMs, {
      ...times,
      involvedObject,
      message,
      reason,
      type,
    });
  }

  namespaces(ageMs: number, ...names: string[]): void {
    for (const name of names) {
      this.add('v1', 'Namespace', name, undefined, ageMs, {
        metadata: { labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
      this.add('v1', 'ServiceAccount', 'default', name, ageMs);
      this.add('v1', 'ConfigMap', 'kube-root-ca.crt', name, ageMs, {
        metadata: {
          annotations: {
            'kubernetes.io/description':
              'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
          },
        },
        data: { 'ca.crt': CA },
      });
    }
  }

  /** A node; private without an external address. */
  node(name: string, pool: string, machine: Machine, externalIP?: string, zone = 'us-central1-b'): Made {
    const index = this.#places.size;
    const internalIP = `10.128.0.${14 + index * 3}`;
    const podNet = `10.8.${index}`;
    this.#places.set(name, { hostIP: internalIP, podNet, next: 2 });
    const place = { project: this.project, pool, zone, podNet, internalIP, externalIP };
    return this.add('v1', 'Node', name, undefined, 20 * DAY, nodeBody(name, machine, place));
  }

  /** Adds to each node the images of its containers, as its kubelet reports them. */
  reportImages(): void {
    for (const node of this.of('Node')) {
      const images = this.of('Pod')
        .filter((pod) => (pod['spec'] as Json)['nodeName'] === node.metadata.name)
        .flatMap((pod) => ((pod['status'] as Json)['containerStatuses'] as Json[] | undefined) ?? [])
        .filter((status) => status['imageID'] !== '')
        .map((status) => [status['imageID'], status['image']] as [string, string]);
      const status = node['status'] as Json;
      status['images'] = [...new Map(images)]
        .map(([id, image]) => ({
          names: image.includes('@') ? [image] : [id, image],
          sizeBytes: 18_000_000 + (digest('size', image).readUInt32BE() % 400_000_000),
        }))
        .sort((a, b) => b.sizeBytes - a.sizeBytes);
    }
  }

  /** A Deployment with its ReplicaSets and pods, some minutes older than asked; one extra ReplicaSet at 0 for a previous revision. */
  deployment(asked: Workload): Made[] {
    const workload = settled(asked);
    const { namespace, name, container, pods, volumes = [], ageMs, previous, profile = {} } = workload;
    const revision = workload.revision ?? (previous === undefined ? 1 : 2);
    const labels = { [workload.labelKey ?? 'app']: name };
    const replicas = workload.replicas ?? pods.length;
    const ready = pods.filter(({ state }) => state === 'ready').length;
    const template = (spec: ContainerSpec) => ({
      metadata: { creationTimestamp: null, labels },
      spec: podTemplate(spec, volumes, profile),
    });
    const setName = `${name}-${hashOf(namespace, name, template(container).spec)}`;
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
        selector: { matchLabels: labels },
        strategy:
          workload.recreate === true
            ? { type: 'Recreate' }
            : { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
        template: template(container),
      },
      status: {
        conditions: deploymentConditions(workload, setName, { ready, replicas, ageMs }),
        observedGeneration: revision,
        ...counts(pods.length, ready, replicas),
      },
    });
    if (previous !== undefined)
      this.#replicaSet(owner, template(previous.container), { ageMs: previous.ageMs, revision: revision - 1 });
    const set = this.#replicaSet(owner, template(container), {
      ageMs: pods.length === 0 ? ageMs : Math.max(...pods.map((pod) => pod.ageMs)),
      revision,
      replicas: { wanted: replicas, present: pods.length, ready },
      ...(workload.failure !== undefined && { failure: workload.failure }),
    });
    return pods.map((pod, i) =>
      this.pod(namespace, `${set.metadata.name}-${suffix(5, set.metadata.name, String(i))}`, set, {
        labels: { ...labels, 'pod-template-hash': (set.metadata['labels'] as Json)['pod-template-hash'] },
        container,
        volumes,
        pod,
        profile,
      }),
    );
  }

  #replicaSet(
    owner: Made,
    template: { metadata: Json; spec: Json },
    facts: {
      readonly ageMs: number;
      readonly revision: number;
      readonly replicas?: { readonly wanted: number; readonly present: number; readonly ready: number };
      readonly failure?: string;
    },
  ): Made {
    const { name, namespace = '' } = owner.metadata;
    const { wanted, present, ready } = facts.replicas ?? { wanted: 0, present: 0, ready: 0 };
    const hash = hashOf(namespace, name, template.spec);
    const own = { ...(template.metadata['labels'] as Json), 'pod-template-hash': hash };
    const failed = {
      lastTransitionTime: ago(3 * HOUR),
      message: facts.failure,
      reason: 'FailedCreate',
      status: 'True',
      type: 'ReplicaFailure',
    };
    const desired = (owner['spec'] as { replicas: number }).replicas;
    return this.add('apps/v1', 'ReplicaSet', `${name}-${hash}`, namespace, facts.ageMs, {
      metadata: {
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(desired),
          'deployment.kubernetes.io/max-replicas': String(desired + Math.ceil(desired / 4)),
          'deployment.kubernetes.io/revision': String(facts.revision),
        },
        generation: facts.replicas === undefined ? 2 : 1,
        labels: own,
        ownerReferences: [ownerOf(owner)],
      },
      spec: {
        replicas: wanted,
        selector: { matchLabels: own },
        template: { ...template, metadata: { ...template.metadata, labels: own } },
      },
      status: {
        ...(ready > 0 && { availableReplicas: ready }),
        ...(facts.failure !== undefined && { conditions: [failed] }),
        ...(present > 0 && { fullyLabeledReplicas: present }),
        observedGeneration: facts.replicas === undefined ? 2 : 1,
        ...(ready > 0 && { readyReplicas: ready }),
        replicas: present,
      },
    });
  }

  daemonSet(
    namespace: string,
    name: string,
    container: ContainerSpec,
    nodes: readonly string[],
    profile: PodProfile = {},
  ): void {
    const labels = { 'k8s-app': name };
    const spec = podTemplate(container, [], profile);
    const n = nodes.length;
    const owner = this.add('apps/v1', 'DaemonSet', name, namespace, 90 * DAY, {
      metadata: {
        annotations: { 'deprecated.daemonset.template.generation': '1' },
        generation: 1,
        labels: { ...labels, 'addonmanager.kubernetes.io/mode': 'Reconcile' },
      },
      spec: {
        revisionHistoryLimit: 10,
        selector: { matchLabels: labels },
        template: { metadata: { creationTimestamp: null, labels }, spec },
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
    const hash = templateHash('daemon', name);
    for (const node of nodes) {
      this.pod(namespace, `${name}-${suffix(5, name, node)}`, owner, {
        labels: { 'controller-revision-hash': hash, ...labels, 'pod-template-generation': '1' },
        container,
        volumes: [],
        pod: { state: 'ready', node, ageMs: 20 * DAY - 75_000 - jitter(9000, name, node) },
        profile,
      });
    }
  }

  /** The API server's mirror of a static pod: named after its node and owned by it. */
  mirrorPod(namespace: string, name: string, labels: Json, container: ContainerSpec, node: Made): Made {
    const hash = digest('config', name).toString('hex').slice(0, 32);
    const profile: PodProfile = {
      hostNetwork: true,
      priorityClass: 'system-node-critical',
      tolerations: [
        { effect: 'NoExecute', operator: 'Exists' },
        { effect: 'NoSchedule', operator: 'Exists' },
      ],
    };
    const made = this.pod(namespace, `${name}-${node.metadata.name}`, undefined, {
      labels,
      container,
      volumes: [],
      pod: {
        state: 'ready',
        node: node.metadata.name,
        ageMs: 20 * DAY - 70_000 - jitter(9000, name, node.metadata.name),
      },
      profile,
    });
    Object.assign(made.metadata, {
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.seen': ago(20 * DAY).replace('Z', '.214507891Z'),
        'kubernetes.io/config.source': 'file',
      },
      ownerReferences: [
        { apiVersion: 'v1', controller: true, kind: 'Node', name: node.metadata.name, uid: node.metadata.uid },
      ],
    });
    made.metadata = sorted(made.metadata) as Meta;
    return made;
  }

  pod(
    namespace: string,
    name: string,
    owner: Made | undefined,
    facts: {
      readonly labels: Json;
      readonly container: ContainerSpec;
      readonly volumes: readonly Json[];
      readonly pod: PodSpec;
      readonly profile: PodProfile;
    },
  ): Made {
    const { labels, container, volumes, pod, profile } = facts;
    const access = owner === undefined ? undefined : accessVolume(`kube-api-access-${suffix(5, name, 'access')}`);
    const spec = podTemplate(container, volumes, profile);
    const containers = (spec['containers'] as Json[]).map((one) => ({
      ...one,
      ...(access !== undefined && {
        volumeMounts: [...((one['volumeMounts'] as Json[] | undefined) ?? []), access.mount],
      }),
    }));
    const mounts = new Map(
      containers.map((one): [string, Json[]] => [
        String((one as Json)['name']),
        ((one as Json)['volumeMounts'] as Json[] | undefined) ?? [],
      ]),
    );
    const bears = owner === undefined ? [] : owner.kind === 'DaemonSet' ? DAEMON_PASSING : PASSING;
    return this.add('v1', 'Pod', name, namespace, pod.ageMs, {
      metadata: {
        ...(owner && { generateName: name.slice(0, name.lastIndexOf('-') + 1), ownerReferences: [ownerOf(owner)] }),
        labels,
      },
      spec: sorted({
        ...spec,
        containers,
        ...(pod.node !== undefined && { nodeName: pod.node }),
        enableServiceLinks: true,
        preemptionPolicy: 'PreemptLowerPriority',
        priority: priorityOf(profile),
        tolerations: [...((spec['tolerations'] as Json[] | undefined) ?? []), ...bears],
        volumes: [...volumes, ...(access === undefined ? [] : [access.volume])],
      }),
      status: podStatus(name, namespace, container, pod, this.#place(pod, profile), mounts),
    });
  }

  #place({ node }: PodSpec, { hostNetwork = false }: PodProfile): Place | undefined {
    const place = node === undefined ? undefined : this.#places.get(node);
    if (place === undefined) return undefined;
    return { hostIP: place.hostIP, podIP: hostNetwork ? place.hostIP : `${place.podNet}.${place.next++}` };
  }

  service({ namespace, name, type, selector, ports, ip, ageMs, ...rest }: ServiceSpec): Made {
    const address = digest('clusterIP', namespace, name);
    const clusterIP = rest.clusterIP ?? `10.12.${address.readUInt8(0) % 16}.${(address.readUInt8(1) % 240) + 14}`;
    const nodePort = (port: string) => 30_000 + (digest('nodePort', namespace, name, port).readUInt16BE() % 2767);
    const lb = type === 'LoadBalancer';
    const outside = type !== 'ClusterIP';
    const bornMs = ageMs + MINUTE + jitter(50_000, 'service', namespace, name);
    const service = this.add('v1', 'Service', name, namespace, bornMs, {
      metadata: {
        ...(selector !== undefined && { annotations: { 'cloud.google.com/neg': '{"ingress":true}' } }),
        labels: rest.labels ?? selector,
        ...(lb && { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }),
      },
      spec: {
        ...(lb && { allocateLoadBalancerNodePorts: true }),
        clusterIP,
        clusterIPs: [clusterIP],
        ...(outside && { externalTrafficPolicy: 'Cluster' }),
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: ports.map(({ name: port, port: number, target }) => ({
          name: port,
          ...(outside && { nodePort: nodePort(port) }),
          port: number,
          protocol: 'TCP',
          targetPort: target,
        })),
        ...(selector !== undefined && { selector }),
        sessionAffinity: 'None',
        type,
      },
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip, ipMode: 'VIP' }] } },
    });
    if (selector !== undefined) this.#endpoints(service, selector, ports, ageMs);
    return service;
  }

  #endpoints(service: Made, selector: Json, ports: readonly { name: string; target: number }[], ageMs: number): void {
    const { name, namespace = '' } = service.metadata;
    const endpoints = this.of('Pod')
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          Object.entries(selector).every(([key, value]) => (metadata['labels'] as Json)[key] === value),
      )
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
    this.add('discovery.k8s.io/v1', 'EndpointSlice', `${name}-${suffix(5, name, 'slice')}`, namespace, ageMs - MINUTE, {
      addressType: 'IPv4',
      // Without endpoints a slice is a placeholder, which has no ports either.
      endpoints: endpoints.length === 0 ? null : endpoints,
      metadata: {
        annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': ago(ageMs - MINUTE) },
        generateName: `${name}-`,
        generation: 1,
        labels: {
          ...(service.metadata['labels'] as Json | undefined),
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [ownerOf(service)],
      },
      ports:
        endpoints.length === 0
          ? null
          : ports.map(({ name: port, target }) => ({ name: port, port: target, protocol: 'TCP' })),
    });
  }

  /** A bound claim on a zonal disk, with its volume. */
  disk(namespace: string, name: string, gibibytes: number, ageMs: number, zone = 'us-central1-b'): void {
    const volume = `pvc-${uidOf('PersistentVolumeClaim', namespace, name)}`;
    const accessModes = ['ReadWriteOnce'];
    const storage = `${gibibytes}Gi`;
    const driver = 'pd.csi.storage.gke.io';
    const claim = this.add('v1', 'PersistentVolumeClaim', name, namespace, ageMs, {
      metadata: {
        annotations: {
          'pv.kubernetes.io/bind-completed': 'yes',
          'pv.kubernetes.io/bound-by-controller': 'yes',
          'volume.kubernetes.io/storage-provisioner': driver,
        },
        finalizers: ['kubernetes.io/pvc-protection'],
      },
      spec: {
        accessModes,
        resources: { requests: { storage } },
        storageClassName: 'standard-rwo',
        volumeMode: 'Filesystem',
        volumeName: volume,
      },
      status: { accessModes, capacity: { storage }, phase: 'Bound' },
    });
    this.add('v1', 'PersistentVolume', volume, undefined, ageMs - MINUTE, {
      metadata: {
        annotations: { 'pv.kubernetes.io/provisioned-by': driver },
        finalizers: ['kubernetes.io/pv-protection', 'external-attacher/pd-csi-storage-gke-io'],
      },
      spec: {
        accessModes,
        capacity: { storage },
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name,
          namespace,
          resourceVersion: claim.metadata['resourceVersion'],
          uid: claim.metadata.uid,
        },
        csi: {
          driver,
          fsType: 'ext4',
          volumeAttributes: {
            'storage.kubernetes.io/csiProvisionerIdentity': '1748420113412-6114-pd.csi.storage.gke.io',
          },
          volumeHandle: `projects/${this.project}/zones/${zone}/disks/${volume}`,
        },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.gke.io/zone', operator: 'In', values: [zone] }] },
            ],
          },
        },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'standard-rwo',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound' },
    });
  }
}

/** A workload with odd moments: pods come a few seconds after their owner. */
function settled(asked: Workload): Workload & { readonly ageMs: number } {
  const { namespace, name, previous, ageMs = 40 * DAY } = asked;
  const more = MINUTE + jitter(5 * MINUTE, 'workload', namespace, name);
  return {
    ...asked,
    ageMs: ageMs + more,
    pods: asked.pods.map((pod, i) => ({ ...pod, ageMs: pod.ageMs + more - i * 1000 })),
    ...(previous !== undefined && { previous: { ...previous, ageMs: previous.ageMs + more } }),
  };
}

function seriesOf({ count, firstMs, lastMs, component }: Said, uid: string): Json {
  return {
    action: 'Scheduling',
    eventTime: microsAgo(firstMs, uid),
    firstTimestamp: null,
    lastTimestamp: null,
    reportingComponent: component,
    reportingInstance: `${component}-gke-${digest('master', component).toString('hex').slice(0, 20)}-vm`,
    series: { count, lastObservedTime: microsAgo(lastMs, uid) },
    source: {},
  };
}

function countedOf({ count, firstMs, lastMs, component }: Said, about: Made): Json {
  const host = component === 'kubelet' ? (about['spec'] as Json)['nodeName'] : undefined;
  return {
    count,
    eventTime: null,
    firstTimestamp: ago(firstMs),
    lastTimestamp: ago(lastMs),
    reportingComponent: component,
    reportingInstance: host ?? '',
    source: { component, ...(host !== undefined && { host }) },
  };
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

function hashOf(namespace: string, name: string, spec: Json): string {
  return templateHash(namespace, name, JSON.stringify(spec));
}

function deploymentConditions(
  { pods, timedOut = false, failure }: Workload,
  setName: string,
  { ready, replicas, ageMs }: { readonly ready: number; readonly replicas: number; readonly ageMs: number },
): Json[] {
  const condition = (type: string, status: string, at: number, reason: string, message: string) => ({
    lastTransitionTime: ago(at),
    lastUpdateTime: ago(at),
    message,
    reason,
    status,
    type,
  });
  const failing = failure === undefined ? 11 * MINUTE : 3 * HOUR;
  const late = Math.max(failing, ...pods.filter(({ state }) => state !== 'ready').map((pod) => pod.ageMs));
  const done = ageMs - 12_000;
  return [
    ready >= replicas - Math.floor(replicas * 0.25)
      ? condition('Available', 'True', done, 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition(
          'Available',
          'False',
          late,
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
        ),
    timedOut
      ? condition(
          'Progressing',
          'False',
          Math.max(MINUTE, late - 10 * MINUTE),
          'ProgressDeadlineExceeded',
          `ReplicaSet "${setName}" has timed out progressing.`,
        )
      : condition(
          'Progressing',
          'True',
          done,
          'NewReplicaSetAvailable',
          `ReplicaSet "${setName}" has successfully progressed.`,
        ),
    ...(failure === undefined ? [] : [condition('ReplicaFailure', 'True', failing, 'FailedCreate', failure)]),
  ];
}
