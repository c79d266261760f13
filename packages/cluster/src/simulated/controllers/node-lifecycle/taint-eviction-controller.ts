/**
 * Pods on nodes whose taints they do not tolerate, or not for ever.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions; `pkg/controller/tainteviction`
 */
import type { Pod } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { tolerates } from '../../../scheduling/filters/node-selection.ts';
import { NODES, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, podsOnNode } from '../../store/object-index.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import type { Taint } from './node-taints.ts';

const SOURCE = { component: 'taint-eviction-controller' };
const REASON = 'TaintManagerEviction';

/** A deletion to come. */
interface Eviction {
  readonly uid: string;
  readonly since: number;
  readonly at: number;
}

export function taintEvictionController(context: SimulationContext): Controller {
  const { api, clock, events } = context;
  const evictions = new Map<string, Eviction>();
  const cancel = (key: string, pod: Pod | undefined): void => {
    if (!evictions.delete(key) || pod === undefined) return;
    events.record(pod, 'Normal', REASON, `Cancelling deletion of Pod ${key}`, SOURCE);
  };
  return {
    name: 'taint-eviction-controller',
    needs: ['/Node', '/Pod'],
    keysOf: (change) => keysOf(change, api.store, evictions),
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const pod = api.store.get(PODS, namespace, name);
      const known = evictions.get(key);
      if (
        pod === undefined ||
        pod.metadata.deletionTimestamp !== undefined ||
        pod.metadata.uid !== (known?.uid ?? pod.metadata.uid)
      )
        evictions.delete(key);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      const toleratedMs = tolerationOf(pod, driving(api.store, pod.spec?.nodeName ?? ''));
      if (toleratedMs === undefined) {
        cancel(key, pod);
        return undefined;
      }
      const since = evictions.get(key)?.since ?? clock.now;
      const at = toleratedMs === 0 ? clock.now : since + toleratedMs;
      if (at > clock.now) {
        evictions.set(key, { uid: pod.metadata.uid ?? '', since, at });
        return at - clock.now;
      }
      evictions.delete(key);
      events.record(pod, 'Normal', REASON, `Marking for deletion Pod ${key}`, SOURCE);
      mark(context, pod);
      api.delete(PODS, namespace, name);
      return undefined;
    },
  };
}

function keysOf(change: Change, store: ObjectStore, evictions: ReadonlyMap<string, Eviction>): readonly string[] {
  if (isChangeOf(change, PODS)) {
    const { kind, object, previous } = change;
    const isPlaced = kind !== 'DELETED' && (previous === undefined || previous.spec !== object.spec);
    const key = keyOf(object);
    const isConcerned = isPlaced && driving(store, object.spec?.nodeName ?? '').length > 0;
    return isConcerned || evictions.has(key) ? [key] : [];
  }
  if (!isChangeOf(change, NODES) || change.kind === 'DELETED') return [];
  const { object, previous } = change;
  if (sameJson(drivingTaints(object.spec?.taints), drivingTaints(previous?.spec?.taints))) return [];
  return [...podsOnNode(store, object.metadata.name)].map(keyOf);
}

function driving(store: ObjectStore, node: string): readonly Taint[] {
  return drivingTaints(store.get(NODES, '', node)?.spec?.taints);
}

function drivingTaints(taints: readonly Taint[] = []): readonly Taint[] {
  return taints.filter(({ effect }) => effect === 'NoExecute');
}

/** Milliseconds for which a pod bears the taints; 0 where it does not at all, `undefined` where for ever. */
function tolerationOf({ spec }: Pod, taints: readonly Taint[]): number | undefined {
  if (taints.length === 0) return undefined;
  const tolerations = spec?.tolerations ?? [];
  let least = Infinity;
  for (const taint of taints) {
    const matching = tolerations.find((one) => tolerates([one], taint));
    if (matching === undefined) return 0;
    if (matching.tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, matching.tolerationSeconds));
  }
  return least === Infinity ? undefined : least * 1000;
}

/** Says on the pod why it goes. */
function mark({ api, clock }: SimulationContext, { metadata }: Pod): void {
  api.changeStatus(PODS, metadata.namespace ?? '', metadata.name, (pod) => {
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: timestamp(clock.now),
    };
    return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
  });
}
