/** Nodes of a GKE node pool as their kubelets and GKE's controllers write them. */
import { ago, DAY, digest, uidOf, VERSION, type Json } from './identity.ts';

/** A machine type as GKE offers it to pods. */
export interface Machine {
  readonly type: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly cpu: { readonly capacity: string; readonly allocatable: string };
  /** In KiB. */
  readonly memory: { readonly capacity: number; readonly allocatable: number };
}

export const E2_STANDARD_4: Machine = {
  type: 'e2-standard-4',
  cores: 4,
  memoryGb: 16,
  cpu: { capacity: '4', allocatable: '3920m' },
  memory: { capacity: 16_386_300, allocatable: 13_591_804 },
};

/** What distinguishes one node from the next. */
export interface NodePlace {
  readonly project: string;
  readonly pool: string;
  readonly zone: string;
  /** `10.8.3`: the first three parts of its Pod range. */
  readonly podNet: string;
  readonly internalIP: string;
  /** None for private nodes. */
  readonly externalIP: string | undefined;
}

/** Metadata, spec and status of a node. */
export function nodeBody(
  name: string,
  machine: Machine,
  place: NodePlace,
): { metadata: Json; spec: Json; status: Json } {
  const { project, zone, podNet } = place;
  const instance = `projects/${project}/zones/${zone}/instances/${name}`;
  return {
    metadata: {
      annotations: {
        'container.googleapis.com/instance_id': String(digest('instance', name).readBigUInt64BE() >> 1n),
        'csi.volume.kubernetes.io/nodeid': JSON.stringify({ 'pd.csi.storage.gke.io': instance }),
        'node.alpha.kubernetes.io/ttl': '0',
        'node.gke.io/last-applied-node-taints': '',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      labels: nodeLabels(name, machine, place),
    },
    spec: { podCIDR: `${podNet}.0/24`, podCIDRs: [`${podNet}.0/24`], providerID: `gce://${project}/${zone}/${name}` },
    status: nodeStatus(name, machine, place),
  };
}

function nodeLabels(name: string, machine: Machine, { pool, zone, externalIP }: NodePlace): Json {
  const region = zone.slice(0, -2);
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/instance-type': machine.type,
    'beta.kubernetes.io/os': 'linux',
    'cloud.google.com/gke-boot-disk': 'pd-balanced',
    'cloud.google.com/gke-container-runtime': 'containerd',
    'cloud.google.com/gke-cpu-scaling-level': String(machine.cores),
    'cloud.google.com/gke-logging-variant': 'DEFAULT',
    'cloud.google.com/gke-max-pods-per-node': '110',
    'cloud.google.com/gke-memory-gb-scaling-level': String(machine.memoryGb),
    'cloud.google.com/gke-nodepool': pool,
    'cloud.google.com/gke-os-distribution': 'cos',
    'cloud.google.com/gke-provisioning': 'standard',
    'cloud.google.com/gke-stack-type': 'IPV4',
    'cloud.google.com/machine-family': machine.type.split('-')[0],
    'cloud.google.com/private-node': String(externalIP === undefined),
    'failure-domain.beta.kubernetes.io/region': region,
    'failure-domain.beta.kubernetes.io/zone': zone,
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': machine.type,
    'topology.gke.io/zone': zone,
    'topology.kubernetes.io/region': region,
    'topology.kubernetes.io/zone': zone,
  };
}

function nodeStatus(
  name: string,
  { cpu, memory }: Machine,
  { project, zone, internalIP, externalIP }: NodePlace,
): Json {
  const resources = (c: string, m: number, storage: string) => ({
    cpu: c,
    'ephemeral-storage': storage,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${m}Ki`,
    pods: '110',
  });
  return {
    addresses: [
      { address: internalIP, type: 'InternalIP' },
      ...(externalIP === undefined ? [] : [{ address: externalIP, type: 'ExternalIP' }]),
      { address: `${name}.${zone}.c.${project}.internal`, type: 'InternalDNS' },
      { address: name, type: 'Hostname' },
    ],
    allocatable: resources(cpu.allocatable, memory.allocatable, '47060071478'),
    capacity: resources(cpu.capacity, memory.capacity, '98831908Ki'),
    conditions: nodeConditions(),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: uidOf('boot', name),
      containerRuntimeVersion: 'containerd://2.0.6',
      kernelVersion: '6.6.97+',
      kubeProxyVersion: '',
      kubeletVersion: VERSION,
      machineID: digest('machine', name).toString('hex').slice(0, 32),
      operatingSystem: 'linux',
      osImage: 'Container-Optimized OS from Google',
      systemUUID: uidOf('system', name),
    },
  };
}

/** The kubelet's conditions and those of the node problem detector that GKE ships. */
function nodeConditions(): Json[] {
  const condition = (type: string, status: string, reason: string, message: string, beatMs = 45_000) => ({
    lastHeartbeatTime: ago(beatMs),
    lastTransitionTime: ago(20 * DAY - 30_000),
    message,
    reason,
    status,
    type,
  });
  const problem = (type: string, reason: string, message: string) => condition(type, 'False', reason, message, 130_000);
  return [
    problem('FrequentUnregisterNetDevice', 'NoFrequentUnregisterNetDevice', 'node is functioning properly'),
    problem('FrequentKubeletRestart', 'NoFrequentKubeletRestart', 'kubelet is functioning properly'),
    problem('FrequentDockerRestart', 'NoFrequentDockerRestart', 'docker is functioning properly'),
    problem('FrequentContainerdRestart', 'NoFrequentContainerdRestart', 'containerd is functioning properly'),
    problem('KernelDeadlock', 'KernelHasNoDeadlock', 'kernel has no deadlock'),
    problem('ReadonlyFilesystem', 'FilesystemIsNotReadOnly', 'Filesystem is not read-only'),
    problem('CorruptDockerOverlay2', 'NoCorruptDockerOverlay2', 'docker overlay2 is functioning properly'),
    condition('NetworkUnavailable', 'False', 'RouteCreated', 'NodeController create implicit route', 20 * DAY - 30_000),
    condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}
