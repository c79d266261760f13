/** How a machine becomes a Node. Source: https://kubernetes.io/docs/concepts/architecture/nodes/; `pkg/kubelet/kubelet_node_status.go` */
import type { Node } from '../../model/kinds.ts';
import { amountOf, formatBytes, formatCpu } from '../../model/quantity.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { fakeDigest } from './image-reference.ts';

/** A machine that joins the cluster. */
export interface NodeOptions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Default `{ cpu: '4', memory: '16Gi', 'ephemeral-storage': '100Gi', pods: '110' }`; what is given is laid over it. */
  readonly capacity?: Readonly<Record<string, string>>;
  /** Kept from pods: capacity without it is allocatable. Default nothing. */
  readonly reserved?: Readonly<Record<string, string>>;
  readonly zone?: string;
  readonly region?: string;
  readonly instanceType?: string;
  /** Default one that follows from the node's number. */
  readonly internalIp?: string;
  readonly externalIp?: string;
  /** Default a /24 of 10.0.0.0/8 that follows from the node's number. */
  readonly podCIDR?: string;
  readonly providerId?: string;
  /** Default `amd64`. */
  readonly architecture?: string;
  /** Default a Debian. */
  readonly osImage?: string;
  readonly unschedulable?: boolean;
}

type Conditions = NonNullable<NonNullable<Node['status']>['conditions']>;

const CAPACITY = {
  cpu: '4',
  'ephemeral-storage': '100Gi',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '16Gi',
  pods: '110',
};

/** The Node that a kubelet registers. `number`: how many nodes there were before. */
export function nodeOf(options: NodeOptions, number: number, version: string, now: number): Node {
  const { name, taints = [], annotations, providerId, unschedulable = false } = options;
  const podCIDR = options.podCIDR ?? `10.${64 + ((number >> 8) & 63)}.${number & 255}.0/24`;
  const spec = {
    podCIDR,
    podCIDRs: [podCIDR],
    ...(providerId === undefined ? {} : { providerID: providerId }),
    ...(taints.length === 0 ? {} : { taints }),
    ...(unschedulable ? { unschedulable } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: labelsOf(options),
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true', ...annotations },
    },
    spec,
    status: statusOf(options, number, version, now),
  } as Node;
}

function labelsOf({ name, labels, zone, region, instanceType, architecture = 'amd64' }: NodeOptions) {
  return {
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
    ...(region === undefined ? {} : { 'topology.kubernetes.io/region': region }),
    ...(instanceType === undefined ? {} : { 'node.kubernetes.io/instance-type': instanceType }),
    ...labels,
  };
}

function statusOf(options: NodeOptions, number: number, version: string, now: number) {
  const { name, externalIp, reserved = {}, architecture = 'amd64', osImage = 'Debian GNU/Linux 13 (trixie)' } = options;
  const capacity: Readonly<Record<string, string>> = { ...CAPACITY, ...options.capacity };
  // The first addresses of a network are its own and its router's.
  const host = number + 2;
  const internalIp = options.internalIp ?? `172.${16 + ((host >> 16) & 15)}.${(host >> 8) & 255}.${host & 255}`;
  const id = fakeDigest(name);
  return {
    capacity,
    allocatable: Object.fromEntries(Object.entries(capacity).map(([key, all]) => [key, rest(key, all, reserved[key])])),
    conditions: healthyConditions(now),
    addresses: [
      { type: 'InternalIP', address: internalIp },
      ...(externalIp === undefined ? [] : [{ type: 'ExternalIP', address: externalIp }]),
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      architecture,
      bootID: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`,
      containerRuntimeVersion: 'containerd://2.1.4',
      kernelVersion: '6.12.41',
      kubeProxyVersion: '',
      kubeletVersion: version,
      machineID: id.slice(32),
      operatingSystem: 'linux',
      osImage,
      systemUUID: `${id.slice(0, 8)}-${id.slice(40, 44)}-4${id.slice(45, 48)}-8${id.slice(49, 52)}-${id.slice(52, 64)}`,
    },
    images: [],
  };
}

function rest(name: string, all: string, reserved: string | undefined): string {
  if (reserved === undefined) return all;
  const left = Math.max(0, (amountOf(name, all) ?? 0) - (amountOf(name, reserved) ?? 0));
  return name === 'cpu' ? formatCpu(left) : formatBytes(left);
}

/** What a kubelet says of a machine that lacks nothing. */
function healthyConditions(now: number): Conditions {
  return [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ].map(([type = '', status = '', reason = '', message = '']) => ({
    ...{ type, status, lastHeartbeatTime: timestamp(now), lastTransitionTime: timestamp(now) },
    ...{ reason, message },
  }));
}
