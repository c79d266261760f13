/** Pods that end by changes: by rollouts, fewer replicas, deletions, evictions, and machines that go. */
import { isDaemonPod, objectKey, type KubeObject, type Pod } from '@aia/cluster';
import type { Change, CloudCall } from '@aia/contract';
import { isReady } from '../../diagnose/conditions.ts';
import type { ObjectChange } from './changed-objects.ts';
import { rolloutLoss, type Loss } from './rollout.ts';
import type { Standing } from './standing.ts';

/** What each change takes away; changes that take nothing are left out. */
export function lossesOf(
  changes: readonly Change[],
  objects: readonly ObjectChange[],
  standing: Standing,
): readonly Loss[] {
  const evicted = objects.filter(({ change }) => change.kind === 'evict').flatMap(({ before }) => podIn(before));
  const ofObjects = objects.filter(({ change }) => change.kind !== 'evict').map((one) => lossOf(one, standing));
  const ofCloud = changes.map((one) => (one.kind === 'cloud' ? machineLoss(one.call, standing) : undefined));
  return [allAtOnce(evicted, 'evicted', true), ...ofObjects, ...ofCloud].filter(
    (one): one is Loss => one !== undefined && one.pods.length > 0,
  );
}

function lossOf(change: ObjectChange, standing: Standing): Loss | undefined {
  const { before, after } = change;
  if (before === undefined) return undefined;
  if (after === undefined) return deletionLoss(change, before, standing);
  return fewerReplicas(before, after, standing) ?? rolloutLoss(change, standing, isReady);
}

function deletionLoss({ change }: ObjectChange, before: KubeObject, standing: Standing): Loss | undefined {
  if (before.kind === 'Pod') return allAtOnce(podIn(before), 'deleted', isOwned(before));
  if (before.kind === 'Node') return allAtOnce(standing.podsOn(before.metadata.name), 'gone with their node', true);
  if (before.kind === 'Namespace') {
    const pods = standing.pods.filter(({ metadata }) => metadata.namespace === before.metadata.name);
    return allAtOnce(pods, 'deleted with their namespace', false);
  }
  if (change.kind === 'delete' && change.propagationPolicy === 'Orphan') return undefined;
  return allAtOnce(standing.podsOf(before), `deleted with their ${before.kind}`, false);
}

function podIn(object: KubeObject | undefined): readonly Pod[] {
  return object?.kind === 'Pod' ? [object as Pod] : [];
}

function isOwned({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
}

function allAtOnce(pods: readonly Pod[], how: string, isReplaced: boolean): Loss {
  return { pods, atOnce: pods.filter(isReady).length, isReplaced, how };
}

/** The pods that go first: of StatefulSets those with the highest ordinals, else those that are not ready. */
function fewerReplicas(before: KubeObject, after: KubeObject, standing: Standing): Loss | undefined {
  const [was, is] = [replicasOf(before), replicasOf(after)];
  if (was === undefined || is === undefined || is >= was) return undefined;
  const pods = standing.podsOf(before);
  const kept =
    before.kind === 'StatefulSet'
      ? pods.toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
      : pods.toSorted((a, b) => Number(isReady(b)) - Number(isReady(a)) || (objectKey(a) < objectKey(b) ? -1 : 1));
  return allAtOnce(kept.slice(is), 'scaled away', false);
}

function replicasOf(object: KubeObject): number | undefined {
  const { spec } = object as { readonly spec?: { readonly replicas?: number; readonly template?: unknown } };
  return spec?.template === undefined ? undefined : (spec.replicas ?? 1);
}

function ordinalOf({ metadata }: Pod): number {
  return Number(/-(\d{1,9})$/.exec(metadata.name)?.[1] ?? 0);
}

/** Pods on machines that a call takes away; which of a pool's machines go is the cloud's choice, so the fullest are assumed. */
function machineLoss(call: CloudCall, standing: Standing): Loss | undefined {
  const podsOn = (nodes: readonly string[]) => nodes.flatMap((name) => standing.podsOn(name));
  const namesOf = (pool: string) => standing.nodesOf(pool).map(({ metadata }) => metadata.name);
  switch (call.operation) {
    case 'delete-machine':
      return allAtOnce(podsOn([call.node]), 'gone with their machine', true);
    case 'delete-node-pool':
      return allAtOnce(podsOn(namesOf(call.pool)), 'moved off their node pool', true);
    case 'resize-node-pool': {
      const fullest = namesOf(call.pool).toSorted(
        (a, b) => movedFrom(b, standing) - movedFrom(a, standing) || (a < b ? -1 : 1),
      );
      return allAtOnce(podsOn(fullest.slice(0, Math.max(0, call.from - call.to))), 'moved off nodes that go', true);
    }
    case 'set-pool-zones': {
      const left = call.from.filter((zone) => !call.to.includes(zone));
      const nodes = standing.nodesOf(call.pool).filter(({ metadata }) => left.includes(metadata.labels?.[ZONE] ?? ''));
      return allAtOnce(podsOn(nodes.map(({ metadata }) => metadata.name)), 'moved to other zones', true);
    }
    default:
      return undefined;
  }
}

const ZONE = 'topology.kubernetes.io/zone';

function movedFrom(node: string, standing: Standing): number {
  return standing.podsOn(node).filter((pod) => !isDaemonPod(pod)).length;
}
