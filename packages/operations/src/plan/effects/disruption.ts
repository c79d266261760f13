/** Who notices while changes are made: pods that are replaced, Services with fewer endpoints, budgets that count them. */
import {
  matchesSelector,
  namespacedName,
  refText,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
} from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import { isReady } from '../../diagnose/conditions.ts';
import { changedObjects, type ObjectChange } from './changed-objects.ts';
import { isRollout } from './default-conditions.ts';

/** Works it out from the changes; `outage` where a draft says that something stops answering. */
export function disruptionOf(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  outage?: string,
): Action['disruption'] {
  const touched = new Map<string, Pod>();
  for (const change of changedObjects(changes, snapshot))
    for (const pod of podsTouched(change, snapshot)) touched.set(namespacedName(pod), pod);
  const pods = [...touched.values()];
  const services = servicesOf(pods, snapshot);
  const budgets = snapshot
    .list('PodDisruptionBudget')
    .filter(({ metadata, spec }) =>
      pods.some(
        (pod) =>
          pod.metadata.namespace === metadata.namespace && matchesSelector(spec?.selector, pod.metadata.labels ?? {}),
      ),
    )
    .map(({ metadata }) => `PodDisruptionBudget ${metadata.namespace ?? ''}/${metadata.name}`)
    .sort();
  return {
    pods: pods.length,
    services,
    budgets,
    isOutage: outage !== undefined,
    text: outage ?? wordsFor(pods.length, services.length),
  };
}

function wordsFor(pods: number, services: number): string {
  if (pods === 0) return 'no pod is touched';
  const what = `${pods} ${pods === 1 ? 'pod is' : 'pods are'} replaced`;
  return services === 0 ? what : `${what}, behind ${services} ${services === 1 ? 'Service' : 'Services'}`;
}

/** Pods that end by a change. */
function podsTouched(change: ObjectChange, snapshot: ClusterSnapshot): readonly Pod[] {
  const { before, after } = change;
  if (before === undefined) return [];
  if (before.kind === 'Pod') return after === undefined ? [before as Pod] : [];
  const pods = podsOf(before, snapshot);
  if (after === undefined || isRollout(change)) return pods;
  if (change.change.kind === 'scale') return pods.slice(change.change.replicas);
  return [];
}

/** Pods of a workload. */
export function podsOf(workload: KubeObject, snapshot: ClusterSnapshot): readonly Pod[] {
  return snapshot
    .listIn('Pod', workload.metadata.namespace ?? '')
    .filter((pod) => snapshot.rootOwnerOf(pod) === workload);
}

/** Services that ready ones of these pods answer for. */
function servicesOf(pods: readonly Pod[], snapshot: ClusterSnapshot): readonly string[] {
  const ready = pods.filter(isReady);
  return [...new Set(ready.map(({ metadata }) => metadata.namespace ?? ''))]
    .flatMap((namespace) => snapshot.listIn('Service', namespace))
    .filter(({ metadata, spec }) => {
      const selector = Object.entries(spec?.selector ?? {});
      return (
        selector.length > 0 &&
        ready.some(
          (pod) =>
            pod.metadata.namespace === metadata.namespace &&
            selector.every(([name, value]) => pod.metadata.labels?.[name] === value),
        )
      );
    })
    .map(({ metadata }) =>
      refText({ group: '', kind: 'Service', namespace: metadata.namespace ?? '', name: metadata.name }),
    )
    .sort();
}
