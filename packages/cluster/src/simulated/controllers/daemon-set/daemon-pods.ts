/** Which daemon pods to make and to delete. Source: `pkg/controller/daemon`, `podsShouldBeOnNode`, `rollingUpdate` */
import type { Node, Pod } from '../../../model/kinds.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isReady } from '../pod-state.ts';
import { placementOn } from './daemon-placement.ts';
import {
  allowsSurge,
  DAEMON_SET_CONTROLLER,
  isAvailableIn,
  isLeaving,
  isUpdated,
  updateLimits,
  type DaemonScene,
} from './daemon-scene.ts';
import type { FailureBackOff } from './failure-back-off.ts';

/** Pods to delete, and names of nodes to make pods for. */
export interface DaemonChanges {
  readonly remove: readonly Pod[];
  readonly make: readonly string[];
}

/** What the places of pods ask for, whatever their version. Calls `again` with milliseconds to wait for a node. */
export function neededChanges(
  context: SimulationContext,
  scene: DaemonScene,
  backOff: FailureBackOff,
  again: (delayMs: number) => void,
): DaemonChanges {
  const make: string[] = [];
  const remove: Pod[] = [];
  for (const node of scene.nodes) {
    const { name } = node.metadata;
    const pods = scene.podsByNode.get(name);
    const { shouldRun, mayStay } = placementOn(node, scene.set);
    if (pods === undefined) {
      if (shouldRun) make.push(name);
    } else if (!mayStay) remove.push(...pods.filter((pod) => !isLeaving(pod)));
    else remove.push(...endedPods(context, scene, node, backOff, again), ...surplusPods(scene, livePods(pods)));
  }
  return { make, remove: [...remove, ...strayPods(scene)] };
}

function livePods(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter((pod) => !isLeaving(pod) && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded');
}

/** Pods that ended are replaced; failed ones ever more slowly, lest the kubelet refuses the next at once. */
function endedPods(
  { events }: SimulationContext,
  { set, podsByNode, now }: DaemonScene,
  { metadata: { name } }: Node,
  backOff: FailureBackOff,
  again: (delayMs: number) => void,
): readonly Pod[] {
  return (podsByNode.get(name) ?? []).filter((pod) => {
    const phase = pod.status?.phase;
    if (isLeaving(pod) || (phase !== 'Failed' && phase !== 'Succeeded')) return false;
    const where = `daemon pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} on node ${name}`;
    if (phase === 'Succeeded') {
      const message = `Found succeeded ${where}, will try to delete it`;
      events.record(set, 'Normal', 'SucceededDaemonPod', message, DAEMON_SET_CONTROLLER);
      return true;
    }
    const waitMs = backOff.next(`${set.metadata.uid ?? ''}/${name}`, now);
    if (waitMs > 0) {
      again(waitMs);
      return false;
    }
    const message = `Found failed ${where}, will try to kill it`;
    events.record(set, 'Warning', 'FailedDaemonPod', message, DAEMON_SET_CONTROLLER);
    return true;
  });
}

/** All but the oldest; in a surge an old pod may stay beside the new one until that is available. */
function surplusPods(scene: DaemonScene, pods: readonly Pod[]): readonly Pod[] {
  if (!allowsSurge(scene.set) || pods.length <= 1) return pods.slice(1);
  const fresh = pods.find((pod) => isUpdated(scene, pod));
  const old = pods.find((pod) => !isUpdated(scene, pod));
  const others = pods.filter((pod) => pod !== fresh && pod !== old);
  if (fresh === undefined || old === undefined) return others;
  return !isReady(old) || isAvailableIn(scene, fresh) ? [...others, old] : others;
}

/** Pods that wait for a node that is gone. */
function strayPods({ nodes, podsByNode }: DaemonScene): readonly Pod[] {
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  return [...podsByNode]
    .filter(([name]) => !known.has(name))
    .flatMap(([, pods]) => pods.filter((pod) => (pod.spec?.nodeName ?? '') === '' && !isLeaving(pod)));
}

/** What replaces pods of another version, within the limits. */
export function updateChanges(scene: DaemonScene): DaemonChanges {
  const { surge, unavailable } = updateLimits(scene);
  const nodes = [...scene.podsByNode].map(([name, pods]) => ({ name, ...versionsOf(scene, pods) }));
  return surge === 0 ? replaced(scene, nodes, unavailable) : surged(scene, nodes, surge);
}

interface Versions {
  readonly name: string;
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
  /** Two of one version: first the surplus has to go. */
  readonly isUnclear: boolean;
}

function versionsOf(scene: DaemonScene, pods: readonly Pod[]): Omit<Versions, 'name'> {
  const staying = pods.filter((pod) => !isLeaving(pod));
  const fresh = staying.filter((pod) => isUpdated(scene, pod));
  const old = staying.filter((pod) => !isUpdated(scene, pod));
  return { fresh: fresh[0], old: old[0], isUnclear: fresh.length > 1 || old.length > 1 };
}

/** Old pods that are not available go at once, others as long as few enough nodes are without. */
function replaced(scene: DaemonScene, nodes: readonly Versions[], most: number): DaemonChanges {
  const isUp = (pod: Pod) => isAvailableIn(scene, pod);
  const without: Pod[] = [];
  const candidates: Pod[] = [];
  let missing = 0;
  for (const { fresh, old, isUnclear } of nodes) {
    if (isUnclear || (fresh === undefined) === (old === undefined)) missing++;
    else if (fresh !== undefined) missing += isUp(fresh) ? 0 : 1;
    else if (old !== undefined && isUp(old)) candidates.push(old);
    else if (old !== undefined) {
      without.push(old);
      missing++;
    }
  }
  return { make: [], remove: [...without, ...candidates.slice(0, Math.max(0, most - missing))] };
}

/** New pods are made beside old ones, as long as few enough nodes have two; old ones go when new ones are available. */
function surged(scene: DaemonScene, nodes: readonly Versions[], most: number): DaemonChanges {
  const isUp = (pod: Pod) => isAvailableIn(scene, pod);
  const atOnce: string[] = [];
  const candidates: string[] = [];
  const remove: Pod[] = [];
  let doubled = 0;
  for (const { name, fresh, old, isUnclear } of nodes) {
    if (isUnclear) doubled++;
    else if (old === undefined) continue;
    else if (fresh === undefined) (isUp(old) ? candidates : atOnce).push(name);
    else if (isUp(fresh)) remove.push(old);
    else doubled++;
  }
  return { make: [...atOnce, ...candidates.slice(0, Math.max(0, most - doubled))], remove };
}
