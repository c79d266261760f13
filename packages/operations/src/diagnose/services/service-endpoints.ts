/**
 * What stands behind each Service: its EndpointSlices, else its Endpoints, else the pods that its selector matches. Worked out
 * once for all Services; rules about Services, Ingresses and routes read it.
 */
import {
  namespacedName,
  isFinished,
  timeOf,
  type ClusterSnapshot,
  type Labels,
  type Pod,
  type Service,
} from '@aia/cluster';
import { isReadIn } from '../absence.ts';
import { conditionOf, isReady } from '../conditions.ts';
import { countEndpoints, type EndpointCount } from './endpoint-count.ts';
import type { Examination } from '../examination.ts';
import { ADDED_LABELS, podMakers, type PodMaker } from '../pods/pod-makers.ts';
import { SelectorIndex, servicesSelecting } from './selecting-services.ts';
import { failsAtUnknownAge, hasFailedContainer } from '../pods/visible-failure.ts';

export type ServiceState =
  /** Every address is ready. */
  | 'serving'
  /** Some are, some are not. */
  | 'partly'
  /** Something stands behind it, and nothing of that is ready. */
  | 'unready'
  /** What stands behind it wants no pods now. */
  | 'idle'
  /** Its selector matches neither a pod nor a template. */
  | 'unselected'
  /** It has no selector, and nobody has given it an address. */
  | 'empty'
  /** Nothing to say: an ExternalName, on its way in or out, or not enough was read. */
  | 'unknown';

export interface Backing {
  readonly service: Service;
  readonly state: ServiceState;
  readonly endpoints: EndpointCount | undefined;
  /** Pods that the selector matches, neither finished nor being deleted. */
  readonly pods: readonly Pod[];
  readonly makers: readonly PodMaker[];
  /** Whether pods were read, so that one that is not there does not exist. */
  readonly arePodsRead: boolean;
}

const known = new WeakMap<Examination, ReadonlyMap<string, Backing>>();

/** Key `namespace/name` → what stands behind the Service, for all Services of all namespaces. */
export function backings(examination: Examination): ReadonlyMap<string, Backing> {
  let all = known.get(examination);
  if (all === undefined) known.set(examination, (all = collect(examination)));
  return all;
}

/** Whether connections to the Service fail: nothing behind it is ready. What is meant so (`idle`) fails as well. */
export function isDown({ state }: Backing): boolean {
  return state === 'unready' || state === 'idle' || state === 'unselected' || state === 'empty';
}

/** Whether it is a name for its pods alone, without an address of its own. */
export function isHeadless({ spec }: Service): boolean {
  return spec?.clusterIP === 'None';
}

/** Selected things of one Service. */
interface Selected {
  readonly pods: Pod[];
  /** Finished or being deleted. */
  readonly past: Pod[];
  readonly makers: PodMaker[];
}

function collect(examination: Examination): ReadonlyMap<string, Backing> {
  const { snapshot } = examination;
  const services = snapshot.list('Service');
  const selected = new Map<Service, Selected>(services.map((one) => [one, { pods: [], past: [], makers: [] }]));
  for (const pod of snapshot.list('Pod')) {
    const isPast = pod.metadata.deletionTimestamp !== undefined || isFinished(pod);
    for (const service of servicesSelecting(snapshot, pod.metadata.namespace ?? '', pod.metadata.labels ?? {}))
      selected.get(service)?.[isPast ? 'past' : 'pods'].push(pod);
  }
  const index = new SelectorIndex(services, ({ spec }) => templateSelector(spec?.selector ?? {}));
  for (const maker of podMakers(examination))
    for (const service of index.matching(maker.namespace, maker.labels)) selected.get(service)?.makers.push(maker);
  return new Map(
    [...selected].map(([service, found]) => [namespacedName(service), backing(examination, service, found)]),
  );
}

/** A selector without the labels that only pods carry. */
export function templateSelector(selector: Labels): Labels {
  return Object.fromEntries(Object.entries(selector).filter(([key]) => !ADDED_LABELS.has(key)));
}

function backing(examination: Examination, service: Service, { pods, past, makers }: Selected): Backing {
  const { snapshot } = examination;
  const endpoints = countEndpoints(snapshot, service);
  const arePodsRead = isReadIn(snapshot, 'Pod', service.metadata.namespace ?? '');
  const found = { service, endpoints, pods, makers, arePodsRead };
  return { ...found, state: stateOf(examination, found, past) };
}

type Found = Omit<Backing, 'state'>;

