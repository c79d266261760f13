/** What every GKE cluster of the examples runs for itself. */
import type { ClusterBuilder, Made } from './cluster-builder.ts';
import { DAY, imageDigest, type Json } from './identity.ts';
import type { Load } from './files.ts';
import { E2_STANDARD_4 } from './node.ts';
import type { ContainerSpec, PodProfile } from './pod.ts';

const MIB = 2 ** 20;

/** An image of GKE's release, by tag and digest. */
function image(name: string, tag: string): string {
  return `gke.gcr.io/${name}:${tag}@${imageDigest(`${name}:${tag}`)}`;
}

const ALL_NODES: PodProfile = {
  priorityClass: 'system-node-critical',
  tolerations: [
    { effect: 'NoExecute', operator: 'Exists' },
    { effect: 'NoSchedule', operator: 'Exists' },
  ],
};
const CRITICAL: PodProfile = {
  priorityClass: 'system-cluster-critical',
  tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
};

const PROXY: ContainerSpec = {
  name: 'kube-proxy',
  image: image('kube-proxy-amd64', 'v1.33.4-gke.1036000'),
  cpu: '100m',
  command: [
    '/bin/sh',
    '-c',
    'exec kube-proxy --master=https://35.225.14.90 --kubeconfig=/var/lib/kube-proxy/kubeconfig',
  ],
};

const DISKS: ContainerSpec = {
  name: 'gce-pd-driver',
  image: image('gcp-compute-persistent-disk-csi-driver', 'v1.17.9-gke.7'),
  cpu: '5m',
  memory: '10Mi',
  memoryLimit: '50Mi',
  beside: [
    {
      name: 'csi-driver-registrar',
      image: image('csi-node-driver-registrar', 'v2.13.0-gke.9'),
      cpu: '5m',
      memory: '10Mi',
      memoryLimit: '50Mi',
    },
  ],
};

const LOGS: ContainerSpec = {
  name: 'fluentbit',
  image: image('fluent-bit', 'v1.8.1225-gke.14'),
  cpu: '50m',
  memory: '100Mi',
  memoryLimit: '250Mi',
  beside: [
    {
      name: 'fluentbit-gke',
      image: image('fluent-bit-gke-exporter', 'v0.32.0-gke.3'),
      cpu: '50m',
      memory: '100Mi',
      memoryLimit: '250Mi',
    },
  ],
};

const METRICS_AGENT: ContainerSpec = {
  name: 'gke-metrics-agent',
  image: image('gke-metrics-agent', '1.15.4-gke.0'),
  cpu: '6m',
  memory: '100Mi',
  memoryLimit: '100Mi',
};

const DNS: ContainerSpec = {
  name: 'kubedns',
  image: image('k8s-dns-kube-dns', '1.26.4-gke.2'),
  cpu: '100m',
  memory: '70Mi',
  memoryLimit: '210Mi',
  ports: [10053],
  beside: [
    {
      name: 'dnsmasq',
      image: image('k8s-dns-dnsmasq-nanny', '1.26.4-gke.2'),
      cpu: '150m',
      memory: '20Mi',
      ports: [53],
    },
    { name: 'sidecar', image: image('k8s-dns-sidecar', '1.26.4-gke.2'), cpu: '10m', memory: '20Mi', ports: [10054] },
  ],
};

