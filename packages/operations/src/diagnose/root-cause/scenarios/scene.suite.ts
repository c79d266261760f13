/** Builds small clusters for the tests of root causes: a few lines each, in Kubernetes' and GKE's own formats. */
import {
  NO_CLOUD,
  NO_USAGE,
  SnapshotBuilder,
  type CloudSnapshot,
  type ClusterSnapshot,
  type ContainerLog,
  type ContainerUsage,
  type NodeGroupStatus,
  type NodePool,
  type Quota,
} from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { expect } from 'vitest';
import { ago, condition, DAY, HOUR, MINUTE, NOW, type PodState } from './pod-states.suite.ts';
import { UNIFORM_PRIORS, type Priors } from '../../../priors/priors.ts';
import { RULES } from '../../catalogue.ts';
import { Examination } from '../../examination.ts';
import { findAll } from '../../findings.ts';
import { explain } from '../root-cause.ts';

type Json = Record<string, unknown>;
export interface Made extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Record<string, string>;
  };
}

export const GIB = 2 ** 30;
export const MIB = 2 ** 20;
export const REGION = 'us-central1';
export const ZONE = 'us-central1-b';
const REGISTRY = 'us-central1-docker.pkg.dev/acme/shop';

export interface NodeOptions {
  readonly zone?: string;
  readonly pool?: string;
  readonly type?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly more?: Json;
  readonly taints?: readonly Json[];
  readonly labels?: Json;
  readonly ready?: 'True' | 'False' | 'Unknown';
  readonly conditions?: readonly Json[];
  readonly unschedulable?: boolean;
  readonly external?: boolean;
}

export interface WorkloadOptions {
  readonly namespace?: string;
  readonly pods: readonly PodState[];
  readonly replicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly memoryLimit?: string;
  readonly image?: string;
  /** More fields of the container. */
  readonly container?: Json;
  /** More fields of the pod spec. */
  readonly spec?: Json;
  readonly labels?: Record<string, string>;
  readonly ageMs?: number;
  /** Conditions of the Deployment beside the usual ones. */
  readonly conditions?: readonly Json[];
  /** More fields of the Deployment's status. */
  readonly status?: Json;
}

export class Scene {
  readonly objects: Made[] = [];
  readonly missing: string[] = [];
  readonly logs: ContainerLog[] = [];
  cloud: Partial<CloudSnapshot> = {};
  usage: ContainerUsage[] = [];
  #serial = 0;

  constructor() {
    for (const name of ['default', 'kube-system', 'shop']) this.namespace(name);
    this.add('v1', 'ConfigMap', 'kube-root-ca.crt', 'shop', { data: { 'ca.crt': 'x' } });
    this.add('v1', 'Secret', 'any', 'shop', { data: { token: 'eA==' }, type: 'kubernetes.io/service-account-token' });
    this.add('v1', 'ServiceAccount', 'default', 'shop');
  }

  add(apiVersion: string, kind: string, name: string, namespace?: string, rest: Json = {}, ageMs = 40 * DAY): Made {
    const serial = String(++this.#serial).padStart(12, '0');
    const made = {
      apiVersion,
      kind,
      ...rest,
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        uid: `6c84fb90-12c4-41e1-a23d-${serial}`,
        creationTimestamp: ago(ageMs),
        ...(rest['metadata'] as Json | undefined),
      },
    };
    this.objects.push(made);
    return made;
  }

  namespace(name: string, labels: Json = {}): Made {
    return this.add('v1', 'Namespace', name, undefined, {
      metadata: { labels: { 'kubernetes.io/metadata.name': name, ...labels } },
      status: { phase: 'Active' },
    });
  }

