/**
 * The constraints by which the scheduler spreads the pods of a workload that says nothing itself.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#internal-default-constraints
 */
import type { KindMap, Pod } from '../../model/kinds.ts';
import { isEmptySelector, matchesLabels, type Labels, type LabelSelector } from '../../model/selector.ts';
import { controllerOf } from '../../scheduling/pod-owner.ts';
import type { SpreadConstraint } from '../../scheduling/pod-profile.ts';

/** Workloads and Services by which pods belong together. */
export interface Belonging {
  services(namespace: string): Iterable<KindMap['Service']>;
  get<K extends 'ReplicaSet' | 'StatefulSet' | 'ReplicationController'>(
    kind: K,
    namespace: string,
    name: string,
  ): KindMap[K] | undefined;
}

const NONE: readonly SpreadConstraint[] = [];
const DEFAULTS = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
] as const;

/** Constraints for the pods of the Services and the workload that the pod belongs to; none where it belongs to nothing. */
export function defaultConstraints(pod: Pod, belonging: Belonging): readonly SpreadConstraint[] {
  const selector = selectorOf(pod, belonging);
  if (isEmptySelector(selector)) return NONE;
  return DEFAULTS.map(({ topologyKey, maxSkew }) => ({
    topologyKey,
    maxSkew,
    minDomains: 1,
    selector,
    honoursAffinity: true,
    honoursTaints: false,
  }));
}

/** Source: `plugins/helper/spread.go`, `DefaultSelector`. What it joins never contradicts itself, since all of it matches the pod. */
function selectorOf({ metadata, ...rest }: Pod, belonging: Belonging): LabelSelector {
  const { namespace = '', labels = {} } = metadata;
  let wanted: Labels = {};
  for (const { spec } of belonging.services(namespace)) {
    const selector = spec?.selector ?? {};
    if (Object.keys(selector).length > 0 && matchesLabels(selector, labels)) wanted = { ...wanted, ...selector };
  }
  const owner = controllerOf({ metadata, ...rest });
  if (owner?.kind === 'ReplicationController') {
    const own = belonging.get(owner.kind, namespace, owner.name)?.spec?.selector;
    return { matchLabels: { ...wanted, ...own } };
  }
  if (owner?.kind !== 'ReplicaSet' && owner?.kind !== 'StatefulSet') return { matchLabels: wanted };
  const own = belonging.get(owner.kind, namespace, owner.name)?.spec?.selector;
  return { matchLabels: { ...wanted, ...own?.matchLabels }, matchExpressions: own?.matchExpressions ?? [] };
}