/** Deployments: name, replicas' containers, profile, ServiceAccount, and on which of the given nodes (see {@link addSystem}). */
const DEPLOYMENTS: readonly (readonly [
  name: string,
  container: ContainerSpec,
  profile: PodProfile,
  on: readonly number[],
])[] = [
  ['kube-dns', DNS, CRITICAL, [0, 1]],
  [
    'kube-dns-autoscaler',
    {
      name: 'autoscaler',
      image: image('cluster-proportional-autoscaler', 'v1.9.0-gke.18'),
      cpu: '20m',
      memory: '10Mi',
    },
    CRITICAL,
    [1],
  ],
  [
    'konnectivity-agent',
    {
      name: 'konnectivity-agent',
      image: image('proxy-agent', 'v0.31.2-gke.4'),
      cpu: '10m',
      memory: '30Mi',
      memoryLimit: '125Mi',
    },
    CRITICAL,
    [0],
  ],
  [
    'event-exporter-gke',
    {
      name: 'event-exporter',
      image: image('event-exporter', 'v0.5.6-gke.1'),
      beside: [{ name: 'prometheus-to-sd-exporter', image: image('prometheus-to-sd', 'v0.12.2-gke.0') }],
    },
    {},
    [2],
  ],
  [
    'l7-default-backend',
    {
      name: 'default-http-backend',
      image: image('ingress-gce-404-server-with-metrics', 'v1.31.1-gke.0'),
      cpu: '10m',
      memory: '20Mi',
      cpuLimit: '10m',
      memoryLimit: '20Mi',
      ports: [8080],
    },
    {},
    [2],
  ],
  [
    'metrics-server',
    {
      name: 'metrics-server',
      image: image('metrics-server', 'v0.7.2-gke.3'),
      cpu: '43m',
      memory: '55Mi',
      cpuLimit: '48m',
      memoryLimit: '105Mi',
      ports: [10250],
      beside: [
        {
          name: 'metrics-server-nanny',
          image: image('addon-resizer', '1.8.23-gke.4'),
          cpu: '5m',
          memory: '50Mi',
          cpuLimit: '100m',
          memoryLimit: '300Mi',
        },
      ],
    },
    CRITICAL,
    [2],
  ],
];

/** Cores and MiB of each system container. */
const USE: Readonly<Record<string, readonly [number, number]>> = {
  'kube-proxy': [0.003, 25],
  'gce-pd-driver': [0.001, 14],
  'csi-driver-registrar': [0.0003, 8],
  fluentbit: [0.006, 34],
  'fluentbit-gke': [0.003, 24],
  'gke-metrics-agent': [0.004, 40],
  kubedns: [0.004, 18],
  dnsmasq: [0.003, 8],
  sidecar: [0.001, 12],
  autoscaler: [0.0005, 9],
  'konnectivity-agent': [0.002, 14],
  'event-exporter': [0.001, 15],
  'prometheus-to-sd-exporter': [0.0003, 10],
  'default-http-backend': [0.0002, 6],
  'metrics-server': [0.006, 34],
  'metrics-server-nanny': [0.0003, 9],
};

export interface SystemOptions {
  /** Whether GKE's own monitoring runs. */
  readonly monitoring: boolean;
}

/**
 * Adds namespaces, classes, system pods and their Services, and gives the pods' load: a static pod and the DaemonSets on each
 * node, and seven pods of Deployments on the three nodes given as `hosts`.
 */
export function addSystem(
  cluster: ClusterBuilder,
  nodes: readonly string[],
  hosts: readonly string[],
  { monitoring }: SystemOptions,
): Load[] {
  const system = 'kube-system';
  addClasses(cluster);
  for (const node of cluster.of('Node'))
    cluster.mirrorPod(system, 'kube-proxy', { component: 'kube-proxy', tier: 'node' }, PROXY, node);
  const accounts = ['pdcsi-node-sa', 'fluentbit-gke', 'gke-metrics-agent', ...DEPLOYMENTS.map(([name]) => name)];
  for (const account of accounts) cluster.add('v1', 'ServiceAccount', account, system, 90 * DAY);
  const daemon = (name: string, container: ContainerSpec, serviceAccount: string, hostNetwork: boolean) =>
    cluster.daemonSet(system, name, container, nodes, { ...ALL_NODES, serviceAccount, hostNetwork });
  daemon('pdcsi-node', DISKS, 'pdcsi-node-sa', true);
  daemon('fluentbit-gke', LOGS, 'fluentbit-gke', true);
  if (monitoring) daemon('gke-metrics-agent', METRICS_AGENT, 'gke-metrics-agent', true);
  for (const [name, container, profile, on] of DEPLOYMENTS)
    cluster.deployment({
      namespace: system,
      name,
      labelKey: 'k8s-app',
      ageMs: 90 * DAY,
      container,
      profile: { ...profile, serviceAccount: name },
      pods: on.map((host) => ({ state: 'ready' as const, node: hosts[host] as string, ageMs: 19 * DAY })),
    });
  addSystemServices(cluster);
  return cluster
    .of('Pod')
    .filter(({ metadata }) => metadata.namespace === system)
    .flatMap((pod) => loadsOf(pod));
}

function loadsOf(pod: Made): Load[] {
  return (pod['spec'] as { containers: { name: string }[] }).containers.map(({ name }) => {
    const [cpu = 0, memory = 0] = USE[name] ?? [];
    return { namespace: 'kube-system', pod: pod.metadata.name, container: name, cpu, memory: memory * MIB };
  });
}