  /** One node; its name follows GKE's pattern when a pool is given. */
  node(name: string, options: NodeOptions = {}): string {
    const { zone = ZONE, pool = 'default-pool', type = 'e2-standard-4', cpu = '3920m', memory = '13Gi' } = options;
    const { ready = 'True', conditions = [], taints = [], labels = {}, more = {}, external = true } = options;
    const capacity = {
      cpu: `${Math.ceil(Number.parseInt(cpu) / 1000) || cpu}`,
      memory: '16Gi',
      pods: options.pods ?? '110',
      ...more,
    };
    const reason = { True: 'KubeletReady', False: 'KubeletNotReady', Unknown: 'NodeStatusUnknown' }[ready];
    const usual = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].filter(
      (kind) => !conditions.some((condition) => condition['type'] === kind),
    );
    const away = ready === 'True' ? [] : [ready === 'False' ? 'not-ready' : 'unreachable'];
    this.add('v1', 'Node', name, undefined, {
      metadata: {
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/zone': zone,
          'topology.kubernetes.io/region': zone.slice(0, -2),
          'node.kubernetes.io/instance-type': type,
          'cloud.google.com/gke-nodepool': pool,
          ...labels,
        },
      },
      spec: {
        providerID: `gce://acme/${zone}/${name}`,
        ...(options.unschedulable && { unschedulable: true }),
        taints: [
          ...taints,
          ...away.flatMap((what) => [
            { key: `node.kubernetes.io/${what}`, effect: 'NoSchedule' },
            { key: `node.kubernetes.io/${what}`, effect: 'NoExecute' },
          ]),
          ...(options.unschedulable ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : []),
        ],
      },
      status: {
        capacity,
        allocatable: { cpu, memory, pods: options.pods ?? '110', ...more },
        addresses: [
          { type: 'InternalIP', address: '10.128.0.9' },
          ...(external ? [{ type: 'ExternalIP', address: '34.1.2.3' }] : []),
        ],
        conditions: [
          ...usual.map((kind) => ({
            type: kind,
            status: ready === 'Unknown' ? 'Unknown' : 'False',
            reason: ready === 'Unknown' ? 'NodeStatusUnknown' : `KubeletHasNo${kind}`,
            lastTransitionTime: ago(HOUR),
            lastHeartbeatTime: ago(MINUTE),
          })),
          ...conditions,
          {
            type: 'Ready',
            status: ready,
            reason,
            message: ready === 'True' ? 'kubelet is posting ready status' : 'Kubelet stopped posting node status.',
            lastTransitionTime: ago(HOUR),
            lastHeartbeatTime: ago(MINUTE),
          },
        ],
        nodeInfo: { kubeletVersion: 'v1.33.4-gke.1036000', operatingSystem: 'linux', architecture: 'amd64' },
      },
    });
    return name;
  }

  nodes(count: number, options: NodeOptions = {}): string[] {
    const pool = options.pool ?? 'default-pool';
    return Array.from({ length: count }, (_, i) => this.node(`gke-shop-${pool}-7f3c2a91-n${i}`, options));
  }

  deployment(name: string, options: WorkloadOptions): Made[] {
    const { namespace = 'shop', pods, replicas = pods.length, ageMs = 10 * DAY, conditions = [] } = options;
    const labels = { app: name, ...options.labels };
    const template = { metadata: { labels }, spec: podSpec(name, options) };
    const ready = pods.filter((pod) => pod.ready).length;
    const available = ready >= replicas - Math.floor(replicas / 4);
    const counts = { replicas: pods.length, readyReplicas: ready, availableReplicas: ready };
    const owner = this.add(
      'apps/v1',
      'Deployment',
      name,
      namespace,
      {
        metadata: { labels, generation: 1, annotations: { 'deployment.kubernetes.io/revision': '1' } },
        spec: { replicas, selector: { matchLabels: labels }, template, progressDeadlineSeconds: 600 },
        status: {
          observedGeneration: 1,
          ...counts,
          updatedReplicas: pods.length,
          ...options.status,
          ...(ready < replicas && { unavailableReplicas: replicas - ready }),
          conditions: [
            condition(
              'Available',
              available ? 'True' : 'False',
              available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
            ),
            ...conditions,
            ...(conditions.some(({ type }) => type === 'Progressing')
              ? []
              : [condition('Progressing', 'True', 'NewReplicaSetAvailable')]),
          ],
        },
      },
      ageMs,
    );
    const hash = '6d5f8c7b94';
    const own = { ...labels, 'pod-template-hash': hash };
    const set = this.add(
      'apps/v1',
      'ReplicaSet',
      `${name}-${hash}`,
      namespace,
      {
        metadata: {
          labels: own,
          ownerReferences: [reference(owner)],
          annotations: { 'deployment.kubernetes.io/revision': '1' },
        },
        spec: { replicas, selector: { matchLabels: own }, template: { ...template, metadata: { labels: own } } },
        status: {
          ...counts,
          observedGeneration: 1,
          conditions: conditions.filter(({ type }) => type === 'ReplicaFailure'),
        },
      },
      ageMs,
    );
    return pods.map((pod, i) => this.pod(`${name}-${hash}-p${i}`, namespace, own, set, options, pod));
  }

  statefulSet(name: string, options: WorkloadOptions & { readonly set?: Json }): Made[] {
    const { namespace = 'shop', pods, replicas = pods.length, ageMs = 10 * DAY } = options;
    const labels = { app: name, ...options.labels };
    const ready = pods.filter((pod) => pod.ready).length;
    this.add('v1', 'Service', name, namespace, {
      spec: { clusterIP: 'None', selector: labels, ports: [{ port: 5432, protocol: 'TCP' }], type: 'ClusterIP' },
      status: { loadBalancer: {} },
    });
    const owner = this.add(
      'apps/v1',
      'StatefulSet',
      name,
      namespace,
      {
        metadata: { labels, generation: 1 },
        spec: {
          replicas,
          serviceName: name,
          podManagementPolicy: 'OrderedReady',
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podSpec(name, options) },
          ...options.set,
        },
        status: {
          observedGeneration: 1,
          replicas: pods.length,
          readyReplicas: ready,
          availableReplicas: ready,
          currentReplicas: pods.length,
          updatedReplicas: pods.length,
          currentRevision: `${name}-1`,
          updateRevision: `${name}-1`,
        },
      },
      ageMs,
    );
    return pods.map((pod, i) =>
      this.pod(
        `${name}-${i}`,
        namespace,
        { ...labels, 'statefulset.kubernetes.io/pod-name': `${name}-${i}` },
        owner,
        options,
        pod,
      ),
    );
  }

  daemonSet(name: string, options: WorkloadOptions & { readonly wanted?: number }): Made[] {
    const { namespace = 'kube-system', pods, wanted = pods.length, ageMs = 10 * DAY } = options;
    const labels = { 'k8s-app': name };
    const ready = pods.filter((pod) => pod.ready).length;
    const owner = this.add(
      'apps/v1',
      'DaemonSet',
      name,
      namespace,
      {
        metadata: { labels, generation: 1 },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podSpec(name, options) },
          updateStrategy: { type: 'RollingUpdate' },
        },
        status: {
          observedGeneration: 1,
          currentNumberScheduled: pods.length,
          desiredNumberScheduled: wanted,
          numberReady: ready,
          numberAvailable: ready,
          numberMisscheduled: 0,
          updatedNumberScheduled: pods.length,
          ...(ready < wanted && { numberUnavailable: wanted - ready }),
        },
      },
      ageMs,
    );
    return pods.map((pod, i) => this.pod(`${name}-d${i}`, namespace, labels, owner, options, pod));
  }

  pod(
    name: string,
    namespace: string,
    labels: Json,
    owner: Made | undefined,
    options: Omit<WorkloadOptions, 'pods'>,
    state: PodState,
  ): Made {
    const spec = podSpec(String(labels['app'] ?? labels['k8s-app'] ?? name), options);
    const ageMs = state.ageMs ?? 5 * HOUR;
    return this.add(
      'v1',
      'Pod',
      name,
      namespace,
      {
        metadata: { labels, ...(owner && { ownerReferences: [reference(owner)] }), ...state.metadata },
        spec: { ...spec, ...(state.node !== undefined && { nodeName: state.node }) },
        status: {
          phase: state.phase,
          qosClass: 'Burstable',
          ...(state.node !== undefined && { startTime: ago(ageMs) }),
          ...state.status({ containers: spec['containers'] as Json[], ageMs }),
        },
      },
      ageMs,
    );
  }

  event(about: Made, type: string, reason: string, message: string, more: Json = {}): Made {
    const { kind, apiVersion, metadata } = about;
    const namespace = metadata.namespace ?? 'default';
    return this.add(
      'v1',
      'Event',
      `${metadata.name}.${(this.#serial + 0x17a0).toString(16)}`,
      namespace,
      {
        involvedObject: {
          apiVersion,
          kind,
          name: metadata.name,
          ...(metadata.namespace && { namespace }),
          uid: metadata.uid,
        },
        type,
        reason,
        message,
        count: 12,
        firstTimestamp: ago(4 * HOUR),
        lastTimestamp: ago(2 * MINUTE),
        source: { component: 'test' },
        ...more,
      },
      4 * HOUR,
    );
  }

  /** FailedScheduling and FailedScaleUp as GKE writes them. */
  scaleUpFailed(pods: readonly Made[], reason: string, zones = ZONE): void {
    for (const pod of pods)
      this.event(
        pod,
        'Warning',
        'FailedScaleUp',
        `Node scale up in zones ${zones} associated with this pod failed: ${reason}. Pod is at risk of not being scheduled.`,
      );
  }

  service(
    name: string,
    options: { namespace?: string; selector?: Json; type?: string; spec?: Json; metadata?: Json; ip?: string } = {},
  ): Made {
    const { namespace = 'shop', selector = { app: name }, type = 'ClusterIP', spec = {}, metadata = {}, ip } = options;
    return this.add('v1', 'Service', name, namespace, {
      metadata,
      spec: {
        clusterIP: `10.12.4.${20 + (this.#serial % 200)}`,
        type,
        selector,
        ports: [
          {
            port: 80,
            protocol: 'TCP',
            targetPort: 8080,
            ...(type === 'LoadBalancer' && { nodePort: 31000 + this.#serial }),
          },
        ],
        ...spec,
      },
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
    });
  }

  /** A steady history of a pod's only container. */
  history(pods: readonly Made[], cpuMillis: number, memoryBytes: number, days = 8): void {
    const count = days * 48;
    const times = Array.from({ length: count }, (_, i) => NOW - (count - i) * 30 * MINUTE);
    for (const { metadata, spec } of pods) {
      const [{ name }] = (spec as { containers: [{ name: string }] }).containers;
      const series = (value: number) => ({ times, values: times.map(() => value) });
      this.usage.push({
        namespace: metadata.namespace ?? '',
        pod: metadata.name,
        container: name,
        cpu: series(cpuMillis),
        memory: series(memoryBytes),
      });
    }
  }

  gke(
    pools: readonly (Partial<NodePool> & { readonly name: string })[],
    quotas?: readonly Quota[],
    groups: readonly NodeGroupStatus[] = [],
  ): void {
    this.cloud = {
      ...this.cloud,
      provider: 'gcp',
      project: 'acme',
      quotas,
      cluster: {
        name: 'shop',
        location: REGION,
        version: '1.33.4-gke.1036000',
        autopilot: false,
        autoscalingProfile: 'BALANCED',
        nodePools: pools.map((pool) => ({
          machineType: 'e2-standard-4',
          diskType: 'pd-balanced',
          diskSizeGb: 100,
          spot: false,
          zones: [ZONE],
          autoscaling: { minNodes: 1, maxNodes: 10 },
          initialNodes: 1,
          privateNodes: false,
          ...pool,
        })),
      },
      ...(groups.length > 0 && {
        autoscaler: {
          format: 'yaml' as const,
          updatedAt: NOW - MINUTE,
          status: 'Running',
          health: 'Healthy',
          scaleUp: 'NoActivity',
          scaleDown: 'NoCandidates',
          nodeGroups: groups,
        },
      }),
    };
  }

  snapshot(order: (objects: readonly Made[]) => readonly Made[] = (objects) => objects): ClusterSnapshot {
    const builder = new SnapshotBuilder();
    for (const object of structuredClone(order(this.objects))) builder.add(object, 'scene');
    const snapshot = builder.build({
      source: { kind: 'dump', name: 'scene' },
      observedAt: NOW,
      cloud: { ...NO_CLOUD, ...this.cloud },
      usage: this.usage.length === 0 ? NO_USAGE : { sources: ['prometheus'], containers: this.usage },
      certificates: [],
      logs: this.logs,
      missing: this.missing.map((input) => ({ input, reason: 'left out', consequence: 'unknown' })),
    });
    expect(snapshot.problems).toEqual([]);
    return snapshot;
  }

  assess(priors: Priors = UNIFORM_PRIORS): Diagnosis {
    const diagnosis = diagnose(this.snapshot(), priors);
    expectSound(diagnosis);
    return diagnosis;
  }
}

/** Findings and what explains them. */
export interface Diagnosis {
  readonly rootCauses: readonly AssessedRootCause[];
  readonly findings: readonly AssessedFinding[];
}

/** All rules, then root causes, as an assessment does. */
export function diagnose(snapshot: ClusterSnapshot, priors: Priors = UNIFORM_PRIORS): Diagnosis {
  const examination = new Examination(snapshot);
  const { findings } = findAll(examination, RULES);
  const { rootCauses, explainedBy } = explain(examination, findings, priors);
  return {
    rootCauses,
    findings: findings.map((finding) => ({ ...finding, explainedBy: explainedBy.get(finding.id) })),
  };
}

/** What holds for every diagnosis, whatever the cluster. */
export function expectSound({ rootCauses, findings }: Diagnosis): void {
  const known = new Set(findings.map(({ id }) => id));
  const claims = rootCauses.flatMap((cause) => cause.explains.map((id) => [id, cause.id] as const));
  const owners = new Map(claims);
  expect(owners.size, 'each finding has at most one cause').toBe(claims.length);
  for (const { id, explainedBy } of findings) expect(explainedBy, id).toBe(owners.get(id));
  for (const cause of rootCauses) {
    expect(cause.evidence.length, `${cause.id} has evidence`).toBeGreaterThan(0);
    expect(cause.explains.length, `${cause.id} explains something`).toBeGreaterThan(0);
    expect(cause.probability, cause.id).toBeGreaterThan(0);
    expect(cause.probability, cause.id).toBeLessThan(1);
    const reachable = new Set([cause.id]);
    for (const { from, to, evidence } of cause.chain) {
      expect(evidence.length, `${cause.id}: edge ${from} → ${to} has evidence`).toBeGreaterThan(0);
      expect(known.has(to), to).toBe(true);
      expect(reachable.has(from), `${cause.id}: ${from} is reached`).toBe(true);
      expect(reachable.has(to), `${cause.id}: ${to} is reached once, and is not the cause itself`).toBe(false);
      reachable.add(to);
    }
    for (const id of cause.explains) expect(reachable.has(id), `${cause.id} reaches ${id}`).toBe(true);
    for (const { resolved, affected } of cause.counterfactuals) expect(resolved).toBeLessThanOrEqual(affected);
  }
}

/** `class resource pods`, in order of impact. */
export function causesOf({ rootCauses }: Diagnosis): string[] {
  return rootCauses.map((cause) => `${cause.class} ${nameOf(cause)} ${cause.impact.pods}`);
}

function nameOf({ resource }: AssessedRootCause): string {
  return `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`;
}

/** The cause of a class; fails when there is none. */
export function causeOf(assessment: Diagnosis, name: string): AssessedRootCause {
  const found = assessment.rootCauses.find((cause) => cause.class === name);
  expect(found, `${name} among ${causesOf(assessment).join('; ')}`).toBeDefined();
  return found as AssessedRootCause;
}

/** What the counterfactuals of a cause say, joined in one sentence each. */
export function outcomesOf(cause: AssessedRootCause): string[] {
  return cause.counterfactuals.map(({ change, outcome }) => `${change}: ${outcome}`);
}

export function quota(metric: string, usage: number, limit: number, region = REGION): Quota {
  return { metric, usage, limit, region };
}

export function group(
  pool: string,
  target: number,
  maxSize: number,
  backoff?: NodeGroupStatus['backoff'],
  zone = ZONE,
): NodeGroupStatus {
  return {
    name: `https://www.googleapis.com/compute/v1/projects/acme/zones/${zone}/instanceGroups/gke-shop-${pool}-7f3c2a91-grp`,
    health: 'Healthy',
    ready: target,
    target,
    minSize: 1,
    maxSize,
    scaleUp: backoff === undefined ? 'NoActivity' : 'Backoff',
    scaleDown: 'NoCandidates',
    backoff,
  };
}

function reference({ apiVersion, kind, metadata }: Made): Json {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

function podSpec(name: string, options: Omit<WorkloadOptions, 'pods'>): Json {
  const {
    cpu = '100m',
    memory = '128Mi',
    memoryLimit,
    image = `${REGISTRY}/${name}:1.4.2`,
    container = {},
    spec = {},
  } = options;
  return {
    containers: [
      {
        name,
        image,
        resources: { requests: { cpu, memory }, ...(memoryLimit !== undefined && { limits: { memory: memoryLimit } }) },
        ...container,
      },
    ],
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    serviceAccountName: 'default',
    priority: 0,
    tolerations: ['not-ready', 'unreachable'].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    ...spec,
  };
}
