/** The node that a group would add. Source: `cluster-autoscaler/simulator/node_info_utils.go` */
import type { KindMap, Node, Pod } from '../../model/kinds.ts';
import { templateNode } from '../../scheduling/template-node.ts';
import type { NodeAddition, SchedulingWorld } from '../../scheduling/world.ts';
import { nodeOptionsOf, type InstanceGroup } from '../cloud/machines.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import { nodeOf } from '../kubelet/node-registration.ts';

type DaemonSet = KindMap['DaemonSet'];
const INSTANCE_TYPE = 'node.kubernetes.io/instance-type';
const READY = [{ type: 'Ready', status: 'True' }];

/** Makes nodes of a group for a trial, each under a name of its own. */
export type MakeNode = (name: string) => NodeAddition;

/**
 * As a node of the group that is there, with its DaemonSets' pods; else as the group's machines are made. A pool whose machine type was
 * changed is not judged by its old nodes.
 */
export function groupTemplate(
  group: InstanceGroup,
  nodes: readonly Node[],
  world: SchedulingWorld,
  cloud: SimulatedCloud,
  version: string,
): MakeNode {
  const like = nodes.find(
    ({ metadata }) =>
      (metadata.labels?.[INSTANCE_TYPE] ?? group.pool.machineType) === group.pool.machineType &&
      world.node(metadata.name) !== undefined,
  );
  const state = like === undefined ? undefined : world.node(like.metadata.name);
  if (state !== undefined) return (name) => templateNode(state, name);
  const daemonSets = world.snapshot.list('DaemonSet');
  return (name) => madeNode(group, name, daemonSets, world, cloud, version);
}

function madeNode(
  group: InstanceGroup,
  name: string,
  daemonSets: readonly DaemonSet[],
  world: SchedulingWorld,
  cloud: SimulatedCloud,
  version: string,
): NodeAddition {
  const made = nodeOf(nodeOptionsOf(cloud, group.pool, group.zone, name), 0, version, 0);
  const node = { ...made, status: { ...made.status, conditions: READY } } as Node;
  if (daemonSets.length === 0) return { node };
  const trial = world.withNodes([{ node }]);
  const pods: Pod[] = [];
  for (const daemonSet of daemonSets) {
    const pod = daemonPod(daemonSet, name);
    if (pod === undefined || trial.refusal({ ...pod, spec: { ...pod.spec, nodeName: '' } } as Pod, name) !== undefined)
      continue;
    trial.place(pod, name);
    pods.push(pod);
  }
  return { node, pods };
}

function daemonPod({ metadata, spec }: DaemonSet, nodeName: string): Pod | undefined {
  const template = spec?.template;
  if (template?.spec === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${metadata.name}.${nodeName}`,
      namespace: metadata.namespace ?? '',
      ...(template.metadata?.labels && { labels: template.metadata.labels }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name: metadata.name, uid: metadata.uid ?? '', controller: true },
      ],
    },
    spec: { ...template.spec, nodeName },
  } as Pod;
}
