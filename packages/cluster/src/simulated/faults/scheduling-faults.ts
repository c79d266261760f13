/** Pods that wait for a node, for what their template asks. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/ */
import type { Container, Deployment, Node } from '../../model/kinds.ts';
import { amountOf, formatBytes, formatCpu } from '../../model/quantity.ts';
import { NODES, RESOURCE_QUOTAS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import { NODE_POOL } from '../cloud/machines.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultSite } from './fault-site.ts';
import type { FaultKind } from './fault.ts';
import { NoTargetError } from './no-target-error.ts';
import { flawedDeployment, type FlawedRollout } from './flawed-rollout.ts';
import { PRIORITY_INVERSION } from './priority-inversion.ts';
import { servingNodes, zoneOf } from './targets.ts';

const ASSIGNING = 'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/';
const GPU = 'nvidia.com/gpu';
const HOST_PORT = 9100;

const ROWS: readonly FlawedRollout<Deployment>[] = [
  {
    name: 'node-selector-unmatched',
    family: 'scheduling',
    summary: 'A rollout asks for nodes of a pool, or with a label, that there are none of.',
    source: `${ASSIGNING}#nodeselector`,
    parameters: {
      form: {
        type: 'choice',
        summary: 'how the template asks',
        choices: ['selector', 'affinity'],
        default: 'selector',
      },
    },
    classes: ['node-affinity-unmatched'],
    mistake: ({ site }, { form }) => {
      const [key, value] = unknownLabel(site.cluster);
      const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }];
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
      return {
        pod: form === 'selector' ? { nodeSelector: { [key]: value } } : { affinity: { nodeAffinity } },
        remedy: 'Name a label that nodes have, or label the nodes.',
      };
    },
  },
  {
    name: 'anti-affinity-unmet',
    family: 'scheduling',
    summary: 'More replicas than zones (or nodes) of which each may have only one.',
    source: `${ASSIGNING}#inter-pod-affinity-and-anti-affinity`,
    parameters: {
      extra: { type: 'number', summary: 'replicas beyond the number of places', min: 1, max: 3, default: 1 },
    },
    classes: ['pod-affinity-unmatched'],
    mistake: ({ site, workload }, { extra }) => {
      const { topologyKey, places } = domains(site.cluster);
      const term = { topologyKey, labelSelector: workload.spec?.selector };
      const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
      return {
        pod: { affinity: { podAntiAffinity } },
        spec: { replicas: Math.max(workload.spec?.replicas ?? 1, places + Number(extra)) },
        remedy:
          'Prefer to keep the replicas apart instead of demanding it, or run no more of them than there are places.',
        isGone: (_container, now) => {
          const { template, replicas = 1 } = (now as Deployment).spec ?? {};
          const terms = template?.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
          return terms.length === 0 || replicas <= places;
        },
      };
    },
  },
  {
    name: 'spread-unsatisfiable',
    family: 'scheduling',
    summary: 'A rollout must spread over racks, which no node is labelled with.',
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    classes: ['spread-unsatisfiable'],
    mistake: ({ site: { cluster }, workload }) => {
      const key = 'topology.kubernetes.io/rack';
      if (servingNodes(cluster).some(({ metadata }) => metadata.labels?.[key] !== undefined))
        throw new NoTargetError('nodes are labelled with their racks');
      const constraint = { maxSkew: 1, topologyKey: key, whenUnsatisfiable: 'DoNotSchedule' };
      return {
        pod: { topologySpreadConstraints: [{ ...constraint, labelSelector: workload.spec?.selector }] },
        remedy: 'Spread over a label that nodes have, such as topology.kubernetes.io/zone.',
      };
    },
  },
  {
    name: 'scheduling-gate-left',
    family: 'scheduling',
    summary: 'A template has a scheduling gate that nothing in the cluster removes.',
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/',
    classes: ['scheduling-gated'],
    mistake: () => ({
      pod: { schedulingGates: [{ name: 'example.com/capacity-review' }] },
      remedy: 'Take the gate out of the template, or run the controller that removes it.',
    }),
  },
  {
    name: 'priority-class-missing',
    family: 'scheduling',
    summary: 'A rollout names a PriorityClass that does not exist.',
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#pod-priority',
    classes: ['priority-class-missing'],
    mistake: (rollout) => {
      const name = `${rollout.name}-critical`;
      // The admission of pods refuses a number that is not the class's.
      return {
        pod: { priorityClassName: name, priority: undefined, preemptionPolicy: undefined },
        entities: [`PriorityClass ${name}`],
        remedy: 'Make the PriorityClass, or name one that exists.',
      };
    },
  },
  {
    name: 'host-port-conflict',
    family: 'scheduling',
    summary: 'A workload wants a host port that an agent has on every node.',
    source: 'https://kubernetes.io/docs/concepts/configuration/overview/#services',
    settlesMs: 420_000,
    classes: ['host-port-taken'],
    suits: ({ container: { ports = [] } }) => ports.length > 0,
    mistake: ({ site, namespace, container: { ports: [port] = [] } }) => {
      const agent = portHolder(site, namespace);
      return {
        first: { ports: [{ ...port, hostPort: HOST_PORT }] },
        entities: [agent],
        remedy: 'Do without the host port, or take another one.',
      };
    },
  },
  {
    name: 'pod-too-large',
    family: 'scheduling',
    summary: 'A rollout asks for more than the largest machine offers.',
    source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#my-pods-are-pending',
    parameters: {
      resource: { type: 'choice', summary: 'of which', choices: ['cpu', 'memory'], default: 'cpu' },
      factor: {
        ...{ type: 'number', summary: 'how many times the largest machine', integer: false },
        ...{ min: 1.2, max: 4, default: 1.5 },
      },
    },
    classes: ['pod-larger-than-any-node'],
    // The quota of a namespace would refuse such pods before anybody looks for a node.
    suits: ({ site, namespace }) => [...site.cluster.api.store.list(RESOURCE_QUOTAS, namespace)].length === 0,
    mistake: ({ site: { cluster }, container }, { resource, factor }) => {
      const name = String(resource);
      const most = Math.max(0, ...[...cluster.api.store.list(NODES)].map((node) => offered(node, name)));
      const amount = name === 'cpu' ? formatCpu(Math.ceil(most * Number(factor))) : formatBytes(most * Number(factor));
      return {
        first: { resources: withAmount(container, name, amount) },
        remedy: 'Ask for less, or add a node pool of larger machines.',
      };
    },
  },
  {
    name: 'gpu-not-offered',
    family: 'scheduling',
    summary: 'A rollout asks for GPUs in a cluster without any.',
    source: 'https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/',
    parameters: { count: { type: 'number', summary: 'GPUs per pod', min: 1, max: 8, default: 1 } },
    classes: ['resource-not-offered'],
    mistake: ({ site: { cluster }, container }, { count }) => {
      if (servingNodes(cluster).some((node) => offered(node, GPU) > 0)) throw new NoTargetError('nodes offer GPUs');
      return {
        first: { resources: withAmount(container, GPU, String(count)) },
        remedy: 'Add a node pool with GPUs, or do without.',
      };
    },
  },
];

