/** What every GKE cluster of the examples runs for itself. */
import { DAY, type ClusterBuilder, type ContainerSpec } from './cluster-builder.ts';
import type { Load } from './files.ts';

const MIB = 2 ** 20;
const image = (name: string, tag: string) => `gke.gcr.io/${name}:${tag}`;

const DAEMONS: readonly (ContainerSpec & { readonly set: string; readonly use: readonly [number, number] })[] = [
  {
    set: 'kube-proxy',
    name: 'kube-proxy',
    image: image('kube-proxy-amd64', 'v1.33.4-gke.1036000'),
    cpu: '100m',
    use: [0.003, 25],
  },
  {
    set: 'pdcsi-node',
    name: 'gce-pd-driver',
    image: image('gcp-compute-persistent-disk-csi-driver', 'v1.17.4-gke.0'),
    cpu: '10m',
    memory: '20Mi',
    memoryLimit: '150Mi',
    use: [0.002, 25],
  },
  {
    set: 'fluentbit-gke',
    name: 'fluentbit',
    image: image('fluent-bit', 'v1.8.12-gke.40'),
    cpu: '100m',
    memory: '200Mi',
    memoryLimit: '500Mi',
    use: [0.008, 60],
  },
  {
    set: 'gke-metrics-agent',
    name: 'gke-metrics-agent',
    image: image('gke-metrics-agent', '1.15.4-gke.0'),
    cpu: '10m',
    memory: '100Mi',
    memoryLimit: '250Mi',
    use: [0.006, 40],
  },
];

/** Adds the system pods and gives their load: four DaemonSets, two kube-dns, one metrics-server. */
export function addSystem(
  cluster: ClusterBuilder,
  nodes: readonly string[],
  dns: readonly [string, string],
  metrics: string,
): Load[] {
  for (const daemon of DAEMONS) cluster.daemonSet('kube-system', daemon.set, daemon, nodes);
  const ready = (node: string) => ({ state: 'ready' as const, node, ageMs: 20 * DAY });
  cluster.deployment({
    namespace: 'kube-system',
    name: 'kube-dns',
    container: {
      name: 'kubedns',
      image: image('k8s-dns-kube-dns', '1.26.4-gke.2'),
      cpu: '260m',
      memory: '110Mi',
      memoryLimit: '210Mi',
      ports: [10053],
    },
    pods: dns.map(ready),
  });
  cluster.deployment({
    namespace: 'kube-system',
    name: 'metrics-server',
    container: {
      name: 'metrics-server',
      image: image('metrics-server', 'v0.7.2-gke.3'),
      cpu: '48m',
      memory: '105Mi',
      memoryLimit: '355Mi',
      ports: [10250],
    },
    pods: [ready(metrics)],
  });
  const use: Readonly<Record<string, readonly [number, number]>> = {
    kubedns: [0.01, 30],
    'metrics-server': [0.008, 40],
    ...Object.fromEntries(DAEMONS.map(({ name, use: [cpu, memory] }) => [name, [cpu, memory]])),
  };
  return cluster.of('Pod').map((pod) => {
    const container = ((pod['spec'] as { containers: { name: string }[] }).containers[0] as { name: string }).name;
    const [cpu = 0, memory = 0] = use[container] ?? [];
    return { namespace: 'kube-system', pod: pod.metadata.name, container, cpu, memory: memory * MIB };
  });
}

/** e2-standard-4 as GKE offers it to pods. */
export const E2_STANDARD_4 = {
  cpu: { capacity: '4', allocatable: '3920m' },
  memory: { capacity: 16386300, allocatable: 13591804 },
};

/** Adds nodes with an internal and an external address each, and gives their names. */
export function addNodes(cluster: ClusterBuilder, count: number, pool = 'default-pool'): string[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `gke-${cluster.name}-${pool}-7f3c2a91-${['8k2p', 'c4xv', 'h9wd', 'q5zt', 'v7mj', 'x2rn'][i]}`;
    cluster.node(name, pool, 'e2-standard-4', E2_STANDARD_4.cpu, E2_STANDARD_4.memory, [
      { address: `10.128.0.${10 + i}`, type: 'InternalIP' },
      { address: `35.224.${118 + i}.${41 + i * 7}`, type: 'ExternalIP' },
    ]);
    return name;
  });
}
