/** Whether conditions hold on a simulated cluster now. */
import type { DirectWrites, KubeObject, ResourceRef, SimulatedCluster } from '@aia/cluster';
import type { Condition } from '@aia/contract';

/** What conditions are looked up in. */
export interface ConditionView {
  read(target: ResourceRef): KubeObject | undefined;
  readonly cloud: SimulatedCluster['cloud'];
}

/** A view of a simulated cluster. */
export function viewOf(cluster: SimulatedCluster, writes: DirectWrites): ConditionView {
  return { read: (target) => writes.read(target), cloud: cluster.cloud };
}

/** `undefined` where it holds, else what is otherwise, in words. */
export function failureOf(condition: Condition, view: ConditionView): string | undefined {
  switch (condition.kind) {
    case 'exists':
      return view.read(condition.target) === undefined ? `${nameOf(condition.target)} is not there` : undefined;
    case 'absent':
      return view.read(condition.target) === undefined ? undefined : `${nameOf(condition.target)} is there`;
    case 'available':
      return unavailable(condition.target, view);
    default:
      return undefined;
  }
}

function nameOf({ kind, namespace, name }: ResourceRef): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

interface Replicated {
  readonly metadata: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

function unavailable(target: ResourceRef, view: ConditionView): string | undefined {
  const object = view.read(target) as (KubeObject & Replicated) | undefined;
  if (object === undefined) return `${nameOf(target)} is not there`;
  const { spec, status = {} } = object;
  const wanted = spec?.replicas ?? 1;
  const available = status.availableReplicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  return available >= wanted && updated >= wanted
    ? undefined
    : `${nameOf(target)}: ${available} of ${wanted} available, ${updated} of the newest revision`;
}
