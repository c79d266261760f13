/**
 * What texts of Kubernetes, the autoscaler and GKE mean. Parsers are tables over versions (1.14–1.36); a text that no
 * row knows gives `undefined` and is counted, so that a report can say what it could not read.
 */

/** Why capacity, an address or a disk was refused by the cloud. */
export type CloudCause =
  | 'quota'
  | 'stock-out'
  | 'ip-space'
  | 'permission'
  | 'service-account'
  | 'reservation'
  | 'timeout'
  | 'throttled'
  | 'organisation-policy'
  | 'address-conflict'
  | 'invalid-request'
  | 'not-found'
  | 'max-size'
  | 'backoff'
  | 'placement'
  | 'cluster-limit'
  | 'not-ready'
  | 'other';

/** One refusal; the parts that the text names. */
export interface CloudRefusal {
  readonly cause: CloudCause;
  /** Quota metric such as `CPUS`. */
  readonly metric?: string;
  readonly limit?: number;
  /** Region, or `global`. */
  readonly region?: string;
  readonly zone?: string;
  /** The words it was read from. */
  readonly text: string;
}

/** Why a node does not take a pod, see the scheduler's filters. */
export type SchedulingClass =
  | 'capacity'
  | 'taint'
  | 'affinity'
  | 'inter-pod'
  | 'spread'
  | 'node-name'
  | 'host-port'
  | 'unschedulable'
  | 'node'
  | 'volume-limit'
  | 'volume-zone'
  | 'volume'
  | 'claim'
  | 'gated'
  | 'preemption'
  | 'other';

export interface SchedulingReason {
  readonly count: number;
  readonly text: string;
  readonly class: SchedulingClass;
  /** For `Insufficient ‹resource›`; `pods` for `Too many pods`. */
  readonly resource?: string;
  readonly taint?: { readonly key: string; readonly value: string };
}

/** `0/6 nodes are available: …`, PodScheduled=False. */
export interface SchedulingMessage {
  readonly total: number;
  readonly available: number;
  readonly reasons: readonly SchedulingReason[];
  /** Set instead of per-node reasons. */
  readonly prefilter: SchedulingReason | undefined;
  readonly preemption: readonly SchedulingReason[];
}

/** `TriggeredScaleUp`, `NotTriggerScaleUp`, `FailedScaleUp`, `ScaleUpFailed`, … */
export interface ScaleUpMessage {
  readonly outcome: 'triggered' | 'not-triggered' | 'failed';
  readonly refusals: readonly CloudRefusal[];
  /** Scheduler reasons for a template node, from `NotTriggerScaleUp`; counts are node groups. */
  readonly reasons: readonly SchedulingReason[];
  readonly zones: readonly string[];
  readonly groups: readonly string[];
  /** GKE cuts at 250 characters; what stood behind is unknown. */
  readonly truncated: boolean;
}

/** What a missing or wrong reference is, from mount errors, container config errors and static resolution alike. */
export type ConfigurationCause =
  | 'config-map-missing'
  | 'config-map-key-missing'
  | 'secret-missing'
  | 'secret-key-missing'
  | 'run-as-root-refused'
  | 'sub-path'
  | 'timeout'
  | 'attach-conflict'
  | 'attach-limit'
  | 'device'
  | 'host-path'
  | 'secret-store'
  | 'claim'
  | 'volume-missing'
  | 'not-synced'
  | 'not-found'
  | 'permission'
  | 'other';

/** FailedMount, FailedAttachVolume and CreateContainerConfigError. */
export interface ConfigurationMessage {
  readonly cause: ConfigurationCause;
  readonly volume?: string;
  readonly name?: string;
  readonly key?: string;
  readonly volumes?: readonly string[];
  readonly text: string;
}

