/**
 * Pods in phase Failed: evicted, rejected by the kubelet, or failed otherwise. Controllers leave them lying and make new
 * ones, so they are reported per workload, and no longer once they are old and the workload is complete again.
 */
import { refKey, refOf, timeOf, type KubeObject, type Pod, type ResourceRef } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { fieldEvidence, inOrder } from '../examination.ts';
import { siblingsOf } from '../workloads/absent-owners.ts';
import type { Evidence } from '../evidence.ts';
import { isJobRetrying } from '../workloads/job-outcome.ts';
import type { Severity } from '../finding.ts';
import { podName } from './pod-wording.ts';

/** How the kubelet or the control plane gave up on a pod. */
export type Loss = 'evicted' | 'rejected' | 'failed';

/** Lost pods of one workload for one reason, newest first. */
export interface LostPods {
  readonly workload: string;
  /** The pod where there is one, the workload where there are several. */
  readonly resource: ResourceRef;
  readonly newest: Pod;
  readonly pods: readonly Pod[];
  readonly reason: string;
  /** Nodes they ran on, sorted; the one of the newest pod is `newest.spec.nodeName`. */
  readonly nodes: readonly string[];
  readonly since: number | undefined;
  /** `low` where the workload has all its pods again, or its Job carries on. */
  readonly severity: Severity | undefined;
}

/** Reasons with which a kubelet refuses a pod that was assigned to it, beside `OutOf‹resource›`; pkg/kubelet/lifecycle. */
const REJECTIONS: ReadonlySet<string> = new Set([
  'UnexpectedAdmissionError',
  'NodeAffinity',
  'NodePorts',
  'NodeName',
  'NodeUnschedulable',
  'TaintToleration',
  'PodOSSelectorNodeLabelDoesNotMatch',
  'PodOSNotSupported',
  'InitContainerRestartPolicyForbidden',
  'SupplementalGroupsPolicyNotSupported',
  'UnexpectedPredicateFailureType',
  'PodLevelResourcesNotAdmittedReason',
  'TopologyAffinityError',
  'SMTAlignmentError',
  'AppArmor',
  'NodeShutdown',
]);

/** What became of a pod in phase Failed. */
function lossOf(pod: Pod): Loss {
  const reason = pod.status?.reason ?? '';
  if (reason === 'Evicted' || reason === 'Preempting') return 'evicted';
  return REJECTIONS.has(reason) || reason.startsWith('OutOf') ? 'rejected' : 'failed';
}

/** The phase says so, or, where a part of an object lacks it, the reason. */
function hasFailed(pod: Pod): boolean {
  const { phase = '', reason = '' } = pod.status ?? {};
  return phase === 'Failed' || (phase === '' && reason !== '' && lossOf(pod) !== 'failed');
}

/** Pods that were lost in one way, by workload and reason. */
export function lostPods(
  examination: Examination,
  loss: Loss,
  counts: (pod: Pod) => boolean = () => true,
): readonly LostPods[] {
  const lost = examination.troubledPods.filter(
    (pod) => hasFailed(pod) && pod.metadata.deletionTimestamp === undefined && lossOf(pod) === loss && counts(pod),
  );
  const groups = Map.groupBy(
    inOrder(lost),
    (pod) => `${refKey(workloadRef(examination, pod))}\n${pod.status?.reason ?? ''}`,
  );
  return [...groups.values()].flatMap((pods) => groupOf(examination, pods));
}

/** ` and 3 more`, for pods beside the newest. */
export function othersText({ pods }: LostPods): string {
  return pods.length === 1 ? '' : ` and ${pods.length - 1} more of its workload`;
}

/** Reason and message of the newest pod, and the names of the others. */
export function lossEvidence({ newest, pods }: LostPods): readonly Evidence[] {
  const { reason = '', message = '' } = newest.status ?? {};
  return [
    fieldEvidence(newest, 'status.phase', newest.status?.phase ?? 'Failed'),
    ...(reason === '' ? [] : [fieldEvidence(newest, 'status.reason', reason)]),
    ...(message === '' ? [] : [fieldEvidence(newest, 'status.message', message)]),
    ...pods.slice(1, 4).map((pod) => fieldEvidence(pod, 'status.reason', pod.status?.reason ?? podName(pod))),
  ];
}

/** When a pod ended: its disruption, its containers' end, or its start, whichever is known. */
function endedAt(pod: Pod): number | undefined {
  const disruption = pod.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  );
  const ends = (pod.status?.containerStatuses ?? []).map((status) => timeOf(status.state?.terminated?.finishedAt) ?? 0);
  const last = Math.max(0, ...ends);
  return (
    timeOf(disruption?.lastTransitionTime) ??
    (last > 0 ? last : undefined) ??
    timeOf(pod.status?.startTime ?? pod.metadata.creationTimestamp)
  );
}

function groupOf(examination: Examination, group: readonly Pod[]): readonly LostPods[] {
  const pods = group.toSorted((a, b) => (endedAt(b) ?? 0) - (endedAt(a) ?? 0));
  const [newest] = pods;
  if (newest === undefined) return [];
  const owner = workloadRef(examination, newest);
  const since = endedAt(newest);
  const recovered = isRecovered(examination, newest);
  if (recovered && since !== undefined && examination.now - since > examination.thresholds.restartWindowMs) return [];
  const nodes = [...new Set(pods.flatMap((pod) => pod.spec?.nodeName ?? []))].sort();
  const resource = pods.length === 1 ? refOf(newest) : owner;
  const severity = recovered ? 'low' : undefined;
  return [
    {
      workload: refKey(owner),
      resource,
      newest,
      pods,
      reason: newest.status?.reason ?? '',
      nodes,
      since,
      severity,
    },
  ];
}

/** Whether the workload of a failed pod has its pods again, or its Job carries on. */
export function isRecovered(examination: Examination, pod: Pod): boolean {
  return isComplete(examination, pod) || isJobRetrying(examination, pod);
}

/** The workload of a pod, by name where it was not read. */
function workloadRef(examination: Examination, pod: Pod): ResourceRef {
  return siblingsOf(examination, pod)?.owner ?? refOf(examination.workloadOf(pod));
}

/**
 * Whether the controller has as many ready pods as it wants; where it was not read, whether it has any. A pod without
 * controller is never replaced.
 */
function isComplete(examination: Examination, pod: Pod): boolean {
  const owner = examination.snapshot.ownerOf(pod);
  if (owner === undefined) return (siblingsOf(examination, pod)?.ready ?? 0) > 0;
  const { spec, status } = owner as KubeObject & {
    spec?: { replicas?: number };
    status?: { readyReplicas?: number; numberReady?: number; desiredNumberScheduled?: number };
  };
  if (owner.kind === 'DaemonSet') return (status?.numberReady ?? 0) >= (status?.desiredNumberScheduled ?? 1);
  return ['ReplicaSet', 'StatefulSet'].includes(owner.kind) && (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1);
}
