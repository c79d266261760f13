/** Whether a workload is short of pods for longer than a start takes, and which pods keep it short. */
import {
  controllingReference,
  matchesSelector,
  timeOf,
  type ClusterSnapshot,
  type KubeObject,
  type LabelSelector,
  type Pod,
} from '@aia/cluster';
import { isReadIn } from '../absence.ts';
import { conditionOf, isReady } from '../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import type { Severity } from '../finding.ts';
import { isLiving } from '../nodes/node-pods.ts';
import { servicesSelecting } from '../services/selecting-services.ts';
import { areAgesKnown, failsAtUnknownAge } from '../pods/visible-failure.ts';

/** Pods that a workload lacks. */
export interface Shortfall {
  /** Pods that exist and are not ready for longer than the grace, by name. */
  readonly late: readonly Pod[];
  /** Pods that do not exist at all, as far as that is known: 0 where pods were not read. */
  readonly missing: number;
  /** Epoch ms since when, where it can be told. */
  readonly since: number | undefined;
}

/** Pods that belong to a workload, also through its ReplicaSets, without those that are finished or on their way out. */
export function livingPodsOf(examination: Examination, workload: KubeObject): readonly Pod[] {
  return podsOf(examination, workload).filter(isLiving);
}

/**
 * What keeps a workload below `wanted` pods beyond the grace; `undefined` when every pod that is not ready yet is young, or
 * the workload itself is. Where the pods of its namespace were not read, its own counts stand: how many replicas its status
 * has, and `stated`, since when it says that it is short.
 * `excused` says of a late pod that something else accounts for it.
 */
export function shortfallOf(
  examination: Examination,
  workload: KubeObject,
  wanted: number,
  stated?: number,
  excused: (pod: Pod) => boolean = () => false,
): Shortfall | undefined {
  const { graceMs, terminatingMs } = examination.thresholds;
  const created = timeOf(workload.metadata.creationTimestamp);
  const isYoung = (at: number | undefined): boolean => at !== undefined && examination.now - at < graceMs;
  const isKnown = isReadIn(examination.snapshot, 'Pod', workload.metadata.namespace ?? '');
  if (isYoung(created) && areAgesKnown(examination)) return undefined;
  const owned = podsOf(examination, workload);
  const pods = owned.filter(isLiving);
  const unready = pods.filter((pod) => !isReady(pod) && !excused(pod));
  const late = unready.filter((pod) => !isYoung(unreadySince(examination, pod)) || failsAtUnknownAge(examination, pod));
  if (!isKnown && pods.length === 0)
    return isYoung(stated) && areAgesKnown(examination) ? undefined : { late: [], missing: 0, since: stated };
  const missing = isKnown ? Math.max(0, wanted - pods.length) : 0;
  // Pods are made one after the other, and an old one may have to go first: that is no lack while it moves on.
  const isLeaving = ({ metadata }: Pod): boolean =>
    metadata.deletionTimestamp !== undefined && (examination.ageMs(metadata.deletionTimestamp) ?? 0) < terminatingMs;
  const isMoving = unready.length > late.length || owned.some(isLeaving);
  if (late.length === 0 && (missing === 0 || isMoving || isYoung(stated))) return undefined;
  const times = late.map((pod) => failingSince(examination, pod)).filter((at) => at !== undefined);
  const since = times.length === 0 ? stated : Math.min(...times);
  return { late, missing, since };
}

/** Critical when nothing is left to answer a Service that selects the pods, else high. */
export function outageSeverity(
  { snapshot }: Examination,
  workload: KubeObject & {
    readonly spec?: {
      readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
    };
  },
  available: number,
): Severity {
  const labels = workload.spec?.template?.metadata?.labels;
  if (available > 0 || labels === undefined) return 'high';
  const isServed = servicesSelecting(snapshot, workload.metadata.namespace ?? '', labels).length > 0;
  return isServed ? 'critical' : 'high';
}

