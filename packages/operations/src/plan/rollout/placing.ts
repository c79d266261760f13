/** Whether the pods of a workload would find nodes if their template were another one, by the scheduler's own filters. */
import { nodePoolOf, type KubeObject, type Pod, type PodSpec } from '@aia/cluster';
import { fitting, withMoreNodes } from '../../diagnose/nodes/capacity.ts';
import { isAutopilot } from '../../diagnose/nodes/growth.ts';
import { nodeKinds, type NodeKind } from '../../diagnose/nodes/node-kinds.ts';
import { templateOf, type Planning } from '../planning.ts';

/** On the nodes that there are; on those that pools may add by themselves; not. */
export type Placing = 'now' | 'with-more-nodes' | 'not';

/** Asked of all its replicas, in place of the pods that it has. */
export function placingOf(workload: KubeObject, spec: PodSpec, planning: Planning): Placing {
  const pods = podsWith(workload, spec, planning);
  const world = planning.examination.world.fork();
  for (const pod of ownPods(workload, planning)) {
    const node = pod.spec?.nodeName ?? '';
    const isThere = world.node(node)?.pods.some((placed) => placed.pod === pod) === true;
    if (isThere) world.remove(pod, node);
  }
  if (fitting(world, pods) === pods.length) return 'now';
  const kinds = nodeKinds(world).filter((kind) => mayAdd(kind, planning));
  const grown = withMoreNodes(world, pods, kinds).some((steps) => steps.at(-1)?.fits === pods.length);
  return grown ? 'with-more-nodes' : 'not';
}

/** Pods of a workload, those of its ReplicaSets or Jobs among them; of a pod, itself. */
export function ownPods(workload: KubeObject, { snapshot }: Planning): readonly Pod[] {
  if (workload.kind === 'Pod') return [workload as Pod];
  return snapshot
    .ownedBy(workload)
    .flatMap((owned) => [owned, ...(owned.kind === 'Pod' ? [] : snapshot.ownedBy(owned))])
    .filter((owned): owned is Pod => owned.kind === 'Pod');
}

interface Replicated {
  readonly spec?: {
    readonly replicas?: number;
    readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
  };
}

/** As many as it wants, of a template; of what runs on every node one. */
function podsWith(workload: KubeObject, spec: PodSpec, planning: Planning): readonly Pod[] {
  const { replicas = 1, volumeClaimTemplates = [] } = (workload as KubeObject & Replicated).spec ?? {};
  const { namespace = '', name } = workload.metadata;
  const labels = templateOf(workload)?.labels ?? workload.metadata.labels ?? {};
  const priority = ownPods(workload, planning)[0]?.spec?.priority;
  return Array.from({ length: Math.max(1, replicas) }, (_, i): Pod => {
    const own = volumeClaimTemplates.map(({ metadata }) => ({
      name: metadata?.name ?? '',
      persistentVolumeClaim: { claimName: `${metadata?.name ?? ''}-${name}-${i}` },
    }));
    const volumes = [...(spec.volumes ?? []), ...own];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `(planned) ${name}-${i}`, namespace, labels },
      spec: { ...spec, volumes, ...(priority !== undefined && { priority }) },
    };
  });
}

/** Nodes of pools that are known to grow by themselves and have not grown as far as they may. */
function mayAdd({ pool }: NodeKind, { snapshot }: Planning): boolean {
  if (isAutopilot(snapshot)) return true;
  const autoscaling = snapshot.cloud.cluster?.nodePools.find(({ name }) => name === pool)?.autoscaling;
  if (autoscaling === undefined) return false;
  return snapshot.list('Node').filter((node) => nodePoolOf(node) === pool).length < autoscaling.maxNodes;
}
