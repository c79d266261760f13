/** What a cluster is like at a moment, in the numbers that a change is judged by. */
import type { Quota } from '../../../cloud/cloud.ts';
import { costOf, type CostEstimate } from '../../../cloud/cost.ts';
import type { DaemonSet, Deployment, Node, Service } from '../../../model/kinds.ts';
import { compare } from '../../../model/order.ts';
import { cpuMillis, wholeUnits } from '../../../model/quantity.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { podRequests } from '../../../scheduling/pod-requests.ts';
import { nodePoolOf } from '../../../scheduling/template-node.ts';
import {
  DAEMON_SETS,
  DEPLOYMENTS,
  NODES,
  PERSISTENT_VOLUMES,
  PODS,
  SERVICES,
  STATEFUL_SETS,
  STORAGE_CLASSES,
} from '../../api/built-in-types.ts';
import { entityOf } from '../../entity.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { standingOf, type Standing } from './pod-standing.ts';

/** How a workload fares. */
export interface WorkloadState {
  /** `Deployment shop/web`. */
  readonly entity: string;
  readonly wanted: number;
  readonly ready: number;
}

/** Numbers of one moment. */
export interface ClusterState {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly pods: Readonly<Record<Standing, number>>;
  /** Sorted. */
  readonly workloads: readonly WorkloadState[];
  readonly nodes: {
    readonly total: number;
    readonly ready: number;
    readonly cordoned: number;
    /** By node pool, `''` for nodes of none. */
    readonly pools: Readonly<Record<string, number>>;
  };
  /** What pods request of what nodes offer. */
  readonly cpuMillis: Amounts;
  readonly memoryBytes: Amounts;
  /** Services of type LoadBalancer. */
  readonly loadBalancers: { readonly withAddress: number; readonly pending: number };
  /** Sorted by region and metric; `undefined` where they were not read. */
  readonly quotas: readonly Quota[] | undefined;
  /** `undefined` outside of any cloud that is known. */
  readonly cost: CostEstimate | undefined;
}

/** In the unit of their field. */
export interface Amounts {
  readonly requested: number;
  readonly allocatable: number;
}

/** The cluster as it is now. */
export function stateOf(cluster: SimulatedCluster): ClusterState {
  const { api, clock, cloud } = cluster;
  const nodes = [...api.store.list(NODES)];
  return {
    at: clock.now,
    pods: podsOf(cluster),
    workloads: workloadsOf(cluster),
    nodes: nodesOf(nodes),
    ...amountsOf(cluster, nodes),
    loadBalancers: loadBalancersOf([...api.store.list(SERVICES)]),
    quotas: cloud?.snapshot.quotas?.toSorted((a, b) => compare(a.region, b.region) || compare(a.metric, b.metric)),
    cost: costIn(cluster, nodes),
  };
}

function costIn({ api: { store }, cloud }: SimulatedCluster, nodes: readonly Node[]): CostEstimate | undefined {
  if (cloud === undefined) return undefined;
  const [volumes, storageClasses] = [[...store.list(PERSISTENT_VOLUMES)], [...store.list(STORAGE_CLASSES)]];
  return costOf({ nodes, volumes, storageClasses, cloud: cloud.snapshot });
}

function podsOf({ api: { store } }: SimulatedCluster): ClusterState['pods'] {
  const pods = { ready: 0, completed: 0, starting: 0, unscheduled: 0, failing: 0, ending: 0 };
  for (const pod of store.list(PODS)) pods[standingOf(pod).standing]++;
  return pods;
}

function workloadsOf({ api: { store } }: SimulatedCluster): readonly WorkloadState[] {
  const replicated = [...store.list(DEPLOYMENTS), ...store.list(STATEFUL_SETS)].map((one: Deployment) => ({
    entity: entityOf(one),
    wanted: one.spec?.replicas ?? 1,
    ready: one.status?.readyReplicas ?? 0,
  }));
  const perNode = [...store.list(DAEMON_SETS)].map((one: DaemonSet) => ({
    entity: entityOf(one),
    wanted: one.status?.desiredNumberScheduled ?? 0,
    ready: one.status?.numberReady ?? 0,
  }));
  return [...replicated, ...perNode].sort((a, b) => compare(a.entity, b.entity));
}

function nodesOf(nodes: readonly Node[]): ClusterState['nodes'] {
  const pools: Record<string, number> = {};
  for (const node of nodes) pools[nodePoolOf(node)] = (pools[nodePoolOf(node)] ?? 0) + 1;
  return {
    total: nodes.length,
    ready: nodes.filter(isReadyNode).length,
    cordoned: nodes.filter(({ spec }) => spec?.unschedulable === true).length,
    pools: Object.fromEntries(Object.entries(pools).sort(([a], [b]) => compare(a, b))),
  };
}

/** Whether a node says that it is ready. */
export function isReadyNode({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

function amountsOf(
  { api: { store } }: SimulatedCluster,
  nodes: readonly Node[],
): Pick<ClusterState, 'cpuMillis' | 'memoryBytes'> {
  const [cpu, memory] = [0, 0].map(() => ({ requested: 0, allocatable: 0 })) as [Writable, Writable];
  for (const pod of store.list(PODS)) {
    if ((pod.spec?.nodeName ?? '') === '' || isFinished(pod)) continue;
    const requests = podRequests(pod);
    cpu.requested += requests.cpuMillis;
    memory.requested += requests.memoryBytes;
  }
  for (const { status } of nodes) {
    cpu.allocatable += cpuMillis(status?.allocatable?.['cpu'] ?? '0') ?? 0;
    memory.allocatable += wholeUnits(status?.allocatable?.['memory'] ?? '0') ?? 0;
  }
  return { cpuMillis: cpu, memoryBytes: memory };
}

type Writable = { -readonly [K in keyof Amounts]: Amounts[K] };

function loadBalancersOf(services: readonly Service[]): ClusterState['loadBalancers'] {
  const balanced = services.filter(({ spec }) => spec?.type === 'LoadBalancer');
  const withAddress = balanced.filter((one) => addressesOf(one).length > 0).length;
  return { withAddress, pending: balanced.length - withAddress };
}

/** Addresses and host names of a Service's load balancer. */
export function addressesOf({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}