/** ` (web-1 and 2 more are not ready, 1 pod does not exist)`; empty when nothing is known of its pods. */
export function shortfallText({ late, missing }: Shortfall): string {
  const [first, ...others] = late;
  const parts = [
    ...(first === undefined ? [] : [`${first.metadata.name}${lateText(others.length)} not ready`]),
    ...(missing === 0 ? [] : [missing === 1 ? '1 pod does not exist' : `${missing} pods do not exist`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** The first late pods' own words. */
export function shortfallEvidence({ late }: Shortfall): readonly Evidence[] {
  return late.slice(0, 3).map((pod) => {
    const ready = conditionOf(pod.status?.conditions, 'Ready');
    if (ready !== undefined)
      return fieldEvidence(pod, `${ready.path}.message`, ready.message ?? `Ready is ${ready.status}`);
    return fieldEvidence(pod, 'status.phase', pod.status?.phase ?? 'Pending');
  });
}

function podsOf({ snapshot }: Examination, workload: KubeObject): readonly Pod[] {
  const owned = snapshot.ownedBy(workload);
  const isCut = workload.kind === 'Deployment' && !isReadIn(snapshot, 'ReplicaSet', workload.metadata.namespace ?? '');
  if (isCut) return inOrder(selectedPods(snapshot, workload));
  const objects = owned.flatMap((object) => (object.kind === 'ReplicaSet' ? snapshot.ownedBy(object) : [object]));
  const pods = objects.filter((object): object is Pod => object.kind === 'Pod');
  // A controller adopts what it selects and nobody owns; parts of objects lack their owners.
  const adopted = (pod: Pod): boolean => controllingReference(pod) === undefined;
  return inOrder(pods.length > 0 ? pods : selectedPods(snapshot, workload).filter(adopted));
}

/** Without the ReplicaSets between a Deployment and its pods, its selector finds them. */
function selectedPods(
  snapshot: ClusterSnapshot,
  { metadata, spec }: KubeObject & { readonly spec?: { readonly selector?: LabelSelector } },
): readonly Pod[] {
  const selector = spec?.selector;
  if (selector === undefined) return [];
  return snapshot
    .withLabels('Pod', metadata.namespace ?? '', selector.matchLabels ?? {})
    .filter((pod) => matchesSelector(selector, pod.metadata.labels));
}

function lateText(others: number): string {
  return others === 0 ? ' is' : ` and ${others} more are`;
}

/** Since when a late pod has failed: one that restarts, since it was last seen ready or was first held back, where either is told. */
function failingSince(examination: Examination, pod: Pod): number | undefined {
  const created = timeOf(pod.metadata.creationTimestamp) ?? 0;
  const changed = timeOf(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime);
  const unready = changed === undefined ? undefined : Math.max(changed, created);
  const started = (pod.status?.containerStatuses ?? []).map(({ lastState }) =>
    timeOf(lastState?.terminated?.startedAt),
  );
  if (unready !== undefined && started.some((at) => at !== undefined && at > unready)) return unready;
  const since = unreadySince(examination, pod);
  const held = examination.snapshot
    .eventsOf(pod)
    .filter(({ reason }) => reason === 'BackOff')
    .map(({ firstTimestamp }) => timeOf(firstTimestamp))
    .filter((at) => at !== undefined);
  return since === undefined || held.length === 0 ? since : Math.max(since, Math.min(...held));
}

/** A pod that restarts often turns ready for moments; its whole life counts then, not the last of these moments. */
function unreadySince(examination: Examination, pod: Pod): number | undefined {
  const created = timeOf(pod.metadata.creationTimestamp);
  const restarts = (pod.status?.containerStatuses ?? []).some(
    ({ restartCount }) => (restartCount ?? 0) >= examination.thresholds.restarts,
  );
  if (restarts) return created;
  return timeOf(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime) ?? created;
}
