/**
 * A node that a pool could add, made after one of its nodes, as the cluster autoscaler does.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md
 */
import type { Node, Pod } from '../model/kinds.ts';
import type { NodeState } from './node-state.ts';
import { isDaemonPod, isMirrorPod } from './pod-owner.ts';
import type { NodeAddition } from './world.ts';

/** What a template node starts with. */
export interface TemplateOptions {
  /** Whether the new node starts with copies of the DaemonSet and static pods of the old one (default `true`). */
  readonly daemonPods?: boolean;
}

const HOSTNAME = 'kubernetes.io/hostname';
/** Labels that pools are told apart by: GKE, EKS, AKS, Karpenter, kops, Cluster API. */
const POOL_LABELS = [
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'kubernetes.azure.com/agentpool',
  'karpenter.sh/nodepool',
  'kops.k8s.io/instancegroup',
  'cluster.x-k8s.io/deployment-name',
] as const;

/** Taints that speak of one node's state at one moment, not of its pool. */
const PASSING_TAINTS = [
  'node.kubernetes.io/',
  'node.cloudprovider.kubernetes.io/',
  'ToBeDeletedByClusterAutoscaler',
  'DeletionCandidateOfClusterAutoscaler',
  'ignore-taint.cluster-autoscaler.kubernetes.io/',
  'startup-taint.cluster-autoscaler.kubernetes.io/',
  'karpenter.sh/disrupted',
  'karpenter.sh/unregistered',
  'cloud.google.com/impending-node-termination',
] as const;

/** A fresh node named `name` of the same kind as `state`'s, ready, empty but for the pods every such node runs. */
export function templateNode(
  state: NodeState,
  name: string,
  { daemonPods = true }: TemplateOptions = {},
): NodeAddition {
  const { node, pods, volumeLimits } = state;
  const own = daemonPods ? pods.map(({ pod }) => pod).filter((pod) => isDaemonPod(pod) || isMirrorPod(pod)) : [];
  return { node: freshNode(node, name), pods: own.map((pod) => copyOf(pod, name)), volumeLimits };
}

/** The pool a node belongs to by its labels; `''` when they do not say. */
export function nodePoolOf(node: Node): string {
  const label = POOL_LABELS.find((key) => node.metadata.labels?.[key] !== undefined);
  return label === undefined ? '' : (node.metadata.labels?.[label] ?? '');
}

function freshNode({ apiVersion, kind, metadata, spec, status = {} }: Node, name: string): Node {
  const { annotations, labels } = metadata;
  const { capacity, allocatable, nodeInfo } = status;
  const taints = (spec?.taints ?? []).filter(({ key }) => !PASSING_TAINTS.some((prefix) => key.startsWith(prefix)));
  return {
    apiVersion,
    kind,
    metadata: { name, labels: { ...labels, [HOSTNAME]: name }, ...(annotations && { annotations }) },
    spec: { taints },
    status: {
      ...(capacity && { capacity }),
      ...(allocatable && { allocatable }),
      ...(nodeInfo && { nodeInfo }),
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** Same pod under another name on another node. */
function copyOf(pod: Pod, nodeName: string): Pod {
  const { name, namespace = '', labels, annotations, ownerReferences } = pod.metadata;
  const metadata = {
    name: `${name}.${nodeName}`,
    namespace,
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
  };
  return { ...pod, metadata, spec: { ...(pod.spec ?? { containers: [] }), nodeName } };
}
