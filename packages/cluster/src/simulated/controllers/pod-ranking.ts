/**
 * Which pods go first when there are too many.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset
 */
import type { Pod } from '../../model/kinds.ts';
import { compare } from '../../model/order.ts';
import { isActive, isReady, readySince } from './pod-state.ts';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** What decides about a pod, read once: a sort asks many times. */
interface Candidate {
  readonly pod: Pod;
  /** In the order of their weight; less goes first. */
  readonly ranks: readonly number[];
  readonly readyAt: number | undefined;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly madeAt: number | undefined;
  readonly isReady: boolean;
}

/**
 * The pods, first to go first.
 * @param pods those of which some are to go
 * @param related active pods of all sets under the same owner, by which pods that share a node are told
 * @param now epoch milliseconds
 */
export function rankForDeletion(pods: readonly Pod[], related: Iterable<Pod>, now: number): readonly Pod[] {
  const onNode = countByNode(related);
  const candidates = pods.map((pod) => candidate(pod, onNode.get(pod.spec?.nodeName ?? '') ?? 0));
  return candidates.sort((a, b) => order(a, b, now)).map(({ pod }) => pod);
}

function candidate(pod: Pod, neighbours: number): Candidate {
  const ready = isReady(pod);
  const ranks = [Number(isAssigned(pod)), phaseOrder(pod), Number(ready), deletionCost(pod), -neighbours];
  return {
    pod,
    ranks,
    readyAt: readySince(pod),
    restarts: restarts(pod, false),
    sidecarRestarts: restarts(pod, true),
    madeAt: createdAt(pod),
    isReady: ready,
  };
}

function order(a: Candidate, b: Candidate, now: number): number {
  for (let at = 0; at < a.ranks.length; at++) {
    const sign = (a.ranks[at] as number) - (b.ranks[at] as number);
    if (sign !== 0) return sign;
  }
  return (
    (a.isReady && b.isReady ? byAge(a.readyAt, b.readyAt, a.pod, b.pod, now) : 0) ||
    b.restarts - a.restarts ||
    b.sidecarRestarts - a.sidecarRestarts ||
    byAge(a.madeAt, b.madeAt, a.pod, b.pod, now)
  );
}

function countByNode(pods: Iterable<Pod>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    if (!isActive(pod)) continue;
    const node = pod.spec?.nodeName ?? '';
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function isAssigned({ spec }: Pod): boolean {
  return (spec?.nodeName ?? '') !== '';
}

function phaseOrder({ status }: Pod): number {
  return PHASE_ORDER[status?.phase ?? 'Pending'] ?? 0;
}

/** 0 where the annotation is absent or no 32-bit integer. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[DELETION_COST] ?? '0';
  const cost = /^(0|-?[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
  return cost === (cost | 0) ? cost : 0;
}

/** The most restarts of any container; of those that start first and go on, `isSidecar`. */
function restarts({ spec, status }: Pod, isSidecar: boolean): number {
  if (!isSidecar) return Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const names = new Set(sidecars.map(({ name }) => name));
  const statuses = (status?.initContainerStatuses ?? []).filter(({ name }) => names.has(name));
  return Math.max(0, ...statuses.map(({ restartCount }) => restartCount));
}

function createdAt({ metadata }: Pod): number | undefined {
  return metadata.creationTimestamp === undefined ? undefined : Date.parse(metadata.creationTimestamp);
}

/** Newer first, where ages of the same power of two count as the same; those go by uid, which is as good as by chance. */
function byAge(aAt: number | undefined, bAt: number | undefined, a: Pod, b: Pod, now: number): number {
  if (aAt === bAt) return 0;
  if (aAt === undefined) return -1;
  if (bAt === undefined) return 1;
  const difference = ageRank(now - aAt) - ageRank(now - bAt);
  return difference !== 0 ? difference : compare(a.metadata.uid ?? '', b.metadata.uid ?? '');
}

/** Of nanoseconds, as Kubernetes counts; −1 for no age at all. */
function ageRank(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1_000_000)) : -1;
}
