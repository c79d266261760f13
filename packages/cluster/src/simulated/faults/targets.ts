/** What there is in a cluster that faults befall. */
import type { DaemonSet, Deployment, KindMap, Node, Pod, Service, StatefulSet } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { matchesSelector } from '../../model/selector.ts';
import { HORIZONTAL_POD_AUTOSCALERS, NODES, PODS, SERVICES } from '../api/built-in-types.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { entityOf } from '../entity.ts';

/** A workload with pods of a template that run on. */
export type Workload = Deployment | StatefulSet | DaemonSet;

/** Namespaces of the cluster itself. */
export const SYSTEM_NAMESPACE = /^(kube-|gke-|gmp-|cert-manager$|istio-system$)/;

/** In an order that does not depend on when they were made. */
export function byEntity<T extends KubeObject>(objects: Iterable<T>): readonly T[] {
  return [...objects].sort((a, b) => (entityOf(a) < entityOf(b) ? -1 : 1));
}

/** Nodes that work and take pods, by name. */
export function servingNodes({ api: { store } }: SimulatedCluster): readonly Node[] {
  return byEntity(store.list(NODES)).filter(
    ({ spec, status, metadata }) =>
      spec?.unschedulable !== true &&
      metadata.deletionTimestamp === undefined &&
      (spec?.taints ?? []).every(({ effect }) => effect === 'PreferNoSchedule') &&
      status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
  );
}

/** Pods that a workload's selector matches, by name. */
export function podsOf({ api: { store } }: SimulatedCluster, { metadata, spec }: Workload): readonly Pod[] {
  const { selector } = spec ?? {};
  if (selector === undefined) return [];
  return byEntity(store.list(PODS, metadata.namespace)).filter(({ metadata: { labels = {} } }) =>
    matchesSelector(selector, labels),
  );
}

/** Whether a pod serves. */
export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

/** The first Service, by name, that sends to the pods of a workload and of which `wanted` holds. */
export function serviceOf(
  { api: { store } }: SimulatedCluster,
  { metadata, spec }: Workload,
  wanted: (one: Service) => boolean = () => true,
): Service | undefined {
  const labels = spec?.template.metadata?.labels ?? {};
  return byEntity(store.list(SERVICES, metadata.namespace)).find(
    (one) => selects(one.spec?.selector, labels) && wanted(one),
  );
}

function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/** The autoscaler of a workload. */
export function autoscalerOf(
  { api: { store } }: SimulatedCluster,
  { kind, metadata }: Workload,
): KindMap['HorizontalPodAutoscaler'] | undefined {
  return byEntity(store.list(HORIZONTAL_POD_AUTOSCALERS, metadata.namespace)).find(({ spec }) => {
    const { kind: of, name } = spec?.scaleTargetRef ?? {};
    return of === kind && name === metadata.name;
  });
}

/** The zone of a node; `''` outside of zones. */
export function zoneOf({ metadata }: Node): string {
  return metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
}