function stateOf(examination: Examination, found: Found, past: readonly Pod[]): ServiceState {
  const { service, endpoints, pods } = found;
  const { spec, metadata } = service;
  if (spec?.type === 'ExternalName' || metadata.deletionTimestamp !== undefined) return 'unknown';
  const published = spec?.publishNotReadyAddresses === true;
  const ready = endpoints?.ready ?? pods.filter((pod) => published || isReady(pod)).length;
  const unready = endpoints?.notReady ?? pods.length - ready;
  if (ready > 0) return unready > 0 ? 'partly' : 'serving';
  if (published && unready > 0) return 'serving';
  if (Object.keys(spec?.selector ?? {}).length === 0) return withoutSelector(examination, endpoints);
  return isSettling(examination, found) ? 'unknown' : downState(examination, found, past);
}

function withoutSelector({ thresholds, now }: Examination, endpoints: EndpointCount | undefined): ServiceState {
  if (endpoints === undefined || endpoints.isLeaderElection) return 'unknown';
  if (endpoints.changedAt !== undefined && now - endpoints.changedAt < thresholds.graceMs) return 'unknown';
  return endpoints.notReady > 0 ? 'unready' : 'empty';
}

function downState({ snapshot, now, thresholds }: Examination, found: Found, past: readonly Pod[]): ServiceState {
  const { service, endpoints, pods, makers, arePodsRead } = found;
  if (pods.length > 0 || (endpoints?.notReady ?? 0) > 0) return 'unready';
  if (makers.length > 0 && makers.every((maker) => isIdle(maker, service))) return 'idle';
  // Manifests alone say what shall be, not what is.
  if (makers.length > 0)
    return endpoints !== undefined || arePodsRead || makers.some(saysNoneReady) ? 'unready' : 'unknown';
  const leftAt = past.map(({ metadata }) => timeOf(metadata.deletionTimestamp)).filter((at) => at !== undefined);
  if (leftAt.length > 0) return now - Math.max(...leftAt) < thresholds.graceMs ? 'unknown' : 'unready';
  if (past.length > 0) return 'idle';
  if (arePodsRead) return 'unselected';
  if (endpoints !== undefined) return 'unready';
  return hasMakers(snapshot, service.metadata.namespace ?? '') ? 'unselected' : 'unknown';
}

/** Wants no pods, or not the one pod of a StatefulSet that the Service is for. */
function isIdle({ wanted }: PodMaker, { spec }: Service): boolean {
  const ordinal = /-(\d{1,9})$/.exec(spec?.selector?.['statefulset.kubernetes.io/pod-name'] ?? '')?.[1];
  return wanted === 0 || (ordinal !== undefined && Number(ordinal) >= wanted);
}

/** Whether its status was written by a controller and counts no ready pod. */
function saysNoneReady({ workload }: PodMaker): boolean {
  const { status } = workload as {
    status?: { observedGeneration?: unknown; readyReplicas?: unknown; numberReady?: unknown };
  };
  return status?.observedGeneration !== undefined && !Number(status.readyReplicas ?? status.numberReady ?? 0);
}

const MAKERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;

function hasMakers(snapshot: ClusterSnapshot, namespace: string): boolean {
  return MAKERS.some((kind) => snapshot.listIn(kind, namespace).length > 0);
}

/** Whether what is not ready may only be starting, or has changed a moment ago. */
function isSettling(examination: Examination, { service, endpoints, pods, makers }: Found): boolean {
  const { thresholds, now } = examination;
  const isRecent = (at: number | undefined): boolean => at !== undefined && now - at < thresholds.graceMs;
  if (pods.length > 0) return pods.every((pod) => isPodSettling(examination, pod));
  if (isRecent(endpoints?.changedAt) || isRecent(timeOf(service.metadata.creationTimestamp))) return true;
  return makers.length > 0 && makers.every(({ workload }) => isRecent(changedAt(workload)));
}

/** Whether a pod that is not ready may only be starting, or has changed a moment ago. */
export function isPodSettling(examination: Examination, pod: Pod): boolean {
  const { graceMs } = examination.thresholds;
  const isNew = (examination.ageMs(pod.metadata.creationTimestamp) ?? Infinity) < graceMs;
  if (isNew) return !failsAtUnknownAge(examination, pod);
  const since = conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime;
  return (examination.ageMs(since) ?? Infinity) < graceMs && !hasFailedContainer(pod);
}

/** When a workload was made or, where it says so, last stopped being available. */
function changedAt(workload: PodMaker['workload']): number | undefined {
  const { status } = workload as { status?: { conditions?: unknown } };
  const conditions = Array.isArray(status?.conditions) ? (status.conditions as Parameters<typeof conditionOf>[0]) : [];
  return (
    timeOf(conditionOf(conditions, 'Available')?.lastTransitionTime) ?? timeOf(workload.metadata.creationTimestamp)
  );
}
