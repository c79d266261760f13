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

/** Why a kubelet refuses a pod, with the message of the event; `undefined` when it takes it. Static pods are always taken. */
export function refusalOf(pod: PodRuntime): Problem | undefined {
  return underPressure(pod) ?? outOfResources(pod) ?? unlikeNode(pod) ?? withoutPorts(pod) ?? notTolerated(pod);
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

/** The node's amounts without those of the pods that it runs. */
function outOfResources(pod: PodRuntime): Problem | undefined {
  const { node } = pod;
  const allocatable = node.object?.status?.allocatable;
  if (allocatable === undefined) return undefined;
  const others = admittedPods(node).filter((other) => other !== pod);
  const wanted = podRequests(pod.object);
  const used = others.map(({ object }) => podRequests(object));
  const lack = (name: string, requested: number, inUse: number) => {
    const text = allocatable[name];
    // What the node does not have at all is none of the kubelet's business.
    const capacity = text === undefined ? undefined : amountOf(name, text);
    if (capacity === undefined || requested === 0 || requested <= capacity - inUse) return undefined;
    const message = `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${inUse}, capacity: ${capacity}`;
    return { reason: `OutOf${name}`, message };
  };
  const found = lack('pods', 1, others.length);
  if (found !== undefined) return found;
  for (const name of ['cpu', 'memory', ...wanted.others.keys()]) {
    const problem = lack(
      name,
      amountIn(wanted, name),
      used.reduce((sum, one) => sum + amountIn(one, name), 0),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Pods that hold resources of a node. */
export function admittedPods(node: NodeRuntime): readonly PodRuntime[] {
  return [...node.pods.values()].filter(({ isKnown, finished }) => isKnown && finished === undefined);
}

function amountIn({ cpuMillis, memoryBytes, others }: Resources, name: string): number {
  if (name === 'cpu') return cpuMillis;
  return name === 'memory' ? memoryBytes : (others.get(name) ?? 0);
}