export const SCHEDULING_FAULTS: readonly FaultKind[] = [...ROWS.map(flawedDeployment), PRIORITY_INVERSION];

/** A label that a person could take for one of the nodes': a pool that was renamed, else a kind of disk. */
function unknownLabel(cluster: SimulatedCluster): readonly [key: string, value: string] {
  const nodes = [...cluster.api.store.list(NODES)];
  const pools = nodes.map(({ metadata }) => metadata.labels?.[NODE_POOL]).filter((pool) => pool !== undefined);
  const [key, value] = pools.length > 0 ? [NODE_POOL, `${pools.sort()[0] ?? ''}-v2`] : ['disktype', 'nvme'];
  if (nodes.some(({ metadata }) => metadata.labels?.[key] === value))
    throw new NoTargetError(`nodes have the label ${key}=${value}`);
  return [key, value];
}

/** What replicas may be kept apart by, and how many places that leaves. Zones where there are some: nodes can be added, zones cannot. */
function domains(cluster: SimulatedCluster): { readonly topologyKey: string; readonly places: number } {
  const nodes = servingNodes(cluster);
  const zones = new Set([...nodes.map(zoneOf), ...(cluster.cloud?.zones ?? [])].filter((zone) => zone !== ''));
  return zones.size > 0
    ? { topologyKey: 'topology.kubernetes.io/zone', places: zones.size }
    : { topologyKey: 'kubernetes.io/hostname', places: nodes.length };
}

/** An agent that has the host port on every node. */
function portHolder(site: FaultSite, namespace: string): string {
  const labels = { app: 'node-agent' };
  const ports = [{ name: 'metrics', containerPort: HOST_PORT, hostPort: HOST_PORT }];
  const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } };
  const container = { name: 'node-agent', image: 'registry.example.com/node-agent:1.9.0', ports, resources };
  const template = {
    metadata: { labels },
    spec: { containers: [container], tolerations: [{ operator: 'Exists' }] },
  };
  const metadata = { name: 'node-agent', namespace };
  const spec = { selector: { matchLabels: labels }, template };
  return entityOf(site.create({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec }));
}

function offered({ status }: Node, resource: string): number {
  return amountOf(resource, status?.allocatable?.[resource] ?? '0') ?? 0;
}

/** What a container asks for, with another amount of one resource; a limit goes with it. */
function withAmount({ resources }: Container, resource: string, amount: string): Record<string, unknown> {
  const { requests, limits } = resources ?? {};
  const isLimited = limits?.[resource] !== undefined || resource.includes('/');
  return {
    requests: { ...requests, [resource]: amount },
    ...(isLimited ? { limits: { ...limits, [resource]: amount } } : limits === undefined ? {} : { limits }),
  };
}
