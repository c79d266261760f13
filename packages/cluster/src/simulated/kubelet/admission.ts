/**
 * Whether a kubelet takes a pod that was bound to its node. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/;
 * `pkg/kubelet/lifecycle/predicate.go`, `pkg/kubelet/eviction/eviction_manager.go`
 */
import type { Pod } from '../../model/kinds.ts';
import { amountOf } from '../../model/quantity.ts';
import { nodeAffinity, untoleratedTaint } from '../../scheduling/filters/node-selection.ts';
import { PodProfile } from '../../scheduling/pod-profile.ts';
import { podRequests } from '../../scheduling/pod-requests.ts';
import type { Resources } from '../../scheduling/resources.ts';
import type { Finish, Kubelet, NodeRuntime, PodRuntime, Problem } from './pod-runtime.ts';
import { qosClassOf } from './quality-of-service.ts';

const SHUTDOWN: Problem = { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' };

/** Why a kubelet refuses a pod, with the message of the event; `undefined` when it takes it. Static pods are always taken. */
export function refusalOf({ behaviours }: Kubelet, pod: PodRuntime): Problem | undefined {
  if (pod.node.isShuttingDown) return SHUTDOWN;
  const { admissionError } = behaviours.node?.(pod.node.name) ?? {};
  const unfit = outOfResources(pod) ?? unlikeNode(pod) ?? withoutPorts(pod) ?? notTolerated(pod);
  return underPressure(pod) ?? admissionError ?? unfit;
}

/** The end of a pod that was refused. */
export function refused({ wording }: Kubelet, { reason, message }: Problem): Finish {
  return { phase: 'Failed', reason, message: `${wording.rejected}${message}` };
}

function underPressure({ object, node }: PodRuntime): Problem | undefined {
  const has = (type: string) =>
    node.object?.status?.conditions?.some((one) => one.type === type && one.status === 'True');
  if ((object.spec?.priority ?? 0) >= 2_000_000_000) return undefined;
  const refuse = (type: string) => ({ reason: 'Evicted', message: `The node had condition: [${type}]. ` });
  if (has('DiskPressure') === true) return refuse('DiskPressure');
  if (has('PIDPressure') === true) return refuse('PIDPressure');
  if (has('MemoryPressure') !== true || qosClassOf(object) !== 'BestEffort') return undefined;
  const tolerates = object.spec?.tolerations?.some(
    ({ key, operator, effect = '' }) =>
      (key === 'node.kubernetes.io/memory-pressure' || (key === undefined && operator === 'Exists')) &&
      (effect === '' || effect === 'NoSchedule'),
  );
  return tolerates === true ? undefined : refuse('MemoryPressure');
}

function unlikeNode({ object, node }: PodRuntime): Problem | undefined {
  const refusal = node.object === undefined ? undefined : nodeAffinity(new PodProfile(object), node.object);
  return refusal && { reason: 'NodeAffinity', message: `Predicate NodeAffinity failed: ${refusal.reasons.join(', ')}` };
}

function notTolerated({ object, node }: PodRuntime): Problem | undefined {
  const taints = (node.object?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
  const taint = untoleratedTaint(object.spec?.tolerations ?? [], taints);
  if (taint === undefined) return undefined;
  const message = `Predicate TaintToleration failed: node(s) had taint {${taint.key}: ${taint.value ?? ''}}, that the pod didn't tolerate`;
  return { reason: 'TaintToleration', message };
}

function withoutPorts(pod: PodRuntime): Problem | undefined {
  const wanted = hostPorts(pod.object);
  if (wanted.length === 0) return undefined;
  const taken = new Set(admittedPods(pod.node).flatMap((other) => (other === pod ? [] : hostPorts(other.object))));
  if (!wanted.some((port) => taken.has(port))) return undefined;
  const message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
  return { reason: 'NodePorts', message };
}

/** `TCP/8080`; addresses of one port are not told apart. */
function hostPorts({ spec }: Pod): readonly string[] {
  return (spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, protocol = 'TCP' }) => (hostPort === 0 ? [] : [`${protocol}/${hostPort}`])),
  );
}

function outOfResources(pod: PodRuntime): Problem | undefined {
  const lack = lackOf(pod, true);
  return lack && { reason: `OutOf${lack.resource}`, message: lack.message };
}

/** What a pod wants and its node does not have: beside the pods that it runs, or even without them. */
export function lackOf(
  pod: PodRuntime,
  besideOthers: boolean,
): { readonly resource: string; readonly message: string } | undefined {
  const { node } = pod;
  const allocatable = node.object?.status?.allocatable;
  if (allocatable === undefined) return undefined;
  const others = besideOthers ? admittedPods(node).filter((other) => other !== pod) : [];
  const wanted = podRequests(wish(pod.object));
  const used = others.map(({ object }) => podRequests(object));
  for (const resource of ['pods', 'cpu', 'memory', ...wanted.others.keys()]) {
    const requested = resource === 'pods' ? 1 : amountIn(wanted, resource);
    const inUse = resource === 'pods' ? others.length : used.reduce((sum, one) => sum + amountIn(one, resource), 0);
    const text = allocatable[resource];
    // What the node does not have at all is none of the kubelet's business.
    const capacity = text === undefined ? undefined : amountOf(resource, text);
    if (capacity === undefined || requested === 0 || requested <= capacity - inUse) continue;
    return { resource, message: lackMessage(resource, requested, besideOthers ? inUse : undefined, capacity) };
  }
  return undefined;
}

/** A pod as it is wanted, without what it was granted so far. */
function wish({ apiVersion, kind, metadata, spec }: Pod): Pod {
  return { apiVersion, kind, metadata, ...(spec === undefined ? {} : { spec }) };
}

function lackMessage(resource: string, requested: number, used: number | undefined, capacity: number): string {
  return used === undefined
    ? `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`
    : `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
}

/** Pods that hold resources of a node. */
export function admittedPods(node: NodeRuntime): readonly PodRuntime[] {
  return [...node.pods.values()].filter(({ isKnown, finished }) => isKnown && finished === undefined);
}

function amountIn({ cpuMillis, memoryBytes, others }: Resources, name: string): number {
  if (name === 'cpu') return cpuMillis;
  return name === 'memory' ? memoryBytes : (others.get(name) ?? 0);
}