function addClasses(cluster: ClusterBuilder): void {
  for (const [name, value] of [
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ] as const)
    cluster.add('scheduling.k8s.io/v1', 'PriorityClass', name, undefined, 90 * DAY, {
      description: 'Used for system critical pods.',
      metadata: { generation: 1 },
      preemptionPolicy: 'PreemptLowerPriority',
      value,
    });
  const storage = (name: string, provisioner: string, type: string, mode: string, extra: Json = {}) =>
    cluster.add('storage.k8s.io/v1', 'StorageClass', name, undefined, 90 * DAY, {
      allowVolumeExpansion: true,
      metadata: {
        labels: {
          'addonmanager.kubernetes.io/mode': 'EnsureExists',
          'k8s-app': 'gcp-compute-persistent-disk-csi-driver',
        },
        ...extra,
      },
      parameters: { type },
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: mode,
    });
  storage('premium-rwo', 'pd.csi.storage.gke.io', 'pd-ssd', 'WaitForFirstConsumer');
  storage('standard', 'kubernetes.io/gce-pd', 'pd-standard', 'Immediate');
  storage('standard-rwo', 'pd.csi.storage.gke.io', 'pd-balanced', 'WaitForFirstConsumer', {
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  });
}

function addSystemServices(cluster: ClusterBuilder): void {
  const ageMs = 90 * DAY;
  cluster.service({
    namespace: 'default',
    name: 'kubernetes',
    type: 'ClusterIP',
    selector: undefined,
    labels: { component: 'apiserver', provider: 'kubernetes' },
    ports: [{ name: 'https', port: 443, target: 443 }],
    clusterIP: '10.12.0.1',
    ageMs,
  });
  cluster.add('discovery.k8s.io/v1', 'EndpointSlice', 'kubernetes', 'default', ageMs, {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['35.225.14.90'], conditions: { ready: true } }],
    metadata: { generation: 1, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    ports: [{ name: 'https', port: 443, protocol: 'TCP' }],
  });
  const of = (name: string, selector: string, port: number, target: number, clusterIP?: string) =>
    cluster.service({
      namespace: 'kube-system',
      name,
      type: name === 'default-http-backend' ? 'NodePort' : 'ClusterIP',
      selector: { 'k8s-app': selector },
      ports: [{ name: name === 'kube-dns' ? 'dns-tcp' : 'http', port, target }],
      ...(clusterIP !== undefined && { clusterIP }),
      ageMs,
    });
  of('kube-dns', 'kube-dns', 53, 53, '10.12.0.10');
  of('default-http-backend', 'l7-default-backend', 80, 8080);
  of('metrics-server', 'metrics-server', 443, 10250);
}

/** The namespaces of a new GKE cluster, and further ones. */
export function addNamespaces(cluster: ClusterBuilder, ...further: string[]): void {
  cluster.namespaces(90 * DAY, 'default', 'gke-managed-cim', 'gke-managed-system', 'gke-managed-volumepopulator');
  cluster.namespaces(90 * DAY, 'gmp-public', 'gmp-system', 'kube-node-lease', 'kube-public', 'kube-system');
  cluster.namespaces(60 * DAY, ...further);
}

const NODE_SUFFIXES = ['8k2p', 'c4xv', 'h9wd', 'q5zt', 'v7mj', 'x2rn'];
const NODE_ADDRESSES = [
  '35.224.118.41',
  '34.121.87.203',
  '104.197.66.9',
  '35.188.20.174',
  '34.70.211.58',
  '35.239.4.77',
];

/** Adds nodes with an internal address each and, unless they are private, an external one; gives their names. */
export function addNodes(cluster: ClusterBuilder, count: number, isPrivate = false): string[] {
  const pool = 'default-pool';
  return NODE_SUFFIXES.slice(0, count).map((end, i) => {
    const name = `gke-${cluster.name}-${pool}-7f3c2a91-${end}`;
    cluster.node(name, pool, E2_STANDARD_4, isPrivate ? undefined : NODE_ADDRESSES[i]);
    return name;
  });
}

/** The load of pods that use the same. */
export function loadOf(pods: readonly Made[], container: string, cpu: number, memoryMib: number): Load[] {
  return pods.map(({ metadata }) => ({
    namespace: metadata.namespace ?? '',
    pod: metadata.name,
    container,
    cpu,
    memory: memoryMib * MIB,
  }));
}
