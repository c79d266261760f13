/**
 * Takes back from pods that they were about to be disrupted, where nothing came of it.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions; `stalePodDisruptionTimeout`
 */
import type { Pod } from '../../../model/kinds.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';

const TIMEOUT_MS = 120_000;
const TYPE = 'DisruptionTarget';

export function staleDisruptionController({ api, clock }: SimulationContext): Controller {
  return {
    name: 'disruption-controller-stale-pods',
    keysOf: (change) =>
      isChangeOf(change, PODS) && change.kind !== 'DELETED' && markedAt(change.object) !== undefined
        ? [keyOf(change.object)]
        : [],
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const pod = api.store.get(PODS, namespace, name);
      const at = pod === undefined ? undefined : markedAt(pod);
      if (at === undefined) return undefined;
      const leftMs = at + TIMEOUT_MS - clock.now;
      if (leftMs > 0) return leftMs;
      const lastTransitionTime = timestamp(clock.now);
      api.changeStatus(PODS, namespace, name, (one) => ({
        ...one,
        status: {
          ...one.status,
          conditions: (one.status?.conditions ?? []).map((condition) =>
            condition.type === TYPE ? { lastTransitionTime, status: 'False', type: TYPE } : condition,
          ),
        },
      }));
      return undefined;
    },
  };
}

/** Since when a pod that goes on is marked; what a kubelet ends takes as long as it takes. */
function markedAt(pod: Pod): number | undefined {
  if (pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return undefined;
  const condition = pod.status?.conditions?.find(({ type, status }) => type === TYPE && status === 'True');
  if (condition === undefined || condition.reason === 'TerminationByKubelet') return undefined;
  return Date.parse(condition.lastTransitionTime ?? '') || undefined;
}