/** ErrImagePull, ImagePullBackOff, InvalidImageName, … */
export interface ImageMessage {
  readonly cause:
    | 'not-found'
    | 'unauthorized'
    | 'rate-limited'
    | 'network'
    | 'invalid-name'
    | 'never-pull'
    | 'architecture'
    | 'signature'
    | 'no-space'
    | 'other';
  readonly image?: string;
  readonly text: string;
}

/** RunContainerError, CreateContainerError, StartError: the container runtime's words. */
export interface StartMessage {
  readonly cause:
    | 'executable-not-found'
    | 'permission-denied'
    | 'not-a-directory'
    | 'memory-limit-too-low'
    | 'cgroup'
    | 'name-reserved'
    | 'timeout'
    | 'hook'
    | 'exec-format'
    | 'no-space'
    | 'read-only'
    | 'security-profile'
    | 'sandbox-gone'
    | 'other';
  readonly executable?: string;
  readonly text: string;
}

/** FailedCreate on ReplicaSets, StatefulSets, DaemonSets, Jobs; ReplicaFailure conditions. */
export interface CreationMessage {
  readonly cause:
    | 'quota'
    | 'quota-needs-values'
    | 'limit-range'
    | 'pod-security'
    | 'webhook-denied'
    | 'webhook-unreachable'
    | 'service-account-missing'
    | 'priority-class-missing'
    | 'runtime-class-missing'
    | 'invalid'
    | 'forbidden'
    | 'other';
  /** ResourceQuota's name, webhook's name, ServiceAccount's name. */
  readonly name?: string;
  /** For quota: resource → text of quantity. */
  readonly requested?: Readonly<Record<string, string>>;
  readonly used?: Readonly<Record<string, string>>;
  readonly limited?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** `failed calling webhook`: an admission webhook that did not answer, or not as it should. */
export interface WebhookCallMessage {
  readonly cause:
    | 'timeout'
    | 'certificate'
    | 'refused'
    | 'no-endpoints'
    | 'no-service'
    | 'no-port'
    | 'name-resolution'
    | 'unreachable'
    | 'bad-answer'
    | 'other';
  /** The webhook's name, an entry of a configuration. */
  readonly name: string;
  readonly text: string;
}

/** Unhealthy events. */
export interface ProbeMessage {
  readonly probe: 'readiness' | 'liveness' | 'startup';
  readonly cause:
    | 'http-status'
    | 'connection-refused'
    | 'connection-reset'
    | 'unreachable'
    | 'timeout'
    | 'exec'
    | 'grpc'
    | 'dns'
    | 'tls'
    | 'other';
  readonly statusCode?: number;
  readonly port?: number;
  readonly path?: string;
  readonly text: string;
}

/** Evictions and rejections by the kubelet. */
export interface EvictionMessage {
  readonly cause: 'node-pressure' | 'storage-limit' | 'node-shutdown' | 'taint' | 'admission' | 'preempted' | 'other';
  readonly resource?: string;
  readonly containers: readonly { readonly name: string; readonly used?: string; readonly request?: string }[];
  readonly text: string;
}

/** Sandbox failures. */
export interface SandboxMessage {
  readonly cause:
    'ip-exhausted' | 'network' | 'pause-image' | 'runtime-class' | 'runtime' | 'name-reserved' | 'timeout' | 'other';
  readonly text: string;
}

/** Conditions and events of a HorizontalPodAutoscaler that does not scale. */
export interface AutoscalingMessage {
  readonly cause:
    | 'metrics-api-missing'
    | 'metrics-forbidden'
    | 'no-metrics'
    | 'request-missing'
    | 'container-missing'
    | 'pods-not-ready'
    | 'no-pods'
    | 'selector-ambiguous'
    | 'selector-invalid'
    | 'scaling-disabled'
    | 'target-missing'
    | 'kind-unknown'
    | 'other';
  /** `resource`, `custom` or `external`. */
  readonly api?: string;
  /** Of a missing request. */
  readonly resource?: string;
  readonly container?: string;
  /** Of a missing target. */
  readonly name?: string;
  readonly kind?: string;
  readonly text: string;
}
