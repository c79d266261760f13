/**
 * What is known of the cloud behind a cluster. Every part may be absent: `undefined` means "was not read", an empty list
 * "read, and there is none", and the two are never mixed.
 */

/** One quota metric. Values are doubles: Google reports fractional SSD gigabytes. */
export interface Quota {
  /** As the Compute API names it, for example `CPUS`, `IN_USE_ADDRESSES`; unknown names pass through. */
  readonly metric: string;
  /** Region, or `global` for project-wide metrics. */
  readonly region: string;
  readonly limit: number;
  readonly usage: number;
}

/** Usage of one quota over time. */
export interface QuotaHistory {
  readonly metric: string;
  /** Region, or `global`. */
  readonly region: string;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** Usage at these moments. */
  readonly values: readonly number[];
}

/** A persistent disk (`gcloud compute disks list`). */
export interface CloudDisk {
  readonly name: string;
  /** `''` for regional disks. */
  readonly zone: string;
  readonly region: string;
  /** `pd-balanced`, `pd-ssd`, … */
  readonly type: string;
  readonly sizeGb: number;
  /** Names of the instances that it is attached to. */
  readonly users: readonly string[];
  /** The CSI driver writes claim and volume here as JSON. */
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number | undefined;
  readonly lastDetachedAt: number | undefined;
}

/** A reserved or in-use IP address (`gcloud compute addresses list`). */
export interface CloudAddress {
  readonly name: string;
  readonly address: string;
  /** Region, or `global`. */
  readonly region: string;
  /** `IN_USE`, `RESERVED` (reserved, unused), … */
  readonly status: string;
  /** `EXTERNAL` or `INTERNAL`. */
  readonly addressType: string;
  readonly users: readonly string[];
  /** GKE names the Service here, as on {@link ForwardingRule}. */
  readonly description?: string;
  /** What it is held for, as in `VPC_PEERING`; absent for plain addresses. */
  readonly purpose?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
}

/** A load balancer's front (`gcloud compute forwarding-rules list`). */
export interface ForwardingRule {
  readonly name: string;
  readonly region: string;
  readonly ipAddress: string;
  readonly protocol: string;
  /** `EXTERNAL`, `EXTERNAL_MANAGED`, `INTERNAL`, … */
  readonly scheme: string;
  /** GKE writes the Service's name here as JSON: `{"kubernetes.io/service-name":"ns/name"}`. */
  readonly description: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
}

/** A GKE node pool with the bounds of its autoscaling, in nodes over all its zones. */
export interface NodePool {
  readonly name: string;
  readonly machineType: string;
  readonly diskType: string;
  readonly diskSizeGb: number;
  readonly spot: boolean;
  readonly zones: readonly string[];
  /** `undefined` when autoscaling is off; `locationPolicy` as GKE names it: `BALANCED`, `ANY`. */
  readonly autoscaling:
    { readonly minNodes: number; readonly maxNodes: number; readonly locationPolicy?: string } | undefined;
  /** Made by node auto-provisioning, which deletes it when it is empty. */
  readonly autoprovisioned?: boolean;
  /** Nodes at creation over all zones; the live count comes from the cluster's nodes. */
  readonly initialNodes: number;
  readonly privateNodes: boolean;
  /** GPUs attached to each node, by the type that GKE names: `nvidia-tesla-t4`. */
  readonly accelerators?: readonly { readonly type: string; readonly count: number }[];
  /** Local SSDs of each node, 375 GB apiece. */
  readonly localSsds?: number;
  /** Nodes that an upgrade adds for a while, per zone; `undefined` where the file does not say. */
  readonly maxSurge?: number;
  /** Labels that its nodes get. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Taints that its nodes get, as Kubernetes writes them. */
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Most pods of each node. */
  readonly maxPodsPerNode?: number;
  /** Range that its pods' addresses come from, and the part of it that is taken, 0..1. */
  readonly podRange?: {
    readonly cidr: string;
    readonly nodeMask: number | undefined;
    readonly share: number | undefined;
  };
}

/** The managed cluster itself (`gcloud container clusters describe`). */
export interface ManagedCluster {
  readonly name: string;
  readonly location: string;
  readonly version: string;
  readonly autopilot: boolean;
  readonly autoscalingProfile: string;
  readonly nodePools: readonly NodePool[];
  /** Bounds of node auto-provisioning over all nodes; absent where it is off. */
  readonly provisioningLimits?: readonly { readonly resource: string; readonly maximum: number }[];
}

/** State of one node group as the cluster autoscaler publishes it. */
export interface NodeGroupStatus {
  /** As published; on GKE the URL of a managed instance group, one per zone. */
  readonly name: string;
  readonly health: string;
  readonly ready: number;
  readonly target: number;
  readonly minSize: number;
  readonly maxSize: number;
  /** `NoActivity`, `InProgress`, `Needed`, `NotNeeded`, `Backoff`. */
  readonly scaleUp: string;
  readonly scaleDown: string;
  readonly backoff: { readonly errorCode: string; readonly errorMessage: string } | undefined;
}

/** The cluster autoscaler's status ConfigMap, either format. */
export interface AutoscalerStatus {
  readonly format: 'yaml' | 'text';
  /** Epoch milliseconds at which it was written, when it can be read. */
  readonly updatedAt: number | undefined;
  readonly status: string;
  readonly health: string;
  readonly scaleUp: string;
  readonly scaleDown: string;
  readonly nodeGroups: readonly NodeGroupStatus[];
}

/** One decision, result or refusal of GKE's autoscaler, from its visibility log, flattened. */
export interface VisibilityRecord {
  readonly at: number;
  readonly type: 'scale-up' | 'scale-down' | 'result' | 'no-scale-up' | 'no-scale-down' | 'status' | 'other';
  /** Joins a result to its decision. */
  readonly eventId: string;
  /** For example `scale.up.error.quota.exceeded`; empty where the record carries none. */
  readonly messageId: string;
  readonly parameters: readonly string[];
  /** `namespace/name` of the pods it speaks about, as far as listed. */
  readonly pods: readonly string[];
  /** Names of the managed instance groups it speaks about. */
  readonly groups: readonly string[];
}

/** All of it. */
export interface CloudSnapshot {
  readonly provider: 'gcp' | 'unknown';
  readonly project: string | undefined;
  readonly quotas: readonly Quota[] | undefined;
  /** Where usage was read more than once, sorted by region and metric. */
  readonly quotaHistory?: readonly QuotaHistory[] | undefined;
  readonly disks?: readonly CloudDisk[] | undefined;
  readonly addresses: readonly CloudAddress[] | undefined;
  readonly forwardingRules: readonly ForwardingRule[] | undefined;
  readonly cluster: ManagedCluster | undefined;
  readonly autoscaler: AutoscalerStatus | undefined;
  readonly visibility: readonly VisibilityRecord[] | undefined;
}

/** Nothing known. */
export const NO_CLOUD: CloudSnapshot = Object.freeze({
  provider: 'unknown',
  project: undefined,
  quotas: undefined,
  addresses: undefined,
  forwardingRules: undefined,
  cluster: undefined,
  autoscaler: undefined,
  visibility: undefined,
});
